"""Gold and predictions → figures: how near the extractor is to what people marked. Pure: no database, no settings."""

"""Evaluation: compare the extractor with articles that people annotated. Pure: no database, no settings."""

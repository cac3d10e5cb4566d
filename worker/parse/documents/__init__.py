"""Reading of documents that are written in office programs: their paragraphs, and what they say about themselves."""

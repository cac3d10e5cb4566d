"""The stages in their order: a document becomes an article with quotes, or a stored article is read again."""

"""Evaluation: compares the extractor with articles that people annotated. It uses no database and no settings."""

"""A model of the folder: what people do to files in it, and what the tables must hold when all is at rest."""

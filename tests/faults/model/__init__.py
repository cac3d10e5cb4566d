"""A model of the folder: random changes of files in it, and the rows that the tables must have when all is at rest."""

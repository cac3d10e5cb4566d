"""Articles in records: JSON objects, rows of tables and entries of feeds."""

"""Questions about the tables: each finds rows that cannot be there if everything is well."""

"""The pages: one module for each, with its template beside it."""

"""The page: it shows who said what, in its article, and lets people set it right."""

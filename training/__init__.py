"""How the trained extractor is made. Not in the wheel; see README.md here."""

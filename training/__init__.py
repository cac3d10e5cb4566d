"""The training of the extractor's model. It is not in the wheel; see README.md here."""

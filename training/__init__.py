"""The training of the extractor's model. It is not part of the wheel; see README.md in this folder."""

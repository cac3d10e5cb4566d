"""Fuzzing: made-up and damaged inputs for every parser, for fingerprints, and for the extractor.

`pytest tests/fuzz` runs a few hundred; `python -m tests.fuzz --inputs 100000` is the long form (`make fuzz`).
"""

"""Fuzzing of every parser, of the fingerprints and of the extractor, with random and damaged inputs.

`pytest tests/fuzz` runs the short form, about 1,000 inputs; `python -m tests.fuzz --inputs 100000` is the long form
(`make fuzz`).
"""

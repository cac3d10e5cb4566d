"""Fuzzing of every parser, of the fingerprints and of the extractor, with random and damaged inputs.

`pytest tests/fuzz` runs the short form, about 1,000 inputs. `make fuzz` runs the long form,
`python -m tests.fuzz --inputs 100000`.
"""

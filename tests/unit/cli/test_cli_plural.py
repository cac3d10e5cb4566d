"""Numbers with their nouns and verbs."""

import pytest

from worker.cli.plural import counted


@pytest.mark.parametrize(
    ("number", "noun", "verb", "sentence"),
    [
        (0, "row", "", "0 rows"),
        (1, "row", "", "1 row"),
        (1.0, "row", "wait", "1 row waits"),
        (2000, "row", "wait", "2,000 rows wait"),
        (1, "claim", "are", "1 claim is"),
        (2, "claim", "are", "2 claims are"),
        (1, "stored file", "were", "1 stored file was"),
    ],
)
def test_counted(number: float, noun: str, verb: str, sentence: str) -> None:
    assert counted(number, noun, verb) == sentence

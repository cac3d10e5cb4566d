"""What people decided about the words of a quotation, on one line."""

from worker.cli.decision_words import change_of


def told(kind: str, words: list[str]) -> str:
    return change_of({"kind": kind, "quote_id": 7, "value": {"words": words}}).sentence


def test_words_that_people_marked_are_told() -> None:
    assert told("recut", ["The pier", "is closed."]) == "quote 7: “The pier […] is closed.”"
    assert told("add", ["We wait."]) == "quote 7: no quotation → “We wait.”"


def test_long_words_are_cut_and_forgotten_ones_said() -> None:
    assert told("add", ["rain " * 30]).endswith("rain …”")
    assert told("recut", []) == "quote 7: words that were forgotten"

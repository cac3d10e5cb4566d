"""`onrecord quotes`: every condition that narrows the question."""

import json

from tests.integration.report.conftest import Command

OPPOSED, TALKS, OFFICIAL, TOGETHER, NOBODY = (
    "We strongly opposed this.",
    "The talks go on.",
    "=1+1 is not =2",
    "Together we stand.",
    "Nobody knows who said this.",
)


def quotes(onrecord: Command, *arguments: str) -> list[str]:
    """Return the quotes that the command prints, in order."""
    ran = onrecord("quotes", "--format", "json", *arguments)
    assert ran.code == 0, ran.err
    return [row["quote"] for row in json.loads(ran.out)]


def test_the_newest_come_first_and_all_are_there(reading: Command) -> None:
    assert quotes(reading) == [OFFICIAL, TOGETHER, OPPOSED, TALKS, NOBODY], "what has no date comes last"
    assert quotes(reading, "--limit", "2") == [OFFICIAL, TOGETHER]


def test_narrowed_by_each_option(reading: Command) -> None:
    assert quotes(reading, "--speaker", "lavrov") == [TOGETHER, OPPOSED]
    assert quotes(reading, "--speaker", "Sergei Lavrov") == [TOGETHER, OPPOSED], "another form of the name"
    assert quotes(reading, "--speaker", "Bagheri Kani") == [TOGETHER, TALKS], "a merged speaker's name"
    assert quotes(reading, "--speaker", "%") == []
    assert quotes(reading, "--search", "opposing") == [OPPOSED]
    assert quotes(reading, "--since", "2024-05-17", "--until", "2024-05-18") == [OFFICIAL, TOGETHER]
    assert quotes(reading, "--until", "2024-05-16") == [OPPOSED, TALKS]
    assert quotes(reading, "--since", "today") == [NOBODY], "without a date, the day of storing counts"
    assert quotes(reading, "--outlet", "irna") == [OFFICIAL, TOGETHER, OPPOSED, TALKS], "copies count"
    assert quotes(reading, "--kind", "mixed") == []
    assert quotes(reading, "--file", "copy.txt") == [OPPOSED, TALKS]
    assert quotes(reading, "--file", "seeds/vienna.txt") == [OPPOSED, TALKS], "a path as the shell completes it"
    assert quotes(reading, "--file", "ienna.txt") == []


def test_a_source_without_a_name_stands_in_brackets(reading: Command) -> None:
    ran = reading("quotes", "--format", "json")
    assert [row["speaker"] for row in json.loads(ran.out)][:2] == [
        "(A senior official)",
        "Sergey Lavrov & Ali Bagheri",
    ]


def test_nothing_of_strangers_moves_the_terminal(reading: Command) -> None:
    for arguments in (("quotes",), ("files",), ("report", "today"), ("quotes", "-f", "json"), ("files", "--members")):
        ran = reading(*arguments)
        assert ran.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err), arguments


def test_an_empty_database_says_what_to_try(onrecord: Command) -> None:
    ran = onrecord("quotes", "--speaker", "nobody")
    assert ran.code == 0
    assert "onrecord speakers list" in ran.err


def test_a_day_that_is_none(reading: Command) -> None:
    ran = reading("quotes", "--since", "soon")
    assert ran.code == 1
    assert "“soon” is no day" in ran.err
    assert "Traceback" not in ran.err

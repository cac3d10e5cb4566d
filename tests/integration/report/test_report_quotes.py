"""`onrecord quotes`: every way to narrow the question."""

import json

import pytest

from tests.integration.report.conftest import Command

OPPOSED, TALKS, OFFICIAL, TOGETHER, NOBODY = (
    "We strongly opposed this.",
    "The talks go on.",
    "=1+1 is not =2",
    "Together we stand.",
    "Nobody knows who said this.",
)


def said(onrecord: Command, *arguments: str) -> list[str]:
    """The quotes that come back, in order."""
    ran = onrecord("quotes", "--format", "json", *arguments)
    assert ran.code == 0, ran.err
    return [row["quote"] for row in json.loads(ran.out)]


@pytest.mark.usefixtures("press")
def test_the_newest_come_first_and_all_are_there(onrecord: Command) -> None:
    assert said(onrecord) == [NOBODY, OFFICIAL, TOGETHER, OPPOSED, TALKS]
    assert said(onrecord, "--limit", "2") == [NOBODY, OFFICIAL]


@pytest.mark.usefixtures("press")
def test_narrowed_by_each_option(onrecord: Command) -> None:
    assert said(onrecord, "--speaker", "lavrov") == [TOGETHER, OPPOSED]
    assert said(onrecord, "--speaker", "Sergei Lavrov") == [TOGETHER, OPPOSED], "another form of the name"
    assert said(onrecord, "--speaker", "Bagheri Kani") == [TOGETHER, TALKS], "a merged speaker's name"
    assert said(onrecord, "--speaker", "%") == []
    assert said(onrecord, "--search", "opposing") == [OPPOSED]
    assert said(onrecord, "--since", "2024-05-17", "--until", "2024-05-18") == [OFFICIAL, TOGETHER]
    assert said(onrecord, "--until", "2024-05-16") == [OPPOSED, TALKS]
    assert said(onrecord, "--since", "today") == [NOBODY], "without a date, the day of storing counts"
    assert said(onrecord, "--outlet", "irna") == [OFFICIAL, TOGETHER, OPPOSED, TALKS], "copies count"
    assert said(onrecord, "--kind", "mixed") == []
    assert said(onrecord, "--file", "copy.txt") == [OPPOSED, TALKS]
    assert said(onrecord, "--file", "seeds/vienna.txt") == [OPPOSED, TALKS], "a path as the shell completes it"
    assert said(onrecord, "--file", "ienna.txt") == []


@pytest.mark.usefixtures("press")
def test_a_source_without_a_name_stands_in_brackets(onrecord: Command) -> None:
    ran = onrecord("quotes", "--format", "json")
    assert [row["speaker"] for row in json.loads(ran.out)][1:3] == [
        "(A senior official)",
        "Sergey Lavrov & Ali Bagheri",
    ]


@pytest.mark.usefixtures("press")
def test_nothing_of_strangers_moves_the_terminal(onrecord: Command) -> None:
    for arguments in (("quotes",), ("files",), ("report", "today"), ("quotes", "-f", "json"), ("files", "--members")):
        ran = onrecord(*arguments)
        assert ran.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err), arguments


def test_an_empty_database_says_what_to_try(onrecord: Command) -> None:
    ran = onrecord("quotes", "--speaker", "nobody")
    assert ran.code == 0
    assert "onrecord speakers list" in ran.err


def test_a_day_that_is_none(onrecord: Command) -> None:
    ran = onrecord("quotes", "--since", "soon")
    assert ran.code == 1
    assert "“soon” is no day" in ran.err
    assert "Traceback" not in ran.err

"""The ready reports: what they count."""

import json
from typing import Any

import pytest

from tests.integration.report.conftest import Command
from worker.report.ready import REPORTS


def rows(onrecord: Command, *arguments: str) -> list[dict[str, Any]]:
    ran = onrecord("report", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    return list(json.loads(ran.out))


@pytest.mark.usefixtures("press")
def test_most_quoted_speakers(onrecord: Command) -> None:
    found = rows(onrecord, "speakers")
    assert [(row["speaker"], row["quotes"], row["statements"], row["articles"]) for row in found] == [
        ("Ali Bagheri", 2, 2, 2),
        ("Sergey Lavrov", 2, 2, 2),
    ]
    assert found[0]["first_day"] == "2024-05-16"
    assert rows(onrecord, "speakers", "--since", "2030-01-01") == []


@pytest.mark.usefixtures("press")
def test_one_speaker_over_time(onrecord: Command) -> None:
    found = rows(onrecord, "speaker", "Lavrov")
    assert [(row["day"], row["quotes"], row["outlets"]) for row in found] == [
        ("2024-05-16", 1, 2),
        ("2024-05-18", 1, 1),
    ]


@pytest.mark.usefixtures("press")
def test_who_is_quoted_together(onrecord: Command) -> None:
    (pair,) = rows(onrecord, "together")
    assert (pair["speaker"], pair["quoted_with"], pair["stories"]) == ("Sergey Lavrov", "Ali Bagheri", 2)
    (pair,) = rows(onrecord, "together", "Bagheri")
    assert (pair["speaker"], pair["quoted_with"]) == ("Ali Bagheri", "Sergey Lavrov")


@pytest.mark.usefixtures("press")
def test_outlets_count_copies(onrecord: Command) -> None:
    found = {row["outlet"]: (row["articles"], row["quotes"]) for row in rows(onrecord, "outlets")}
    assert found == {"IRNA": (2, 4), "Mehr News": (1, 2), "(outlet not known)": (1, 1)}


@pytest.mark.usefixtures("press")
def test_the_same_statement_across_outlets(onrecord: Command) -> None:
    found = rows(onrecord, "syndicated")
    assert [row["statement"] for row in found] == ["We strongly opposed this.", "The talks go on."]
    assert found[0]["printed_by"] == ["IRNA", "Mehr News"]
    assert found[1]["speaker"] == "Ali Bagheri", "a merged speaker's statement carries the name that is left"


@pytest.mark.usefixtures("press")
def test_unattributed(onrecord: Command) -> None:
    found = rows(onrecord, "unattributed")
    assert [(row["source_kind"], row["source_text"]) for row in found] == [
        ("none", None),
        ("unnamed", "A senior official"),
    ]


@pytest.mark.usefixtures("press")
def test_what_came_in_today(onrecord: Command) -> None:
    found = {row["title"]: (row["file"], row["quotes"]) for row in rows(onrecord, "today")}
    assert found["Vienna"] == ("vienna.txt", 2)
    assert len(found) == 3
    assert rows(onrecord, "today", "--until", "yesterday") == []


@pytest.mark.usefixtures("press")
def test_each_report_names_what_it_counts(onrecord: Command) -> None:
    for name in REPORTS:
        subject = ["Lavrov"] if name == "speaker" else []
        ran = onrecord("report", name, *subject)
        assert ran.code == 0, ran.err
        assert "Counted: " in ran.out


def test_the_list_and_what_is_asked_wrongly(onrecord: Command) -> None:
    listed = onrecord("report")
    assert listed.code == 0
    assert all(name in listed.out for name in REPORTS)
    assert "There are: speakers" in onrecord("report", "nix").err
    assert onrecord("report", "speaker").code == 1
    assert onrecord("report", "outlets", "Lavrov").code == 1
    assert "speakers list" in onrecord("report", "speaker", "Nobody").err

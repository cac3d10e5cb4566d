"""The ready reports of `onrecord report`, and what they count."""

import json
from typing import Any

from tests.integration.report.conftest import Command
from worker.report.ready import REPORTS


def rows(onrecord: Command, *arguments: str) -> list[dict[str, Any]]:
    ran = onrecord("report", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    return list(json.loads(ran.out))


def test_most_quoted_speakers(reading: Command) -> None:
    counted = rows(reading, "speakers")
    assert [(row["speaker"], row["quotes"], row["statements"], row["articles"]) for row in counted] == [
        ("Ali Bagheri", 2, 2, 2),
        ("Sergey Lavrov", 2, 2, 2),
    ]
    assert counted[0]["first_day"] == "2024-05-16"
    assert rows(reading, "speakers", "--since", "2030-01-01") == []


def test_one_speaker_over_time(reading: Command) -> None:
    counted = rows(reading, "speaker", "Lavrov")
    assert [(row["day"], row["quotes"], row["outlets"]) for row in counted] == [
        ("2024-05-16", 1, 2),
        ("2024-05-18", 1, 1),
    ]


def test_who_is_quoted_together(reading: Command) -> None:
    (pair,) = rows(reading, "together")
    assert (pair["speaker"], pair["quoted_with"], pair["stories"]) == ("Sergey Lavrov", "Ali Bagheri", 2)
    (pair,) = rows(reading, "together", "Bagheri")
    assert (pair["speaker"], pair["quoted_with"]) == ("Ali Bagheri", "Sergey Lavrov")


def test_outlets_count_copies(reading: Command) -> None:
    counted = {row["outlet"]: (row["articles"], row["quotes"]) for row in rows(reading, "outlets")}
    assert counted == {"IRNA": (2, 4), "Mehr News": (1, 2), "(outlet not known)": (1, 1)}


def test_the_same_statement_across_outlets(reading: Command) -> None:
    counted = rows(reading, "syndicated")
    assert [row["statement"] for row in counted] == ["We strongly opposed this.", "The talks go on."]
    assert counted[0]["printed_by"] == ["IRNA", "Mehr News"]
    assert counted[1]["speaker"] == "Ali Bagheri", "a merged speaker's statement carries the name that is left"


def test_unattributed(reading: Command) -> None:
    counted = rows(reading, "unattributed")
    assert [(row["source_kind"], row["source_text"]) for row in counted] == [
        ("unnamed", "A senior official"),
        ("none", None),
    ], "the article without a date comes last"


def test_what_came_in_today(reading: Command) -> None:
    counted = {row["title"]: (row["file"], row["quotes"]) for row in rows(reading, "today")}
    assert counted["Vienna"] == ("vienna.txt", 2)
    assert len(counted) == 3
    assert rows(reading, "today", "--until", "yesterday") == []


def test_each_report_names_what_it_counts(reading: Command) -> None:
    for name in REPORTS:
        subject = ["Lavrov"] if name == "speaker" else []
        ran = reading("report", name, *subject)
        assert ran.code == 0, ran.err
        assert "Counted: " in ran.out


def test_the_list_and_what_is_asked_wrongly(reading: Command) -> None:
    listed = reading("report")
    assert listed.code == 0
    assert all(name in listed.out for name in REPORTS)
    assert "There are: speakers" in reading("report", "nix").err
    assert reading("report", "speaker").code == 1
    assert reading("report", "outlets", "Lavrov").code == 1
    assert "speakers list" in reading("report", "speaker", "Nobody").err

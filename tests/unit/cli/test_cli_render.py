"""Rows as tables, CSV and JSON."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.report.render import RowFormat, render, write_csv
from worker.report.table import MOST_CHARACTERS, MOST_ROWS

ROW = (
    "a\x1b[1m",
    3,
    0.971,
    None,
    True,
    datetime(2024, 5, 17, 8, 30, tzinfo=UTC),
    date(2024, 5, 17),
    ["x", "y"],
    b"\x01",
)
NAMES = ("text", "whole", "part", "nothing", "truth", "moment", "day", "list", "bytes")


def rendered(form: RowFormat, *rows: tuple[object, ...], names: tuple[str, ...] = NAMES) -> str:
    out = io.StringIO()
    assert render(names, iter(rows), form, out) == len(rows)
    return out.getvalue()


def test_a_table_for_people() -> None:
    table = rendered(RowFormat.TABLE, ROW)
    for cell in ("a\\x1b[1m", "3", "0.971", "yes", "2024-05-17 08:30", "x, y", "01"):
        assert cell in table
    assert "None" not in table


class Screen(io.StringIO):
    """A terminal of `COLUMNS` characters, 120 unless a test sets it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminals have 60 characters."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")


def shown(
    out: io.StringIO, form: RowFormat, *rows: tuple[object, ...], names: tuple[str, ...]
) -> tuple[str, list[str]]:
    """Return what is written, and what the user is told beside it."""
    notices: list[str] = []
    render(names, iter(rows), form, out, notices.append)
    return out.getvalue(), notices


def test_only_on_a_terminal_a_table_has_an_end() -> None:
    rows = [(f"row {n}.",) for n in range(MOST_ROWS + 1)]
    text, notices = shown(Screen(), RowFormat.TABLE, *rows, names=("n",))
    assert "row 999." in text and "row 1000." not in text
    assert notices == ["The first 1,000 rows; --format csv or json gives all of them."]
    text, notices = shown(io.StringIO(), RowFormat.TABLE, *rows, names=("n",))
    assert "row 1000." in text
    assert notices == []
    assert shown(Screen(), RowFormat.TABLE, *rows[:MOST_ROWS], names=("n",))[1] == []


@pytest.mark.usefixtures("narrow")
def test_what_cannot_be_read_as_a_table_becomes_records() -> None:
    names = ("number", "first", "second", "third")
    few = (1, "short", "texts", "fit")
    text, _ = shown(Screen(), RowFormat.TABLE, few, names=names)
    assert "1   short   texts    fit" in text
    many = (2, "a b c d e f g h", "a text that needs many words to say", "and another one")
    text, notices = shown(Screen(), RowFormat.TABLE, few, many, names=names)
    assert text.splitlines()[5:] == [
        "─[ 2 ]" + "─" * 54,
        "number   2",
        "first    a b c d e f g h",
        "second   a text that needs many words to say",
        "third    and another one",
    ]
    assert notices == []


@pytest.mark.usefixtures("narrow")
def test_long_texts_are_cut_on_a_terminal_and_nowhere_else() -> None:
    text = "One line.\n" + "word " * 200
    row, names = (7, text), ("id", "text")
    cut, notices = shown(Screen(), RowFormat.TABLE, row, names=names)
    assert f"({len(text) - MOST_CHARACTERS} more" in cut
    assert notices == ["Long texts are cut; --format records shows them whole."]
    whole, notices = shown(Screen(), RowFormat.RECORDS, row, names=names)
    assert whole.count("word") == 200
    assert max(map(len, whole.splitlines())) <= 60
    assert notices == []
    assert shown(io.StringIO(), RowFormat.TABLE, row, names=names)[0].count("word") == 200
    piped = shown(io.StringIO(), RowFormat.RECORDS, row, names=names)[0].splitlines()
    assert piped[2] == "text   One line."
    assert piped[3] == "       " + "word " * 199 + "word", "one line a line, for grep"


@pytest.mark.usefixtures("narrow")
def test_a_wide_table_is_as_wide_as_its_texts() -> None:
    lines = shown(Screen(), RowFormat.WIDE, ("x " * 100, "y " * 100), names=("a", "b"))[0].splitlines()
    assert len(lines) == 3
    assert lines[2].split() == ["x"] * 100 + ["y"] * 100


def test_markup_in_text_is_text() -> None:
    assert "[bold]x[/nix]" in rendered(RowFormat.TABLE, ("[bold]x[/nix]",), names=("[red]name",))


def test_json_and_csv_lose_nothing() -> None:
    (row,) = json.loads(rendered(RowFormat.JSON, ROW))
    assert row == {
        "text": "a\x1b[1m", "whole": 3, "part": 0.971, "nothing": None, "truth": True,
        "moment": "2024-05-17T08:30:00+00:00", "day": "2024-05-17", "list": ["x", "y"], "bytes": "01",
    }  # fmt: skip
    assert list(csv.reader(io.StringIO(rendered(RowFormat.CSV, ROW))))[1] == [
        "a\x1b[1m", "3", "0.971", "", "true", "2024-05-17T08:30:00+00:00", "2024-05-17", '["x", "y"]', "01",
    ]  # fmt: skip


def test_numbers_that_json_has_not() -> None:
    row = (float("nan"), Decimal("Infinity"), Decimal("3"), Decimal("0.5"))
    assert json.loads(rendered(RowFormat.JSON, row, names=("a", "b", "c", "d"))) == [
        {"a": None, "b": None, "c": 3, "d": 0.5}
    ]


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="\r\n\x00")), st.integers()), max_size=5))
def test_csv_is_no_formula_and_exact_csv_is_exact(rows: list[tuple[str, int]]) -> None:
    def read(*, exact: bool) -> list[list[str]]:
        out = io.StringIO()
        write_csv(("a", "b"), rows, out, exact=exact)
        return list(csv.reader(io.StringIO(out.getvalue())))[1:]

    assert read(exact=True) == [[text, str(number)] for text, number in rows]
    for (cell, number), (text, _) in zip(read(exact=False), rows, strict=True):
        assert cell in (text, f"'{text}")
        assert not cell.startswith(("=", "+", "-", "@", "\t"))
        assert int(number) is not None, "numbers, negative ones too, stay numbers"


def test_csv_for_a_terminal_is_printable() -> None:
    out = io.StringIO()
    write_csv(("a",), [("x\x1b[1m\ny",)], out, safe=True)
    assert out.getvalue() == "a\nx\\x1b[1m y\n"

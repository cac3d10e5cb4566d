"""Rows as tables, CSV and JSON."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from worker.report.render import MOST_ROWS, RowFormat, render, write_csv

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


def test_a_table_has_an_end() -> None:
    out = io.StringIO()
    assert render(("n",), ((n,) for n in range(MOST_ROWS + 1)), RowFormat.TABLE, out) == MOST_ROWS
    assert "--format csv" in out.getvalue()
    out = io.StringIO()
    render(("n",), ((n,) for n in range(MOST_ROWS)), RowFormat.TABLE, out)
    assert "--format csv" not in out.getvalue()


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

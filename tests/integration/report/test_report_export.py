"""`onrecord export` writes the same rows in each file format, with bounded memory."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, text

from tests.integration.report.conftest import Command
from worker.report.file_format import VIEWS, FileFormat


def test_all_formats_hold_the_same_rows(reading: Command, tmp_path: Path) -> None:
    for file_format in FileFormat:
        ran = reading("export", "quotes", "-o", str(tmp_path / f"quotes.{file_format}"))
        assert ran.code == 0, ran.err
        assert "5 quotes" in ran.err
    rows = pq.read_table(tmp_path / "quotes.parquet").to_pylist()
    assert rows[0]["quote"] == "We strongly opposed this."
    assert rows[0]["published_at"] == datetime(2024, 5, 16, 9, tzinfo=UTC)
    assert rows[2]["quote"] == "=1+1 is not =2"
    lines = [json.loads(line) for line in (tmp_path / "quotes.jsonl").read_text().splitlines()]
    assert [line["quote"] for line in lines] == [row["quote"] for row in rows]
    assert lines[4]["title"] == "Undated \x1b[31mred", "escaped in the file, exact when read"
    assert "\x1b" not in (tmp_path / "quotes.jsonl").read_text()
    with (tmp_path / "quotes.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["quote_id"] for row in table] == [str(row["quote_id"]) for row in rows]
    assert table[2]["quote"] == "'=1+1 is not =2", "no formula for a spreadsheet"
    array = json.loads((tmp_path / "quotes.json").read_text())
    assert array == lines
    book = load_workbook(tmp_path / "quotes.xlsx", read_only=True)
    assert book.sheetnames == ["1", "columns"]
    headings, *sheet = book["1"].iter_rows(values_only=True)
    first = dict(zip(headings, sheet[0], strict=False))  # openpyxl leaves out empty cells at the end
    assert first["quote"] == "We strongly opposed this."
    assert str(first["published_at"]) == "2024-05-16 09:00:00"
    assert [row[headings.index("quote_id")] for row in sheet] == [row["quote_id"] for row in rows]
    meanings = dict(book["columns"].iter_rows(values_only=True))
    assert meanings["outlet"] == "Its publisher."
    book.close()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".json", ".jsonl", ".parquet", ".xlsx"]


def test_exact_csv(reading: Command, tmp_path: Path) -> None:
    reading("export", "quotes", "--exact", "-o", str(tmp_path / "q.csv"))
    with (tmp_path / "q.csv").open(newline="") as file:
        assert list(csv.DictReader(file))[2]["quote"] == "=1+1 is not =2"


def test_every_view_in_every_format(reading: Command, tmp_path: Path) -> None:
    for view in VIEWS:
        for file_format in FileFormat:
            target = tmp_path / f"{view}.{file_format}"
            assert reading("export", view, "-o", str(target)).code == 0
            assert target.stat().st_size > 100


def test_the_ending_decides_the_format(reading: Command, tmp_path: Path) -> None:
    for arguments in (["export", "quotes"], ["quotes"], ["sql", "SELECT 1 AS one"], ["report", "outlets"]):
        contradiction = reading(*arguments, "-f", "csv", "-o", str(tmp_path / "x.parquet"))
        assert contradiction.code == 2
        assert "ends with .parquet, and --format says csv" in contradiction.err
        unknown = reading(*arguments, "-o", str(tmp_path / "x.txt"))
        assert unknown.code == 2
        assert "names no format" in unknown.err
        assert reading(*arguments, "-o", str(tmp_path / "x.JSONL")).code == 0
        assert json.loads((tmp_path / "x.JSONL").read_text().splitlines()[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.JSONL"]


def test_exports_are_narrowed_as_quotes_are(reading: Command, tmp_path: Path) -> None:
    target = tmp_path / "some.jsonl"

    def exported(*arguments: str) -> list[str]:
        ran = reading(*arguments, "-o", str(target))
        assert ran.code == 0, ran.err
        return [json.loads(line)["quote"] for line in target.read_text().splitlines()]

    assert exported("export", "--speaker", "lavrov") == ["We strongly opposed this.", "Together we stand."]
    assert exported("export", "--search", "talks") == ["The talks go on."]
    assert exported("quotes", "--search", "talks") == ["The talks go on."]
    assert exported("export", "--since", "2024-05-17", "--outlet", "irna") == ["=1+1 is not =2", "Together we stand."]
    assert exported("export", "--kind", "indirect") == []
    assert exported("export", "--confidence", "0.95") == []
    assert len(exported("export", "--confidence", "0.9")) == 5
    assert exported("export", "--cue", "denied") == []
    assert exported("export", "candidates") == exported("quotes", "--candidates") == ["who said this"]
    assert exported("export", "candidates", "--search", "nuclear") == []
    assert len(exported("quotes")) == len(exported("quotes", "--limit", "9")) == 5
    assert len(exported("quotes", "--limit", "2")) == 2
    refused = reading("export", "articles", "--speaker", "lavrov", "-o", str(target))
    assert (refused.code, "Only quotes can be narrowed" in refused.err) == (2, True)


def test_a_mark_for_excel(reading: Command, tmp_path: Path) -> None:
    target = tmp_path / "quotes.csv"
    reading("export", "--bom", "-o", str(target))
    assert target.read_bytes().startswith(b"\xef\xbb\xbfquote_id,")
    assert reading("export", "--bom", "-o", str(tmp_path / "quotes.jsonl")).code == 2


def test_to_stdout(reading: Command) -> None:
    ran = reading("export", "speakers", "-f", "jsonl")
    assert [json.loads(line)["names"] for line in ran.out.splitlines()] == [
        ["Sergei Lavrov", "Sergey Lavrov"],
        ["Ali Bagheri", "Ali Baqeri", "Bagheri Kani"],
    ]
    assert next(csv.DictReader(io.StringIO(reading("export").out)))["quote"] == "We strongly opposed this."


def test_a_failed_export_leaves_the_old_file(
    onrecord: Command, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "quotes.csv"
    target.write_text("old")
    with engine.begin() as connection:
        connection.execute(text("REVOKE SELECT ON report.quotes FROM onrecord_reader"))
    assert onrecord("export", "quotes", "-o", str(target)).code == 1
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
    assert "no folder" in onrecord("export", "-o", str(tmp_path / "nix" / "q.csv")).err


def test_memory_does_not_grow_with_the_rows(engine: Engine) -> None:
    """An export of twenty megabytes takes less than five megabytes of memory."""
    import tracemalloc

    from worker.report.answer import ask
    from worker.report.export import Style, write_lines

    class Nowhere(io.RawIOBase):
        written = 0

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            size = len(memoryview(data))  # type: ignore[arg-type]
            self.written += size
            return size

    nowhere = Nowhere()
    tracemalloc.start()
    with ask(engine, "SELECT repeat('x', 1000) AS x FROM generate_series(1, 20000)") as answer:
        count = write_lines(answer, FileFormat.JSONL, nowhere, Style())  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert nowhere.written > 20_000_000
    assert peak < 5_000_000

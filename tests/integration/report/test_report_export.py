"""`onrecord export` writes the same rows in three file formats, with bounded memory."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from tests.integration.report.conftest import Command
from worker.report.file_format import VIEWS, FileFormat


def test_three_formats_hold_the_same_rows(reading: Command, tmp_path: Path) -> None:
    for file_format in FileFormat:
        ran = reading("export", "quotes", "--format", file_format.value, "-o", str(tmp_path / f"quotes.{file_format}"))
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
    assert sorted(path.name for path in tmp_path.iterdir()) == ["quotes.csv", "quotes.jsonl", "quotes.parquet"]


def test_exact_csv(reading: Command, tmp_path: Path) -> None:
    reading("export", "quotes", "--exact", "-o", str(tmp_path / "q.csv"))
    with (tmp_path / "q.csv").open(newline="") as file:
        assert list(csv.DictReader(file))[2]["quote"] == "=1+1 is not =2"


def test_every_view_in_every_format(reading: Command, tmp_path: Path) -> None:
    for view in VIEWS:
        for file_format in FileFormat:
            target = tmp_path / f"{view}.{file_format}"
            assert reading("export", view, "-f", file_format.value, "-o", str(target)).code == 0
            assert target.stat().st_size > 100


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
    from worker.report.export import write_lines

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
        count = write_lines(answer, FileFormat.JSONL, nowhere, exact=False, safe=False)  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert nowhere.written > 20_000_000
    assert peak < 5_000_000

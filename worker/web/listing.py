"""Lists as files: at the address of a list, with an ending, all rows of exactly its filter, streamed."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from worker.report.answer import Answer, ask
from worker.report.render import guarded, json_line
from worker.web.house import house_of

Statement = tuple[str, Mapping[str, object]]
"""SQL over the schema `report`, and the values that are bound to it."""

Pieces = Generator[bytes, None, None]
"""A file, piece after piece; when it is closed, the transaction behind it ends."""

FILE_SECONDS = 600.0
"""Stop a file after PostgreSQL has worked on it for this many seconds."""
CHUNK = 64_000
"""Send about so many bytes at once."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its name in the address, and the statement for all its rows, from a request."""

    name: str
    everything: Callable[[Request], Statement]

    def send(self, request: Request) -> Response:
        """Answer `/NAME.ENDING`."""
        statement, values = self.everything(request)
        return as_file(request, self.name, statement, values)


def as_file(request: Request, name: str, statement: str, values: Mapping[str, object]) -> Response:
    """Return all rows of a statement as a file of the format in the address."""
    ending = request.path_params["ending"]
    pieces = FORMATS[ending](request, statement, values)
    headers = {"Content-Disposition": f'attachment; filename="{name.replace("/", "-")}.{ending}"'}
    # The first piece is made here, so that an error of the database still becomes a page.
    first = next(pieces, b"")
    return StreamingResponse(sent(first, pieces), media_type=MEDIA_TYPES[ending], headers=headers)


async def sent(first: bytes, pieces: Pieces) -> AsyncIterator[bytes]:
    """Yield the pieces; whenever the browser goes away, the transaction behind them ends at once."""
    try:
        piece: bytes | None = first
        while piece is not None:
            yield piece
            piece = await run_in_threadpool(next, pieces, None)
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(pieces.close)


def as_csv(request: Request, statement: str, values: Mapping[str, object]) -> Pieces:
    """Yield CSV in UTF-8; texts that a spreadsheet would run as a formula get an apostrophe before them."""
    with answer(request, statement, values) as rows:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(column.name for column in rows.columns)
        for row in rows.rows:
            writer.writerow(map(guarded, row))
            if buffer.tell() > CHUNK:
                yield emptied(buffer)
        yield emptied(buffer)


def as_json_lines(request: Request, statement: str, values: Mapping[str, object]) -> Pieces:
    """Yield one JSON object a line."""
    yield from json_objects(request, statement, values, ("", "\n", ""))


def as_json(request: Request, statement: str, values: Mapping[str, object]) -> Pieces:
    """Yield one JSON array."""
    yield from json_objects(request, statement, values, ("[\n", ",\n", "\n]\n"))


def json_objects(request: Request, statement: str, values: Mapping[str, object], signs: tuple[str, str, str]) -> Pieces:
    """Yield the rows as JSON objects. `signs` stand before them all, between two, and after them all."""
    begin, between, end = signs
    with answer(request, statement, values) as rows:
        names = [column.name for column in rows.columns]
        buffer = io.StringIO()
        buffer.write(begin)
        is_first = True
        for row in rows.rows:
            buffer.write(("" if is_first else between) + json_line(names, row))
            is_first = False
            if buffer.tell() > CHUNK:
                yield emptied(buffer)
        buffer.write(end or ("" if is_first else "\n"))
        yield emptied(buffer)


def as_workbook(request: Request, statement: str, values: Mapping[str, object]) -> Pieces:
    """Yield a workbook of Excel. It is made in a temporary file, since its table of contents stands at its end."""
    from worker.report.workbook import write_workbook

    with tempfile.TemporaryFile() as file:
        with answer(request, statement, values) as rows:
            write_workbook(rows, file)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def answer(request: Request, statement: str, values: Mapping[str, object]) -> AbstractContextManager[Answer]:
    """Return the answer to a statement, to be read in a `with` statement."""
    return ask(house_of(request).reader, statement, values, seconds=FILE_SECONDS)


def emptied(buffer: io.StringIO) -> bytes:
    """Return what is in a buffer, and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "backslashreplace")


FORMATS: Mapping[str, Callable[[Request, str, Mapping[str, object]], Pieces]] = {
    "csv": as_csv,
    "json": as_json,
    "jsonl": as_json_lines,
    "xlsx": as_workbook,
}

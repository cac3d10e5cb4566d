"""Reads JSONL files that people made. Every line is checked, and an error names the line."""

import gzip
import re
import zlib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from worker.reasons import Reason, Refused

GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"

Line = TypeVar("Line", bound=BaseModel)


def read(path: Path, form: type[Line], shape: str) -> list[tuple[int, Line]]:
    """Return the lines of a JSONL file, gzipped or not, each with its number from 1. Blank lines are skipped.

    `shape` is an example of a line; errors show it. Raise `Refused` if a line does not have the form `form` or if there
    is no line. Raise `OSError` if the file cannot be read.
    """
    lines = []
    for number, raw in enumerate(unpacked(path).removeprefix(BOM).split(b"\n"), start=1):
        if raw.strip():
            try:
                lines.append((number, form.model_validate_json(raw, strict=True)))
            except ValidationError as error:
                raise bad(path, number, complaint(error), f"A line is {shape}") from None
    if not lines:
        raise Refused(Reason.EMPTY, f"{path} holds no line. A line is {shape}; give the file that holds them.")
    return lines


def unpacked(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if the file is gzipped. Raise `Refused` if the gzip is broken."""
    raw = path.read_bytes()
    if not raw.startswith(GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(Reason.MALFORMED, f"{path} is not whole gzip ({error}). Fetch or pack it again.") from None


def complaint(error: ValidationError) -> str:
    """Return the first error, with the key where it is in the line: `quotes[3].content[0]: …`."""
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")
    message = re.sub(r" at line 1 column (\d+)$", r" at character \1", first["msg"])
    return f"{place}: {message}" if place else message


def bad(path: Path, number: int, problem: str, advice: str) -> Refused:
    """Return the error for a line that cannot be used."""
    return Refused(Reason.MALFORMED, f"{path}, line {number}: {problem}. {advice}; correct the line or take it out.")

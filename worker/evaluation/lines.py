"""JSON lines that people made: read whole and checked, or refused in a sentence that names the line."""

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
    """The lines of a JSONL file, gzipped or not, each with its number from 1; blank ones are passed over.

    `shape` shows how a line looks, for the sentence. Refuses a file with a line that is not of that form, or with none
    at all. Raises OSError where the file cannot be read.
    """
    found = []
    for number, raw in enumerate(unpacked(path).removeprefix(BOM).split(b"\n"), start=1):
        if raw.strip():
            try:
                found.append((number, form.model_validate_json(raw, strict=True)))
            except ValidationError as error:
                raise bad(path, number, complaint(error), f"A line is {shape}") from None
    if not found:
        raise Refused(Reason.EMPTY, f"{path} holds no line. A line is {shape}; give the file that holds them.")
    return found


def unpacked(path: Path) -> bytes:
    """The bytes of a file; those inside where it is gzipped."""
    raw = path.read_bytes()
    if not raw.startswith(GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(Reason.MALFORMED, f"{path} is not whole gzip ({error}). Fetch or pack it again.") from None


def complaint(error: ValidationError) -> str:
    """The first thing that is wrong, and its place in the line: `quotes[3].content[0]: …`."""
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")
    said = re.sub(r" at line 1 column (\d+)$", r" at character \1", first["msg"])
    return f"{place}: {said}" if place else said


def bad(path: Path, number: int, what: str, todo: str) -> Refused:
    """A line that cannot be used, in a sentence."""
    return Refused(Reason.MALFORMED, f"{path}, line {number}: {what}. {todo}; correct the line or take it out.")

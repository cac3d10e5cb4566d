"""Factiva exports as a table (CSV): one article a row, with `title`, `body` and `publication_datetime`."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.bundles.bundle import noted, read_bundle
from worker.parse.bundles.entry import MEDIA_TYPE, entry, warned
from worker.parse.bundles.factiva_words import DATABASE
from worker.parse.bundles.names import authors_of
from worker.parse.decoding import decode
from worker.parse.format import Limits
from worker.reasons import Reason, Refused

DATES = ("publication_datetime", "publication_date", "publicationdate", "pd")
TITLES, BODIES = ("title", "headline", "hd"), ("body", "text", "full_text")
ADVICE = "Export it again with the column body, and drop that."


def looks_like(head: str) -> bool:
    """True if the first line of a table names the columns of Factiva."""
    names = _names(head.partition("\n")[0])
    return any(name in names for name in DATES[:2]) and "body" in names and ("title" in names or "headline" in names)


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the rows as articles, named by their numbers from 1."""
    decoded = decode(read_bundle(stream, limits))
    yield from noted(DATABASE, _rows(decoded.text, decoded.warnings, limits), None, ADVICE)


def _rows(text: str, warnings: tuple[str, ...], limits: Limits) -> Iterator[Member]:
    csv.field_size_limit(limits.max_member_bytes)
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t|", key=first.count))
    names = [_name(name) for name in next(rows, [])]
    number = 0
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                number += 1
                yield _member(dict(zip(names, row, strict=False)), str(number), warnings)
    except csv.Error as error:
        raise Refused(Reason.MALFORMED, f"The table breaks off after row {number}: {error}.") from error


def _member(cells: dict[str, str], number: str, warnings: tuple[str, ...]) -> Member:
    def first(*names: str) -> str | None:
        return next((cells[name] for name in names if cells.get(name, "").strip()), None)

    found = entry(
        DATABASE,
        _paragraphs(first(*BODIES) or ""),
        title=first(*TITLES),
        outlet=first("source_name", "source", "publication", "publisher_name"),
        date=first(*DATES),
        authors=authors_of(first("byline", "author", "authors")),
        section=first("section"),
        language=first("language_code", "language"),
        identifier=first("an", "accession_number", "document_id"),
        licence=first("copyright"),
        url=first("url", "link"),
    )
    try:
        return warned(found, warnings).member(number)
    except Refused as refusal:
        return Member(b"", MEDIA_TYPE, number, refusal.reason, refusal.message)


def _paragraphs(body: str) -> str:
    return "\n\n".join(" ".join(line.split()) for line in body.split("\n") if line.strip())


def _names(line: str) -> list[str]:
    return [_name(name) for name in line.replace(";", ",").replace("\t", ",").replace("|", ",").split(",")]


def _name(name: str) -> str:
    return name.strip("\ufeff \"'\r\n").lower().replace(" ", "_").replace("-", "_")

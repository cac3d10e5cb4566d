"""What Factiva writes around an article: codes, or lines in a fixed order."""

import re

from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.languages import is_language
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.nexis_words import COPYRIGHT
from worker.parse.bundles.written_dates import is_date_line

DATABASE = "Factiva"
WORDS = re.compile(
    r"\d{1,3}(?:[.,\s\u202f'’]?\d{3}){0,2}[ \xa0]"
    r"(?:words?|mots?|Wörter|Wort|palabras|parole|woorden|palavras|ord|слов|słów)",
    re.I,
)
DOCUMENT = re.compile(r"(?:Document|Dokument|Documento) (?P<id>[A-Z0-9]{4,10}\d{8}[A-Za-z0-9]{6,14})")
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?(?: [A-Z]{2,5})?")
SOURCE_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
CODES = frozenset((
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "ART", "CT", "RF",
    "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "CLM", "NGC", "GC", "DLN", "TX", "SU", "CX", "RST", "LT",
))  # fmt: skip


def is_words(line: str) -> bool:
    """True if a line is the length of an article ("1,143 words")."""
    return WORDS.fullmatch(line) is not None


def from_codes(codes: dict[str, list[str]]) -> Entry:
    """Return the entry of an article whose fields have codes, each with its paragraphs."""

    def first(*names: str) -> str | None:
        return next((" ".join(codes[name]) for name in names if codes.get(name)), None)

    date = " ".join(part for part in (first("PD"), first("ET")) if part)
    identifier = (first("AN") or "").removeprefix("Document").strip()
    return entry(
        DATABASE,
        "\n\n".join(codes.get("LP", []) + codes.get("TD", []) + codes.get("TX", [])),
        title=first("HD"),
        outlet=first("SN"),
        date=date,
        authors=authors_of(first("BY")),
        section=first("SE", "CLM"),
        language=first("LA"),
        identifier=identifier,
        licence=first("CY"),
    )


def from_lines(lines: list[str]) -> dict[str, object]:
    """Return the fields in the lines behind the length: date, time, outlet, code, page, language, copyright, text."""
    fields: dict[str, object] = {}
    place = 1 if lines and WORDS.fullmatch(lines[0]) else 0
    if place < len(lines) and is_date_line(lines[place]):
        fields["date"] = lines[place]
        place += 1
    if place < len(lines) and TIME.fullmatch(lines[place]):
        fields["date"] = f"{fields.get('date', '')} {lines[place]}"
        place += 1
    if place < len(lines) and not is_language(lines[place]):
        fields["outlet"] = lines[place]
        place += 1
    if place < len(lines) and SOURCE_CODE.fullmatch(lines[place]):
        place += 1
    tongue = next((at for at in range(place, min(place + 8, len(lines))) if is_language(lines[at])), None)
    if tongue is not None:
        fields["language"] = lines[tongue]
        place = tongue + 1
    if place < len(lines) and (COPYRIGHT.match(lines[place]) or _is_rights(lines[place], tongue)):
        fields["licence"] = lines[place]
        place += 1
    fields["body"] = lines[place:]
    return fields


def _is_rights(line: str, tongue: int | None) -> bool:
    """True if the line behind the language names an owner of rights: the copyright stands there, in any words."""
    return (
        tongue is not None
        and re.search(r"(?i)copyright|\(c\)|©|rights|rechte|droits|derechos|diritti", line) is not None
    )

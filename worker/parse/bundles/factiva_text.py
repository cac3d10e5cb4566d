"""Factiva exports in RTF, Word, PDF or text: `Document ABC0000020200101eg1100001` is the last line of each article."""

import re

from worker.parse.bundles.bundle import Bundle, Documents
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.factiva_words import CODES, DATABASE, DOCUMENT, WORDS, from_codes, from_lines
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.nexis_uni import NOT_TEXT, PAGE_NUMBER
from worker.reasons import Reason, Refused

END = re.compile(rf"(?m)^[ \t\xa0|]{{0,20}}(?:AN[ \t\xa0|]{{1,20}})?{DOCUMENT.pattern}[ \t\xa0|]{{0,20}}$")
WORDS_LINE = re.compile(rf"(?mi)^[ \t\xa0|]{{0,20}}(?:WC[ \t\xa0|]{{1,20}})?{WORDS.pattern}[ \t\xa0|]{{0,20}}$")
CODED = re.compile(
    r"[ \t\xa0|]{0,20}(?P<code>[A-Z]{2,4})"
    r"(?:[ \t\xa0]{0,4}[|\t][ \t\xa0|]{0,20}|[ \xa0]{1,20}|[ \t\xa0|]{0,20}$)(?P<value>.{0,100000})"
)
LIST_LINE = re.compile(r"[^\n]{0,300}(?:\.{4,}|\t)\s{0,4}\d{1,4}")
FOOTER = re.compile(
    r"(?i)(?:Page \d{1,4} of \d{1,4}\b.{0,80}|© ?\d{4} Factiva, Inc\..{0,80}|Search Summary|Résumé de la recherche"
    r"|Suchergebnis-Zusammenfassung)"
)
LOGOS = frozenset(("Factiva", "Dow Jones", "Dow Jones Factiva"))
BY = re.compile(r"(?:By|BY|Von|Par|Por|Door|Di) [^\W\d_]")
PARTICLES = frozenset(
    ("and", "und", "et", "y", "en", "e", "de", "von", "van", "der", "den", "la", "le", "du", "da", "di")
)
MOST_WORDS_IN_NAMES = 12
MOST_WORDS_IN_SECTION = 5


def looks_like(head: str) -> bool:
    """True if the beginning of a text is an export of Factiva."""
    return WORDS_LINE.search(head) is not None and (
        END.search(head) is not None or re.search(r"Factiva, Inc\.|Dow Jones", head[:4000]) is not None
    )


def looks_like_text(head: str) -> bool:
    """True if the beginning of a plain text, and not of a page or a packed file, is such an export."""
    return not head.lstrip()[:5].startswith(NOT_TEXT) and looks_like(head)


def documents(text: str) -> Documents:
    """Return the articles of an export."""
    ends = [match.end() for match in END.finditer(text)]
    return Documents([text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else [text])


def read(text: str) -> Entry:
    """Return the fields of one article, which ends with its id."""
    lines = [line.strip(" \t\xa0|\f") for line in text.split("\n")]
    lines = [line for line in lines if line and not PAGE_NUMBER.fullmatch(line) and not FOOTER.fullmatch(line)]
    codes = _codes(text)
    if "HD" in codes and "WC" in codes:
        return from_codes(codes)
    length = next((place for place, line in enumerate(lines) if WORDS.fullmatch(line)), None)
    if length is None:
        raise Refused(
            Reason.MALFORMED, "It says no number of words, as articles of Factiva do. Export it again as HTML."
        )
    head = [line for line in lines[max(0, length - 4) : length] if not LIST_LINE.fullmatch(line)]
    title, authors, section = _head(head)
    fields = from_lines(lines[length:])
    identifier = next((match["id"] for line in reversed(lines) if (match := DOCUMENT.fullmatch(line))), None)
    body = [line for line in _lines(fields.pop("body")) if not DOCUMENT.fullmatch(line)]
    return entry(
        DATABASE,
        "\n\n".join(_without_publisher(body)),
        **{**fields, "title": title, "section": section, "identifier": identifier, "authors": authors},
    )


def _lines(value: object) -> list[str]:
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []


def _head(lines: list[str]) -> tuple[str | None, tuple[str, ...], str | None]:
    """Return title, authors and section of the lines above the length: [section], title, [author]."""
    lines = [line for line in lines if line not in LOGOS]
    authors: tuple[str, ...] = ()
    if len(lines) >= 2 and _is_byline(lines[-1], lines[-2]):
        authors, lines = authors_of(lines[-1]), lines[:-1]
    above = lines[-2] if len(lines) >= 2 else ""
    section = above if 0 < len(above.split()) <= MOST_WORDS_IN_SECTION else None
    return (lines[-1] if lines else None), authors, section


def _is_byline(line: str, above: str) -> bool:
    """True if a line below another may be the names of authors: it says "By", or it is shorter, and all are names."""
    if BY.match(line):
        return True
    words = [word for word in re.split(r"[\s,;&/-]+", line) if word]
    names = [word for word in words if word.lower() not in PARTICLES]
    is_names = 1 < len(names) <= MOST_WORDS_IN_NAMES and all(word[0].isupper() and word[-1] != ":" for word in names)
    return is_names and len(line) < len(above) and len(names) <= 4 * (1 + len(re.findall(r"[,;&]| and ", line)))


def _without_publisher(body: list[str]) -> list[str]:
    """Return the paragraphs without the last line, if it is the short name of a publisher."""
    if len(body) > 1 and len(body[-1].split()) <= 8 and body[-1][-1] not in '.!?…"”’»)':
        return body[:-1]
    return body


def _codes(text: str) -> dict[str, list[str]]:
    """Return the paragraphs of each code, if lines begin with the codes of fields."""
    codes: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.split("\n"):
        match = CODED.fullmatch(line)
        if match and match["code"] in CODES and match["code"] not in codes:
            current = codes.setdefault(match["code"], [])
            line = match["value"]
        if current is not None and (value := line.strip(" \t\xa0|\f")) and not PAGE_NUMBER.fullmatch(value):
            current.append(value)
    return codes


BUNDLE = Bundle(database=DATABASE, documents=documents, read=read)

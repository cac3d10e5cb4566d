"""Nexis Uni and Nexis Advance exports (Word, RTF, PDF, text): `End of Document` stands behind each document.

Title, publication, date, copyright, fields (`Section: …`), `Body`, the text, `Classification` and further fields are
lines of their own. A list of the documents may stand in front; files of a single document have none.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from worker.parse.bundles.bundle import Bundle, Documents
from worker.parse.bundles.entry import Entry
from worker.parse.bundles.nexis_print import DATABASE, entry_of
from worker.parse.bundles.nexis_words import BEFORE, BEHIND, BODY_HEADING, COPYRIGHT, END_OF_DOCUMENT, label_of
from worker.parse.bundles.written_dates import is_date_line
from worker.reasons import Reason, Refused

COUNT = re.compile(
    r"(?m)^[ \t\xa0]{0,20}(?:Documents?|Dokumente?|Documenten|Documentos?|Documenti)[ \xa0]?"
    r"\((?P<count>\d{1,6})\)[ \t\xa0]{0,20}$"
)
BODY = re.compile(rf"(?m)^[ \t\xa0]{{0,20}}{BODY_HEADING}[ \t\xa0]{{0,20}}:?[ \t\xa0]{{0,20}}$")
LENGTH = re.compile(r"(?mi)^[ \t\xa0]{0,20}(?:Length|Länge|Longueur|Lengte|Longitud)[ \xa0]{0,3}:[ \xa0]{0,3}\d")
HEADINGS = frozenset((  # lines that are headings of what is not the text
    "classification", "klassifikation", "klassifizierung", "classificatie", "clasificación", "graphic", "graphics",
    "grafik", "graphique", "grafiek", "notes", "anmerkungen", "notities", "correction", "correction-date", "references",
    "bibliography", "load-date",
))  # fmt: skip
PAGE_NUMBER = re.compile(
    r"(?i)[ \t\xa0]{0,40}(?:Page|Seite|Pagina|Página|Blatt) \d{1,5} (?:of|von|de|sur|van|di) \d{1,5}[ \t\xa0]{0,40}"
)
NUMBER = re.compile(r"\d{1,5}\.[ \t\xa0]{1,8}")
COVER = re.compile(
    r"(?m)^[ \t\xa0]{0,20}(?:Client/Matter|Search Terms|Job Number|Date and Time|User Name"
    r"|Suchbegriffe|Auftragsnummer|Datum und Uhrzeit|Benutzername|Termes de recherche|Numéro de tâche|Date et heure"
    r"|Nom d['’]utilisateur|Zoektermen|Taaknummer|Datum en tijd|Gebruikersnaam)[ \xa0]{0,3}:"
)
FIRST_LISTED = re.compile(r"(?m)^[ \t\xa0]{0,20}1\.[ \t\xa0]{1,8}\S")
NOT_TEXT = ("<", "{\\rtf", "PK\x03", "%PDF", "{", "[")
LONGEST_COVER = 5000  # look for titles in at most so many lines in front
MOST_UNKNOWN = 5  # fields with unknown names stand between the known ones and the text, at most so many
MOST_HEAD = 60  # the lines from the title to the text are at most so many


def looks_like(head: str) -> bool:
    """True if the beginning of a text is an export of Nexis Uni or Nexis Advance."""
    if BODY.search(head) and (LENGTH.search(head) or END_OF_DOCUMENT.search(head)):
        return True
    return COUNT.search(head) is not None and (FIRST_LISTED.search(head) or COVER.search(head)) is not None


def looks_like_text(head: str) -> bool:
    """True if the beginning of a plain text, and not of a page or a packed file, is such an export."""
    return not head.lstrip()[:5].startswith(NOT_TEXT) and looks_like(head)


def documents(text: str) -> Documents:
    """Return the documents of an export. The list in front stays in the first of them, whose title it tells."""
    ends = [match.end() for match in END_OF_DOCUMENT.finditer(text)]
    starts = [0, *ends]
    texts = [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]
    if len(texts) > 1 and not BODY.search(texts[-1]) and not LENGTH.search(texts[-1]):
        texts.pop()
    told = COUNT.search(texts[0])
    return Documents(texts, int(told["count"]) if told else _told_by_fields(texts))


def _told_by_fields(texts: list[str]) -> int | None:
    """Return how many documents there are by their fields, if there are more than texts; else None.

    So no document is lost in silence if the ends of documents have a wording that is not known.
    """
    lengths = sum(len(LENGTH.findall(text)) for text in texts)
    bodies = sum(len(BODY.findall(text)) for text in texts)
    return min(lengths, bodies) if min(lengths, bodies) > len(texts) else None


def read(text: str) -> Entry:
    """Return the fields of one document, which begins behind the end of the one before."""
    lines = [line.strip(" \t\xa0\f") for line in _without_running_heads(END_OF_DOCUMENT.sub("", text))]
    start, body_start = _places(lines)
    fields = _head(lines, start)
    for line in lines[start:body_start]:
        label = label_of(line)
        if label and label[0] in BEFORE:
            fields.setdefault(BEFORE[label[0]], label[1])
    body, behind = _body(lines[body_start:])
    for line in behind:
        label = label_of(line)
        if label and BEHIND.get(label[0]) == "language":
            fields.setdefault("language", label[1])
    return entry_of(fields, body)


def _without_running_heads(text: str) -> Iterator[str]:
    """Yield the lines of a text without page numbers, and without the title that follows one at the top of a page."""
    lines = text.split("\n")
    heads = {lines[place + 1].strip() for place, line in enumerate(lines[:-1]) if PAGE_NUMBER.fullmatch(line)}
    counts = Counter(map(str.strip, lines))
    repeated = {head for head in heads if head and counts[head] > 2}
    before = ""
    for line in lines:
        if not (PAGE_NUMBER.fullmatch(line) or (PAGE_NUMBER.fullmatch(before) and line.strip() in repeated)):
            yield line
        before = line if line.strip() else before


def _places(lines: list[str]) -> tuple[int, int]:
    """Return where the fields of a document begin, behind its head, and where its text begins."""
    body = next((place for place, line in enumerate(lines) if BODY.fullmatch(line)), None)
    last = len(lines) if body is None else body
    fields = [place for place in range(last) if (label := label_of(lines[place])) and label[0] in BEFORE]
    if body is None:
        anchor = next((place for place in fields if label_of(lines[place])[0] in LENGTHS), None)  # type: ignore[index]
        if anchor is None:
            raise Refused(
                Reason.MALFORMED, "It has no fields as documents of Nexis have. Export it again as text or Word."
            )
        body = _behind_fields(lines, anchor, fields) - 1
    fields = [place for place in fields if body - MOST_HEAD <= place <= body]
    return (fields[0] if fields else body), body + 1


def _behind_fields(lines: list[str], anchor: int, fields: list[int]) -> int:
    """Return where the text begins in a document of which the heading above the text is not known.

    If a single word stands on a line of its own behind the last field, it is that heading: the text follows it.
    """
    filled = [place for place in range(anchor, len(lines)) if lines[place] and place not in fields]
    for place, below in pairwise(filled[:MOST_UNKNOWN]):
        if is_behind(lines[place]):
            break
        if lines[place].isalpha() and len(lines[below]) > len(lines[place]):
            return below
        if label_of(lines[place]) is None:
            break
    return filled[0] if filled else len(lines)


LENGTHS = frozenset(word for word, field in BEFORE.items() if field == "length")


def _head(lines: list[str], end: int) -> dict[str, str]:
    """Return what stands before the first field: title, publication, date, copyright."""
    fields: dict[str, str] = {}
    places = [place for place in range(max(0, end - MOST_HEAD), end) if lines[place]]
    dated = next((p for p in reversed(places) if is_date_line(lines[p]) and not COPYRIGHT.match(lines[p])), None)
    for place in places:
        if COPYRIGHT.match(lines[place]) and (dated is None or place > dated):
            fields["licence"] = lines[place]
    if dated is None:
        above = [place for place in places if not COPYRIGHT.match(lines[place])][-2:]
        fields |= dict(zip(("title", "outlet"), (lines[place] for place in above), strict=False))
        return fields
    fields["date"] = lines[dated]
    above = [place for place in places if place < dated]
    if above:
        fields["outlet"] = lines[above[-1]]
        title = _title([lines[place] for place in above[:-1]], lines)
        if title:
            fields["title"] = title
    return fields


def _title(above: list[str], lines: list[str]) -> str | None:
    """Return the title, which ends with the last line above the publication.

    A cover in front of the first document lists the titles, which tells how many lines the title has.
    """
    if not above:
        return None
    if not any(COUNT.fullmatch(line) or COVER.match(line) for line in lines[:LONGEST_COVER]):
        return " ".join(_without_repetition(above[-5:]))
    listed = {_folded(NUMBER.sub("", line, count=1)) for line in lines[:LONGEST_COVER] if NUMBER.match(line)}
    listed |= {_folded(line) for line in lines[: max(0, lines.index(above[-1]) - 1)][:LONGEST_COVER]}
    for count in range(1, min(4, len(above)) + 1):
        title = " ".join(above[-count:])
        if any(_same(_folded(title), other) for other in listed):
            return title
    return above[-1]


def _without_repetition(lines: list[str]) -> list[str]:
    """Return the lines of a title without a running head, which is the beginning of the title once more."""
    if len(lines) > 1 and " ".join(lines[1:]).startswith(lines[0]):
        return lines[1:]
    return lines


def _folded(title: str) -> str:
    return " ".join(title.split()).lower()


def _same(title: str, other: str) -> bool:
    """True if two titles are the same, or one is the beginning of the other, as lists cut them."""
    short, long = sorted((title, other), key=len)
    return short == long or (len(short) > 10 and len(short) >= 0.6 * len(long) and long.startswith(short))


def _body(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the paragraphs of the text, and the lines behind it."""
    end = next((place for place, line in enumerate(lines) if is_behind(line)), len(lines))
    return paragraphs_of_lines(lines[:end]), lines[end:]


def is_behind(line: str) -> bool:
    """True if a line is the first one behind the text: a heading, or a field that no text begins with."""
    if line.lower().rstrip(":") in HEADINGS:
        return True
    label = label_of(line)
    kind = BEHIND.get(label[0], "") if label else ""
    return kind in ("language", "updated", "strong") and len(line) < 120 and not line.startswith("Update: ")


def paragraphs_of_lines(lines: list[str]) -> list[str]:
    """Return paragraphs: each line is one, unless empty lines stand between paragraphs of wrapped lines."""
    filled = [line for line in lines if line]
    blanks = len(lines) - len(filled)
    if not filled or blanks < len(filled) / 6 or max(map(len, filled)) > 140:
        return filled
    paragraphs: list[str] = []
    before = ""
    for line in lines:
        if line and before:
            paragraphs[-1] += " " + line
        elif line:
            paragraphs.append(line)
        before = line
    return paragraphs


BUNDLE = Bundle(
    database=DATABASE,
    documents=documents,
    read=read,
    advice="Export it again as Word with full texts, and drop that.",
)

"""Which news agency an article is from: by its dateline, its id, its outlet, its by-line, its credit or its rights."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from worker.parse.facts.agencies import agency
from worker.parse.facts.people import introduction
from worker.parse.facts.people_words import KINDS, ROLES

REACH = 160  # look for the agency of a dateline in this many code points from the start of the text
END_REACH = 80  # look for the credit of an agency in this many last code points
LONGEST_LINE = 300  # look at no more than this many code points of a by-line or of a line about rights
MOST_LINES = 20  # look at no more than this many by-lines

# "(ANSA) - ", "LISBON — (AP) — ", "Madrid, 5 mar (EFE).- ", "Berlin [epd] - ". Behind a name without a date, brackets
# may hold its short form: "Palestinian Authority (PA) - ".
AT_START = re.compile(
    r"(?:[^()\[\]\n]{0,60}?(?:\d\.?(?:\s[^\W\d_]{3,10}\.?)?,?|[-–—]))??\s?\((?P<round>[^()\[\]\n]{2,40})\)\s?[.:,]?\s?[-–—]"
    r"|[^()\[\]\n]{0,60}\((?P<stopped>[^()\[\]\n]{2,40})\)\.\s?[-–—]"
    r"|[^()\[\]\n]{0,60}\[(?P<square>[^()\[\]\n]{2,40})\]\s?[.:,]?\s?[-–—]"
    r"|[^()\[\]\n/]{0,60}[.\s]/(?P<slashes>[^/\s]{2,20})/"
)
IN_BRACKETS = re.compile(r"[(\[](?P<name>[^()\[\]\n]{2,40})[)\]]")
# No place, as The Hague is one, but a body: "The Palestinian Authority (PA)".
BODY = re.compile(r"(?:The|Die|Der|Das|La|Le|Il|El)\s[^\s(]+\s[^\s(]")
# "(Reuters)", "— AP", "Source: dpa", "Quelle: apa/dpa" at the end of a text
CREDIT = re.compile(
    r"(?:[—–-]{1,2} ?|[(\[]|© ?|(?i:source|quelle|fuente|fonte|bron|via): ?)"
    r"(?P<name>[^\W\d][\w./ -]{1,40}?)[)\]]?\.?\s*\Z"
)
RIGHTS = re.compile(
    r"(?i)(?:©|\(c\)|\bcopyright\b)[\s©,]*(?:\(c\))?\s*(?:by\s+)?(?:\d{4}(?:\s?[-–]\s?\d{4})?)?[\s,:]*(?:by\s+)?"
    r"(?P<name>[^\W\d][^.,;|(©\n]{1,60})"
)
AFTER_RIGHTS = re.compile(r"(?i)\s+(?:all rights|alle rechte|tous droits|todos los)\b.*")
PARTS = re.compile(r"[,;|()•·/]|\s[-–—]\s|\s(?:and|und|et|y|with|for|of|von|mit|from|via)\s", re.IGNORECASE)
# "urn:newsml:afp.com:…", "tag:reuters.com,2024:…", "https://www.ansa.it/…", "AP:D8…"
PROVIDER = re.compile(
    r"(?i)(?:urn:newsml:|tag:|https?://|urn:)(?:[\w-]{1,60}\.){0,3}?(?P<domain>[\w-]{2,60})\.(?:co\.)?[a-z]{2,6}[:,/]"
    r"|(?P<name>[^:/.]{2,40}):"
)


def wire(
    text: str,
    body_end: int,
    *,
    dateline: str | None = None,
    outlet: str | None = None,
    by_lines: Iterable[str] = (),
    licence: str | None = None,
    identifier: str | None = None,
) -> str | None:
    """Return the short name of the agency that an article is from ("AP", "Reuters", "dpa"); None if nothing names one.

    `text[:body_end]` ends with the body, and `by_lines` are as the document has them. If several places name an agency,
    the first of them counts in this order: dateline, id, outlet, by-line, credit at the end of the body, rights.
    """
    places = (
        _in_dateline(text, dateline),
        _given_by(identifier),
        _first([outlet or ""]),
        _first(part for line in islice(by_lines, MOST_LINES) for part in _parts(line)),
        _first(match["name"] for match in CREDIT.finditer(text[max(0, body_end - END_REACH) : body_end])),
        _first(AFTER_RIGHTS.sub("", match["name"]) for match in RIGHTS.finditer((licence or "")[:LONGEST_LINE])),
    )
    return next(filter(None, places), None)


def _in_dateline(text: str, dateline: str | None) -> str | None:
    """Return the agency in the dateline, or in what looks like one at the start of a text."""
    place = (dateline or "")[:REACH]
    names = [] if BODY.match(place) else [match["name"] for match in IN_BRACKETS.finditer(place)]
    at_start = AT_START.match(text[: 10 * REACH].lstrip()[:REACH])
    return _first(names) or _first(filter(None, at_start.groups() if at_start else ()))


def _given_by(identifier: str | None) -> str | None:
    """Return the agency that gave an id, by the domain or the name at its beginning."""
    match = PROVIDER.match(identifier or "")
    return _first([match["domain"] or match["name"]]) if match else None


def _parts(by_line: str) -> Iterator[str]:
    """Yield the parts of a by-line, and of "AP Business Writer" and "Reuters Staff" the agency."""
    line = by_line[:LONGEST_LINE]
    for part in PARTS.split(line[introduction(line) :]):
        words = part.split()
        while len(words) > 1 and words[-1].casefold().strip(".") in ROLES | KINDS:
            words.pop()
        yield " ".join(words)


def _first(names: Iterable[str]) -> str | None:
    """Return the agency that the first of these names names; "dpa/lno" and "AP, Reuters" name the first of them."""
    for name in names:
        for part in (name, *re.split(r"/|,| - ", name)):
            first_word = part.strip().partition("-")[0]
            if found := agency(part.strip(" .")) or agency(first_word.strip()):
                return found
    return None

"""Finding the body of an article: the text between the dateline and the trailer of licences and credits.

The text is not changed: the result has offsets into the text, and copies of the dateline, licence and outlet.
Datelines follow the agencies' style books (AP: place in capitals, perhaps a date and the agency, a dash).
"""

import re
from dataclasses import dataclass

from worker.parse.facts.date_words import MONTHS, plain
from worker.parse.facts.outlets import is_credit

DATE_ALONE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}")
DATELINE_REACH = 160  # look for a dateline only in this many code points from the start; no dateline is longer
TRAILER_REACH = 800  # look for each line of the trailer no further back than this many code points
TRAILER_LINES = 12  # remove at most this many lines; a text with more trailer lines is nothing but a trailer

# "TEHRAN — ", "WASHINGTON, Jan 5 (Reuters) - ", "Paris (AFP) – ", "ST. PETERSBURG, Russia -- ",
# "Madrid, 3 feb (EFE).- ", "(ANSA) - ROMA, 1 LUG - "
DATELINE = re.compile(
    r"""\s*
    (?P<dateline>
        (?:\([A-Z][\w./]{1,20}\)\ [—–-]\ )?
        (?P<place>[^\W\d_][\w.'’/ -]{0,48}?[\w.])
        (?P<region>(?:,\ [^\W\d_][\w.]*(?:\ [^\W\d_][\w.]*){0,2}){0,2})
        (?:,?\ (?P<date>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\ \d{1,2}(?:,\ \d{4})?
            |\d{1,2}\.?\ (?P<month>[^\W\d_]{3,12})\.?(?:,?\ \d{4})?(?=\ [(—–-])))?
        (?P<agency>\ \([\w/. -]{2,40}\))?
    )
    \s?(?:—|–|--|\.?-)\s+""",
    re.VERBOSE,
)
# Words in capitals that may stand before a dash but are not places.
LABELS = re.compile(
    r"(?:BREAKING|UPDATE|EXCLUSIVE|OPINION|ANALYSIS|WATCH|VIDEO|LIVE|PHOTOS?|CORRECTED|CORRECTION|FACTBOX|EXPLAINER"
    r"|REVIEW|INTERVIEW|EDITORIAL|COMMENTARY|NOTE|SPECIAL)\b"
)

STARTS = re.compile(r"(?:(?<![^\n])|(?<=\s)(?<![\w,;:]\s))[ \t]*")  # the start of a line or of a sentence
NAME_OF_LICENCE = (
    r"(?-i:\b(?:[A-Z][\w.-]{1,30},? (?:[\w.-]{1,30} ){0,6}[Ll]icen[sc]e|CC[ -]?(?:BY|0|ZERO)|Creative Commons"
    r"|GFDL|GPL)\b)"
)
LICENCES = tuple(
    re.compile(r"(?P<licence>" + pattern + r")\s*\Z", re.IGNORECASE)
    for pattern in (
        r"All content (?:by|of|from) (?P<outlet>[^\n]{2,80}?) is licen[sc]ed under an? [^\n]{3,150}?licen[sc]e\.?",
        r"(?:This|The) (?:article|work|content|text|story|material)[^.\n]{0,60}? is (?:licen[sc]ed|published|available)"
        rf" under (?=[^\n]{{0,160}}?{NAME_OF_LICENCE})[^\n]{{3,200}}",
        r"(?:This|The) (?:article|story)[^.\n]{0,80}? (?:republished|reprinted) [^\n]{0,120}?licen[sc]e[^\n]{0,160}",
        r"(?:Copyright(?: ©| \(c\))?|©|\(c\)) ?\d{4}\b[^\n]{0,400}",
        r"(?:Copyright )?© ?[^\n]{0,200}",
        r"All rights reserved\.?[^\n]{0,300}",
    )
)
CREDITS = tuple(
    re.compile(pattern + r"\s*\Z")
    for pattern in (
        r"\((?:[A-Z][a-z]+ )?(?:[Rr]eport(?:ing|ed)|[Ww]rit(?:ing|ten)|[Ee]dit(?:ing|ed)|[Cc]ompiled"
        r"|[Tt]ranslat(?:ion|ed)|[Gg]raphics?|[Pp]roduction) by [^()\n]{2,600}\)\.?",
        r"(?:Additional )?(?:Reporting|Writing) by [^\n]{2,300}?(?:; ?)?Editing by [^\n.]{2,200}\.?",
        r"Our Standards: [^\n]{0,160}",
        r"\(?END(?:S|ITEM)?\)?\.?",
        r"(?:###|-30-|—30—)",
    )
)


@dataclass(frozen=True, slots=True)
class Body:
    """The bounds `[start, end)` of the body, in code points of the text, and the fields found outside the body."""

    start: int
    end: int
    dateline: str | None = None
    licence: str | None = None
    outlet: str | None = None


def body(text: str, begin: int = 0) -> Body:
    """Return the bounds of the body of `text`. White space at its ends does not belong to the body.

    What stands before `begin` (a title, a by-line) does not belong to it either.
    """
    first = len(text) - len(text[begin:].lstrip())
    start, dateline = _dateline(text, first)
    end, licence, outlet = _trailer(text, first)
    if start >= end:  # nothing is between dateline and trailer: the body is the whole text
        return Body(first, max(first, len(text.rstrip())))
    return Body(start, end, dateline, licence, outlet)


def _dateline(text: str, first: int) -> tuple[int, str | None]:
    """Return the offset after the dateline, and the dateline; if there is no dateline, return `first` and None."""
    match = DATELINE.match(text[: first + DATELINE_REACH], first)
    if match is None:
        return first, None
    place = match["place"]
    in_capitals = place.isupper() and not LABELS.match(place)
    is_place = place[0].isupper() and place.count(" ") <= 3
    if match["month"] and plain(match["month"]) not in MONTHS:
        return first, None
    is_dated = match["date"] or DATE_ALONE.fullmatch(place)  # some agencies write a date and no place
    if not (in_capitals or (is_place and match["agency"] and (is_dated or is_credit(match["agency"])))):
        return first, None
    return match.end(), match["dateline"]


def _trailer(text: str, first: int) -> tuple[int, str | None, str | None]:
    """Return the offset where the trailer begins, its licence lines joined, and the outlet that these lines name."""
    end = len(text.rstrip())
    licences: list[str] = []
    outlet: str | None = None
    for _ in range(TRAILER_LINES):
        match = _last_line(text, first, end)
        if match is None:
            break
        if "licence" in match.re.groupindex:
            licences.insert(0, match["licence"].strip())
        if "outlet" in match.re.groupindex:
            outlet = match["outlet"].strip()
        window = max(first, end - TRAILER_REACH)
        end = len(text[: window + match.start()].rstrip())
    return end, " ".join(licences) or None, outlet


def _last_line(text: str, first: int, end: int) -> re.Match[str] | None:
    """Return the match of a licence or credit that ends at `end` and does not start at `first`, or None."""
    window = max(first, end - TRAILER_REACH)
    stretch = text[window:end]
    starts = [match.end() for match in STARTS.finditer(stretch)]
    for pattern in LICENCES + CREDITS:
        match = next((match for start in starts if (match := pattern.match(stretch, start))), None)
        if match and window + match.start() > first:
            return match
    return None

"""Where the body of an article lies: between the dateline before it and the trailer of licences and credits after.

The text itself is never changed: what is found here are offsets into it, and the words of dateline and licence.
Datelines follow the agencies' style books (AP: place in capitals, perhaps a date and the agency, a dash).
"""

import re
from dataclasses import dataclass

DATELINE_REACH = 160  # code points from the start; longer is a sentence
TRAILER_REACH = 800  # code points from the end that one line of a trailer may take
TRAILER_LINES = 12  # a text that ends in more of them than this is made of them

# "TEHRAN — ", "WASHINGTON, Jan 5 (Reuters) - ", "Paris (AFP) – ", "ST. PETERSBURG, Russia -- "
DATELINE = re.compile(
    r"""\s*
    (?P<dateline>
        (?P<place>[^\W\d_][\w.'’/ -]{0,48}?[\w.])
        (?P<region>(?:,\ [^\W\d_][\w.]*(?:\ [^\W\d_][\w.]*){0,2}){0,2})
        (?:,?\ (?P<date>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\ \d{1,2}(?:,\ \d{4})?))?
        (?P<agency>\ \([\w/. -]{2,40}\))?
    )
    \s?(?:—|–|--|-)\s+""",
    re.VERBOSE,
)
# Capitals before a dash that are no place.
LABELS = re.compile(
    r"(?:BREAKING|UPDATE|EXCLUSIVE|OPINION|ANALYSIS|WATCH|VIDEO|LIVE|PHOTOS?|CORRECTED|CORRECTION|FACTBOX|EXPLAINER"
    r"|REVIEW|INTERVIEW|EDITORIAL|COMMENTARY|NOTE|SPECIAL)\b"
)

START = r"(?:(?<![^\n])|(?<=\s)(?<![\w,;:]\s))[ \t]*"  # a line's first word, or the first after a sentence
LICENCES = tuple(
    re.compile(START + r"(?P<licence>" + pattern + r")\s*\Z", re.IGNORECASE)
    for pattern in (
        r"All content (?:by|of|from) (?P<outlet>[^\n]{2,80}?) is licen[sc]ed under an? [^\n]{3,150}?licen[sc]e\.?",
        r"(?:This|The) (?:article|work|content|text|story|material)[^.\n]{0,60}? is (?:licen[sc]ed|published|available)"
        r" under [^\n]{3,200}",
        r"(?:This|The) (?:article|story)[^.\n]{0,80}? (?:republished|reprinted) [^\n]{0,120}?licen[sc]e[^\n]{0,160}",
        r"(?:Copyright(?: ©| \(c\))?|©|\(c\)) ?\d{4}\b[^\n]{0,400}",
        r"(?:Copyright )?© ?[^\n]{0,200}",
        r"All rights reserved\.?[^\n]{0,300}",
    )
)
CREDITS = tuple(
    re.compile(START + pattern + r"\s*\Z")
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
    """`[start, end)` of the body in code points of the text, and the words around it."""

    start: int
    end: int
    dateline: str | None = None
    licence: str | None = None
    outlet: str | None = None


def body(text: str) -> Body:
    """The body of `text`; all of it, less white space at both ends, where nothing stands around it."""
    first = len(text) - len(text.lstrip())
    start, dateline = _dateline(text, first)
    end, licence, outlet = _trailer(text, first)
    if start >= end:  # a text that is nothing but a dateline or a trailer keeps it
        return Body(first, max(first, len(text.rstrip())))
    return Body(start, end, dateline, licence, outlet)


def _dateline(text: str, first: int) -> tuple[int, str | None]:
    found = DATELINE.match(text[: first + DATELINE_REACH])
    if found is None:
        return first, None
    place = found["place"]
    in_capitals = place.isupper() and not LABELS.match(place)
    if not (in_capitals or (found["agency"] and place[0].isupper() and place.count(" ") <= 3)):
        return first, None
    return found.end(), found["dateline"]


def _trailer(text: str, first: int) -> tuple[int, str | None, str | None]:
    """The end of what comes before the trailer; the licence lines in it, joined; the outlet that they name."""
    end = len(text.rstrip())
    licences: list[str] = []
    outlet: str | None = None
    for _ in range(TRAILER_LINES):
        found = _last_line(text, first, end)
        if found is None:
            break
        if "licence" in found.re.groupindex:
            licences.insert(0, found["licence"].strip())
        if "outlet" in found.re.groupindex:
            outlet = found["outlet"].strip()
        window = max(first, end - TRAILER_REACH)
        end = len(text[: window + found.start()].rstrip())
    return end, " ".join(licences) or None, outlet


def _last_line(text: str, first: int, end: int) -> re.Match[str] | None:
    """A licence or credit that reaches to `end` and leaves something before it."""
    window = max(first, end - TRAILER_REACH)
    for pattern in LICENCES + CREDITS:
        found = pattern.search(text[window:end])
        if found and window + found.start() > first:  # the first character is no white space
            return found
    return None

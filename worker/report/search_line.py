"""Reads the line that people type into the search box: words and phrases, and words with a colon that narrow.

    talks -nuclear "sunset clause" speaker:lavrov -outlet:"Mehr News" for:boeing after:2024-05-01 before:7d kind:direct

Words and phrases are PostgreSQL's (`websearch_to_tsquery`), as in `onrecord quotes --search`. Any order will do.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from worker.report import day

MOST_CHARACTERS = 500
"""A line has at most this many characters."""

KINDS = ("direct", "mixed", "indirect")
YES_OR_NO = {"yes": True, "no": False}
NARROWING = re.compile(r'(?<!\S)(-?)(speaker|outlet|for|kind|denied|after|before):("[^"]*"|\S*)', re.IGNORECASE)
BLANKS = re.compile(r"\s+")


class Unreadable(ValueError):
    """Raised if a line cannot be read; the message says why and what to write."""


@dataclass(frozen=True, slots=True)
class SearchLine:
    """What a line asks for. `behalf`: for whom an unnamed source speaks.

    `after` is the first moment that counts, and `before` the first that does not.
    """

    words: str = ""
    speakers: tuple[str, ...] = ()
    not_speakers: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    not_outlets: tuple[str, ...] = ()
    behalf: tuple[str, ...] = ()
    not_behalf: tuple[str, ...] = ()
    kind: str | None = None
    denied: bool | None = None
    after: datetime | None = None
    before: datetime | None = None


def read_line(line: str, now: datetime | None = None) -> SearchLine:
    """Return what a line asks for. Raises `Unreadable`."""
    if len(line) > MOST_CHARACTERS:
        raise Unreadable(f"The search has {len(line):,} characters; write at most {MOST_CHARACTERS}.")
    named: dict[str, list[str]] = {}
    for found in NARROWING.finditer(line):
        value = found[3].strip('"').strip()
        key = found[1] + found[2].lower()
        if not value:
            raise Unreadable(f"Write what {key}: is, as in {key}:{EXAMPLES[found[2].lower()]}.")
        named.setdefault(key, []).append(value)
    for key in ("-kind", "-denied", "-after", "-before"):
        if key in named:
            raise Unreadable(f"{key}: cannot be read; write {key[1:]}: without the minus.")
    kind = named.get("kind", [None])[-1]
    if kind is not None and kind.lower() not in KINDS:
        raise Unreadable(f"“{kind}” is no kind. Write direct, mixed or indirect.")
    denied = named.get("denied", [None])[-1]
    if denied is not None and denied.lower() not in YES_OR_NO:
        raise Unreadable("Write denied:yes for what the source denied or did not say, denied:no for the rest.")
    try:
        return SearchLine(
            words=BLANKS.sub(" ", NARROWING.sub(" ", line)).strip(),
            speakers=tuple(named.get("speaker", ())),
            not_speakers=tuple(named.get("-speaker", ())),
            outlets=tuple(named.get("outlet", ())),
            not_outlets=tuple(named.get("-outlet", ())),
            behalf=tuple(named.get("for", ())),
            not_behalf=tuple(named.get("-for", ())),
            kind=kind.lower() if kind else None,
            denied=YES_OR_NO[denied.lower()] if denied else None,
            after=max((day.since(text, now) for text in named.get("after", ())), default=None),
            before=min((day.since(text, now) for text in named.get("before", ())), default=None),
        )
    except day.NotADay as error:
        raise Unreadable(str(error)) from error


EXAMPLES = {
    "speaker": "lavrov",
    "outlet": '"Mehr News"',
    "for": "boeing",
    "kind": "direct",
    "denied": "yes",
    "after": "2024-05-17",
    "before": "2024-05-17",
}

"""Signed quotations: `"…" — Name, role`, the signature on a line of its own, `"…" (Name, 34)`.

A dash after a quotation may as well open a clause of the writer's. A signature is short, begins with a capital, has no
verb and ends its paragraph, or is followed by another quotation where the line breaks are lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.building import build
from worker.extract.marks.paragraphs import SENTENCE_ENDS
from worker.extract.marks.regions import Region
from worker.extract.marks.sentences import ABBREVIATIONS, STARTERS
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.rules.cues import AUXILIARIES, BE
from worker.extract.rules.sources import MONTHS, STOPS
from worker.extract.rules.verbs import LEXICON, Form
from worker.extract.vocabulary import words

LONGEST = 100
"""Code points of a signature."""
MOST_WORDS = 14
SHORTEST = 3
"""Words of a signed quotation; shorter ones in marks are titles, with a theatre or a singer behind them."""
SHORTEST_UNFINISHED = 6
"""The same where the quotation has no full stop in its marks."""
DASH = re.compile(r"[.,]?\s*(―|—|–|~|--?)\s*(?=[^\W\d_a-z]|@)")
BRACKET = re.compile(r"[.,]?\s*(\()([^()\n]{3,80})\)\.?$")
SIGNER = re.compile(r"[^\W\d_]\w*[\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){0,3}, (?:\d{1,2}$|[^\d]+$)")
"""`Name, 34` and `Name, place`; a year, a chapter or an agency alone is no signature."""
POSTED = re.compile(r",? (?:on )?(?:" + "|".join(sorted(MONTHS)) + r")\.? \d{1,2}(?:, \d{4})?$", re.IGNORECASE)
INNER_END = re.compile(r"(\S*)[.!?;:] +(?=[^\W\d_a-z])")
NO_NAME = (STARTERS | STOPS) - words("a an the his her their")
DESK = words("newsroom newsdesk bureau desk")
"""A wire's own signature under its report: `-- Prague Newsroom, 42-2-2423-0003`."""
NUMBER = re.compile(r"(?<!\w)\+?\d[\d\-]{2,}|[#<>=/]")
"""Telephone numbers, tags and mark-up; ages have two figures."""
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Signature:
    """Where a quotation's signature stands: its dash or bracket, the name, and where all of it ends."""

    sign: Span
    name: Span
    end: int


def signatures(text: str, paragraphs: Sequence[Span], outermost: Sequence[Region]) -> list[Quotation]:
    """The quotations that are signed, by start."""
    found: list[Quotation] = []
    at, before = 0, -1
    for number, region in enumerate(outermost):
        while at + 1 < len(paragraphs) and paragraphs[at + 1][0] <= region.segments[-1][0]:
            at += 1
        following = outermost[number + 1].start if number + 1 < len(outermost) else len(text)
        if not statement(text, region):
            continue
        begun = first_of_line(text, paragraphs, at, region)
        if not begun and not follows(text, region, before):
            continue
        signature = beside(text, paragraphs[at], region.end, following)
        if signature is None and begun:
            signature = below(text, paragraphs, at, region)
        if signature is not None:
            before = signature.end
            made = quotation(text, region, signature)
            found += [made] if made is not None else []
    return found


def statement(text: str, region: Region) -> bool:
    """Whether marks hold enough to be something said, not a title."""
    said = " ".join(text[start:end] for start, end in region.segments).strip()
    finished = said.rstrip("'’”\")]")[-1:] in frozenset(".!?…")
    return len(said.split(maxsplit=SHORTEST_UNFINISHED)) >= (SHORTEST if finished else SHORTEST_UNFINISHED)


def first_of_line(text: str, paragraphs: Sequence[Span], at: int, region: Region) -> bool:
    """Whether nothing but a bullet stands before the quotation in the paragraph where it opens."""
    while at > 0 and paragraphs[at][0] > region.start:
        at -= 1
    lead = text[paragraphs[at][0] : region.start]
    return not any(sign.isalnum() for sign in lead)


def follows(text: str, region: Region, before: int) -> bool:
    """Whether a quotation inside a line opens right after a whole sentence or the signature before it."""
    lead = text[max(0, region.start - 3) : region.start].rstrip()
    return lead[-1:] in frozenset(".!?…:") or (before >= 0 and not text[before : region.start].strip())


def beside(text: str, paragraph: Span, start: int, following: int) -> Signature | None:
    """A signature between a quotation's end and the end of its line, or the next quotation."""
    stop = min(paragraph[1], following)
    if stop - start > LONGEST + 10:
        return None
    dash = DASH.match(text, start, stop)
    if dash is not None:
        return signed(text, dash.span(1), (dash.end(), stop))
    bracket = BRACKET.match(text, start, stop)
    if bracket is None or not SIGNER.match(bracket.group(2)) or not nominal(bracket.group(2)):
        return None
    dated = not MONTHS.isdisjoint(bracket.group(2).lower().split())
    return None if dated else Signature(bracket.span(1), bracket.span(2), bracket.end())


def below(text: str, paragraphs: Sequence[Span], at: int, region: Region) -> Signature | None:
    """A signature that is the next paragraph, under a quotation that fills its own; one of a list's items is none."""
    if at + 1 >= len(paragraphs) or text[region.end : paragraphs[at][1]].strip(" .,"):
        return None
    start, end = paragraphs[at + 1]
    if end - start > LONGEST or (at + 2 < len(paragraphs) and DASH.match(text, *paragraphs[at + 2])):
        return None
    return beside(text, (start, end), start, end)


def signed(text: str, dash: Span, rest: Span) -> Signature | None:
    """The signature that what follows a dash is; None for a clause."""
    name = text[slice(*rest)].rstrip()
    end = rest[0] + len(name)
    name = POSTED.sub("", name)
    if name.endswith(".") and len(WORD.findall(name)[-1]) > 1:
        name = name[:-1]
    whole = name and name[-1] not in SENTENCE_ENDS - frozenset(".)") and name[-1] not in "-–—,"
    return Signature(dash, (rest[0], rest[0] + len(name)), end) if whole and nominal(name) else None


def nominal(name: str) -> bool:
    """Whether a stretch reads as who somebody is: no verb, no second sentence, no pronoun."""
    said = WORD.findall(name.replace("’", "'"))
    if not name.lstrip("@")[:1].isupper() and not name.startswith("@"):
        return False
    if not 1 <= len(said) <= MOST_WORDS or len(name) > LONGEST or said[0].lower() in NO_NAME:
        return False
    if NUMBER.search(name) or not DESK.isdisjoint(word.lower() for word in said):
        return False
    for match in INNER_END.finditer(name):
        before = match.group(1).lower()
        if len(before) > 1 and before not in ABBREVIATIONS:
            return False
    return not any(verbal(word) for word in said[1:])


def verbal(word: str) -> bool:
    """Whether a word in lower case is a verb with a subject."""
    if word in BE or word in AUXILIARIES:
        return True
    verb = LEXICON.get(word)
    return verb is not None and verb.form in (Form.PAST, Form.PRESENT)


def quotation(text: str, region: Region, signature: Signature) -> Quotation | None:
    """A quoted region with its signature as source and the dash as cue."""
    source = Mention(text[slice(*signature.name)], *signature.name)
    cue = Mention(text[slice(*signature.sign)], *signature.sign)
    return build(text, region.segments, Kind.DIRECT, source, cue, confidence("signature", Kind.DIRECT))

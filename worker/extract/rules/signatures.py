"""Signed quotations: `"…" — Name, role`, the signature on a line of its own, `"…" (Name, 34)`.

A dash after a quotation may also begin a clause that the writer adds. A signature is short, begins with a capital, has
no verb and ends its paragraph. If the line breaks are lost, the next quotation may follow it instead.
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
from worker.extract.rules.verbs import LEXICON, VerbForm
from worker.extract.vocabulary import words

LONGEST = 100
"""At most this many code points make a signature."""
MOST_WORDS = 14
SHORTEST = 3
"""Ignore quotations with fewer words: they are titles of works, and the name of a theatre or singer follows them."""
SHORTEST_UNFINISHED = 6
"""Ignore quotations with fewer words if no full stop or similar sign ends them inside the marks."""
DASH = re.compile(r"[.,]?\s*(―|—|–|~|--?)\s*(?=[^\W\d_a-z]|@)")
BRACKET = re.compile(r"[.,]?\s*(\()([^()\n]{3,80})\)\.?$")
SIGNER = re.compile(r"[^\W\d_]\w*[\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){0,3}, (?:\d{1,2}$|[^\d]+$)")
"""`Name, 34` and `Name, place`. A year, a chapter or an agency alone is no signature."""
POSTED = re.compile(r",? (?:on )?(?:" + "|".join(sorted(MONTHS)) + r")\.? \d{1,2}(?:, \d{4})?$", re.IGNORECASE)
INNER_END = re.compile(r"(\S*)[.!?;:] +(?=[^\W\d_a-z])")
NO_NAME = (STARTERS | STOPS) - words("a an the his her their")
DESK = words("newsroom newsdesk bureau desk")
"""Ignore the signature of an agency under its report: `-- Prague Newsroom, 42-2-2423-0003`."""
NUMBER = re.compile(r"(?<!\w)\+?\d[\d\-]{2,}|[#<>=/]")
"""Ignore signatures with telephone numbers, tags or markup. An age has only two digits, so it does not match."""
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Signature:
    """The offsets of a quotation's signature: of its dash or bracket, of its name, and of the end of the signature."""

    sign: Span
    name: Span
    end: int


def signatures(text: str, paragraphs: Sequence[Span], outermost: Sequence[Region]) -> list[Quotation]:
    """Return the signed quotations, by start."""
    signed_quotations: list[Quotation] = []
    at, before = 0, -1
    for number, region in enumerate(outermost):
        while at + 1 < len(paragraphs) and paragraphs[at + 1][0] <= region.segments[-1][0]:
            at += 1
        following = outermost[number + 1].start if number + 1 < len(outermost) else len(text)
        if not is_statement(text, region):
            continue
        begins_line = is_first_of_line(text, paragraphs, at, region)
        if not begins_line and not follows(text, region, before):
            continue
        signature = beside(text, paragraphs[at], region.end, following)
        if signature is None and begins_line:
            signature = below(text, paragraphs, at, region)
        if signature is not None:
            before = signature.end
            quoted = quotation(text, region, signature)
            signed_quotations += [quoted] if quoted is not None else []
    return signed_quotations


def is_statement(text: str, region: Region) -> bool:
    """True if there are enough words in the marks for a quotation. A title has fewer words."""
    content = " ".join(text[start:end] for start, end in region.segments).strip()
    is_finished = content.rstrip("'’”\")]")[-1:] in frozenset(".!?…")
    return len(content.split(maxsplit=SHORTEST_UNFINISHED)) >= (SHORTEST if is_finished else SHORTEST_UNFINISHED)


def is_first_of_line(text: str, paragraphs: Sequence[Span], at: int, region: Region) -> bool:
    """True if the quotation is the first thing in the paragraph where it opens, apart from a bullet."""
    while at > 0 and paragraphs[at][0] > region.start:
        at -= 1
    lead = text[paragraphs[at][0] : region.start]
    return not any(sign.isalnum() for sign in lead)


def follows(text: str, region: Region, before: int) -> bool:
    """True if a quotation inside a line opens right after a whole sentence or after the previous signature."""
    lead = text[max(0, region.start - 3) : region.start].rstrip()
    return lead[-1:] in frozenset(".!?…:") or (before >= 0 and not text[before : region.start].strip())


def beside(text: str, paragraph: Span, start: int, following: int) -> Signature | None:
    """Return the signature between the end of a quotation and the end of its line or the next quotation."""
    stop = min(paragraph[1], following)
    if stop - start > LONGEST + 10:
        return None
    dash = DASH.match(text, start, stop)
    if dash is not None:
        return signed(text, dash.span(1), (dash.end(), stop))
    bracket = BRACKET.match(text, start, stop)
    if bracket is None or not SIGNER.match(bracket.group(2)) or not nominal(bracket.group(2)):
        return None
    is_dated = not MONTHS.isdisjoint(bracket.group(2).lower().split())
    return None if is_dated else Signature(bracket.span(1), bracket.span(2), bracket.end())


def below(text: str, paragraphs: Sequence[Span], at: int, region: Region) -> Signature | None:
    """Return the signature in the paragraph below a quotation; None if that paragraph is an item of a list.

    The quotation must end its own paragraph.
    """
    if at + 1 >= len(paragraphs) or text[region.end : paragraphs[at][1]].strip(" .,"):
        return None
    start, end = paragraphs[at + 1]
    if end - start > LONGEST or (at + 2 < len(paragraphs) and DASH.match(text, *paragraphs[at + 2])):
        return None
    return beside(text, (start, end), start, end)


def signed(text: str, dash: Span, rest: Span) -> Signature | None:
    """Return the signature after a dash; None if the words after it are a clause."""
    name = text[slice(*rest)].rstrip()
    end = rest[0] + len(name)
    name = POSTED.sub("", name)
    if name.endswith(".") and len(WORD.findall(name)[-1]) > 1:
        name = name[:-1]
    is_whole = name and name[-1] not in SENTENCE_ENDS - frozenset(".)") and name[-1] not in "-–—,"
    return Signature(dash, (rest[0], rest[0] + len(name)), end) if is_whole and nominal(name) else None


def nominal(name: str) -> bool:
    """True if a stretch looks like a name and a role: it has no verb, no second sentence and no pronoun."""
    name_words = WORD.findall(name.replace("’", "'"))
    if not name.lstrip("@")[:1].isupper() and not name.startswith("@"):
        return False
    if not 1 <= len(name_words) <= MOST_WORDS or len(name) > LONGEST or name_words[0].lower() in NO_NAME:
        return False
    if NUMBER.search(name) or not DESK.isdisjoint(word.lower() for word in name_words):
        return False
    for match in INNER_END.finditer(name):
        before = match.group(1).lower()
        if len(before) > 1 and before not in ABBREVIATIONS:
            return False
    return not any(is_verb(word) for word in name_words[1:])


def is_verb(word: str) -> bool:
    """True if a word is a finite verb or an auxiliary in lower case."""
    if word in BE or word in AUXILIARIES:
        return True
    verb = LEXICON.get(word)
    return verb is not None and verb.form in (VerbForm.PAST, VerbForm.PRESENT)


def quotation(text: str, region: Region, signature: Signature) -> Quotation | None:
    """Return the quoted region as a quotation, with the signature's name as source and its dash or bracket as cue."""
    source = Mention(text[slice(*signature.name)], *signature.name)
    cue = Mention(text[slice(*signature.sign)], *signature.sign)
    return build(text, region.segments, Kind.DIRECT, source, cue, confidence("signature", Kind.DIRECT))

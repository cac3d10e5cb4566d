"""The quotation marks of a text: position and family of each mark, and whether it opens or closes a quotation."""

import re
from dataclasses import dataclass
from enum import Enum

MARK = re.compile(r"''|``|[\"“”„‟«»‹›‘’‚‛'＂〝〞「」｢｣『』﹁﹂﹃﹄]")
DOUBLE, SINGLE, GUILLEMET, SMALL_GUILLEMET = "double", "single", "guillemet", "small guillemet"
CORNER, WHITE_CORNER = "corner bracket", "white corner bracket"
FAMILIES = {
    **dict.fromkeys(["''", "``", '"', "“", "”", "„", "‟", "＂", "〝", "〞"], DOUBLE),
    **dict.fromkeys(["‘", "’", "‚", "‛", "'"], SINGLE),
    **dict.fromkeys(["«", "»"], GUILLEMET),
    **dict.fromkeys(["‹", "›"], SMALL_GUILLEMET),
    **dict.fromkeys("「」｢｣﹁﹂", CORNER),
    **dict.fromkeys("『』﹃﹄", WHITE_CORNER),
}
OPENING = frozenset("“‘„‚«‹‟‛〝「｢﹁『﹃") | {"``"}
CLOSING = frozenset("”’»›〞」｣﹂』﹄")
BEFORE_OPENING = frozenset("([{-–—―/|:>*“‘„‚«‹\"'")
AFTER_CLOSING = frozenset(".,;:!?)]}…")
ELISION = re.compile(r"(?:\d0s?|\d\ds|em|til|tis|twas|cause|n|bout|round|nuff|kay)(?![\w])", re.IGNORECASE)
"""The rest of a word that begins with an apostrophe: 'em, '90s."""


class Role(Enum):
    """What a mark can do at its position."""

    OPENS = "opens"
    CLOSES = "closes"
    EITHER = "either"


@dataclass(slots=True)
class Mark:
    """One mark. A `weak` mark may be the apostrophe of a plural (the workers' rights)."""

    start: int
    end: int
    sign: str
    family: str
    role: Role
    weak: bool = False


def marks(text: str, start: int, end: int) -> list[Mark]:
    """Return every quotation mark in `text[start:end]`; apostrophes are left out."""
    signs: list[Mark] = []
    for match in MARK.finditer(text, start, end):
        sign = match.group()
        family = FAMILIES[sign]
        first, last = match.span()
        before = text[first - 1] if first > start else " "
        after = text[last] if last < end else " "
        role = single(text, sign, last, before, after) if family == SINGLE else double(sign, before, after)
        if role is not None:
            weak = family == SINGLE and before in "sS" and after == " " and text[last + 1 : last + 2].isalpha()
            signs.append(Mark(first, last, sign, family, role, weak))
    return signs


def double(sign: str, before: str, after: str) -> Role | None:
    """Return the role of a double mark or guillemet; None if the mark belongs to markup.

    A typist may have used an opening curly mark where a closing mark belongs, or the reverse.
    """
    if before == "=":
        return None  # an attribute of an HTML tag that was left in the text
    opens = (before.isspace() or before in BEFORE_OPENING) and not after.isspace() and after not in AFTER_CLOSING
    closes = not before.isspace()
    if sign in OPENING:
        turned = closes and before not in BEFORE_OPENING and (after.isspace() or after in AFTER_CLOSING)
        return Role.CLOSES if turned else Role.OPENS
    if sign in CLOSING:
        return Role.EITHER if opens and before not in BEFORE_OPENING else Role.CLOSES
    if opens:
        return Role.OPENS
    return Role.CLOSES if closes else Role.EITHER


def single(text: str, sign: str, last: int, before: str, after: str) -> Role | None:
    """Return the role of a single mark; None if it is an apostrophe."""
    if before.isalnum() and after.isalnum():
        return None
    if sign in "‚‛":
        return Role.OPENS
    opens = not before.isalnum() and before not in ".,!?…)" and (after.isalnum() or after in '“"[$£€…#@')
    if opens:
        elided = ELISION.match(text, last) is not None
        return None if elided or sign == "’" else Role.OPENS
    if sign == "‘":
        return Role.CLOSES if not before.isspace() else None
    return None if before.isspace() else Role.CLOSES

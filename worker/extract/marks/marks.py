"""The quotation marks of a text: position and family of each mark, and whether it opens or closes a quotation."""

import re
from dataclasses import dataclass
from enum import Enum

MARK = re.compile(r"''|``|‘‘|’’|[\"“”„‟«»‹›‘’‚‛'＂〝〞「」｢｣『』﹁﹂﹃﹄]")
DOUBLE, SINGLE, GUILLEMET, SMALL_GUILLEMET = "double", "single", "guillemet", "small guillemet"
CORNER, WHITE_CORNER = "corner bracket", "white corner bracket"
FAMILIES = {
    **dict.fromkeys(["''", "``", "‘‘", "’’", '"', "“", "”", "„", "‟", "＂", "〝", "〞"], DOUBLE),
    **dict.fromkeys(["‘", "’", "‚", "‛", "'"], SINGLE),
    **dict.fromkeys(["«", "»"], GUILLEMET),
    **dict.fromkeys(["‹", "›"], SMALL_GUILLEMET),
    **dict.fromkeys("「」｢｣﹁﹂", CORNER),
    **dict.fromkeys("『』﹃﹄", WHITE_CORNER),
}
OPENING = frozenset("“‘„‚«‹‟‛〝「｢﹁『﹃") | {"``", "‘‘"}
CLOSING = frozenset("”’»›〞」｣﹂』﹄") | {"’’"}
BEFORE_OPENING = frozenset("([{-–—―/|:>*“‘„‚«‹\"'")
AFTER_CLOSING = frozenset(".,;:!?)]}…")
LOOK_BACK = 8
"""So many marks before `’’` are looked at for an open double mark."""
ELISION = re.compile(r"(?:\d0s?|\d\ds|em|til|tis|twas|cause|n|bout|round|nuff|kay)(?![\w])", re.IGNORECASE)
"""The rest of a word that begins with an apostrophe: 'em, '90s."""


class Role(Enum):
    """What a mark can do at its position."""

    OPENS = "opens"
    CLOSES = "closes"
    EITHER = "either"


@dataclass(slots=True)
class Mark:
    """One mark. A `weak` mark may be the apostrophe of a plural (the workers' rights) or the sign of inches (12")."""

    start: int
    end: int
    sign: str
    family: str
    role: Role
    weak: bool = False


def marks(text: str, start: int, end: int) -> list[Mark]:
    """Return every quotation mark in `text[start:end]`; apostrophes are left out.

    `‘‘` and `’’` are double marks if both stand there, or if another double mark was opened before. Else they are two
    single marks, of which one quotation is inside the other.
    """
    signs: list[Mark] = []
    last_closing = text.rfind("’’", start, end)
    for match in MARK.finditer(text, start, end):
        first, last = match.span()
        sign = match.group()
        opened = bool(signs) and any(mark.family == DOUBLE for mark in signs[-LOOK_BACK:])
        if (sign == "‘‘" and last_closing < last) or (sign == "’’" and not opened):
            found = [mark_at(text, start, end, place, place + 1) for place in (first, first + 1)]
        else:
            found = [mark_at(text, start, end, first, last)]
        signs += [mark for mark in found if mark is not None]
    return signs


def mark_at(text: str, start: int, end: int, first: int, last: int) -> Mark | None:
    """Return the mark at `text[first:last]` in the paragraph `text[start:end]`; None if it is none."""
    sign = text[first:last]
    family = FAMILIES[sign]
    before = text[first - 1] if first > start else " "
    after = text[last] if last < end else " "
    if sign in "»›" and first == start and after.isspace():
        return None  # a bullet
    role = single(text, sign, last, before, after) if family == SINGLE else double(sign, before, after)
    return None if role is None else Mark(first, last, sign, family, role, is_weak(text, sign, last, before, after))


def is_weak(text: str, sign: str, last: int, before: str, after: str) -> bool:
    """True if a mark may be an apostrophe or a sign of inches instead."""
    if sign == '"':
        return before.isdigit()
    is_single = FAMILIES[sign] == SINGLE
    return is_single and before in "sS" and after == " " and text[last + 1 : last + 2].isalpha()


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

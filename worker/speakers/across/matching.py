"""Whether two names are one person or body: joined, proposed to a person, or not; pure and symmetric."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from worker.speakers.across import likeness
from worker.speakers.across.body import acronym, gist, ordered, turned
from worker.speakers.across.name import FATHERS, Name
from worker.speakers.across.office import alike, clash, shared
from worker.speakers.within.resolution import EntityKind

Words = tuple[str, ...]
Roles = Iterable[str]


class Link(StrEnum):
    """What is done about two names."""

    JOIN = "join"
    PROPOSE = "propose"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two names are to each other, why, and how surely (0 to 1) they are the same.

    `contradicts`: they cannot be one, so that no third name may bring them together. `clashes`: neither may one that is
    no surer of both. `alone`: one is a surname alone.
    """

    link: Link
    evidence: str = ""
    confidence: float = 0.0
    contradicts: bool = False
    clashes: bool = False
    alone: bool = False


NO = Verdict(Link.NO, contradicts=True)
SHIFTED = Verdict(Link.NO, "one may begin where the other ends")
SECOND_NAME = Verdict(Link.NO, "one may go by the second name")

SURNAMES = ("surname only", "part of the surname only")
"""The reasons for a surname alone, which `bare` sees to."""

LIKELY = 0.7
"""Confidence in a doubtful name with an office beside it that is the same as far as it is told."""

SUPPORTED = 0.85
"""Confidence in a doubtful name that has the same office beside it."""


def compare(one: Name, other: Name, roles: Roles = (), other_roles: Roles = ()) -> Verdict:
    """Compare two names, with the roles seen with each ("russian foreign minister"); the order does not matter.

    The same office turns a doubtful name into a join; it never makes two given names one. Roles that clash turn a join
    of two spellings into a proposal, and leave what is doubtful apart.
    """
    if one.kind is not other.kind:
        return NO
    (a, a_roles), (b, b_roles) = sorted(
        ((one, frozenset(roles)), (other, frozenset(other_roles))),
        key=lambda pair: (len(pair[0].words), pair[0].words, pair[0].text, sorted(pair[1])),
    )
    if a.kind is EntityKind.BODY:
        return _bodies(a, b)
    if a.generation != b.generation:
        return NO
    if a.bare:
        return _spelled_alike(a, b) if a.whole == b.whole else _surname_only(a.words[0], b.words)
    verdict = _spelled_alike(a, b) if a.whole == b.whole else _persons(a, b)
    if a.text == b.text or (verdict.link is Link.NO and verdict is not SHIFTED):
        return verdict
    return _by_roles(verdict, a_roles, b_roles)


def _by_roles(verdict: Verdict, roles: frozenset[str], others: frozenset[str]) -> Verdict:
    if same := shared(roles, others):
        told = _told(same)
        if verdict is SHIFTED:
            return Verdict(Link.PROPOSE, f"one surname's word, and the same role ({told})", 0.4)
        confidence = SUPPORTED if verdict.link is Link.PROPOSE else max(verdict.confidence, 0.95)
        return Verdict(Link.JOIN, f"{verdict.evidence}, and the same role ({told})", confidence)
    if verdict.link is not Link.NO and (two := clash(roles, others)):
        evidence = f"{verdict.evidence}, but the roles differ ({_told(two)})"
        if verdict.link is Link.JOIN:
            return Verdict(Link.PROPOSE, evidence, 0.5, clashes=True)
        return Verdict(Link.NO, evidence, clashes=True)
    if verdict.link is Link.PROPOSE and (near := alike(roles, others)):
        return replace(verdict, evidence=f"{verdict.evidence}; both: {_told(near)}", confidence=LIKELY)
    return verdict


def _told(roles: tuple[str, str]) -> str:
    return " / ".join(sorted(set(roles)))


def _spelled_alike(a: Name, b: Name) -> Verdict:
    if a.bare:
        return Verdict(Link.JOIN, "the same single word; no given name is known", 0.5)
    if a.text.casefold() == b.text.casefold():
        return Verdict(Link.JOIN, "the same name", 0.97)
    evidence = f"another spelling: {a.text} / {b.text}"
    if FATHERS & {*a.particles} != FATHERS & {*b.particles}:
        return Verdict(Link.PROPOSE, f"{evidence}, with and without a father's particle", 0.4)
    mine, theirs = set(a.particles), set(b.particles)
    if not (mine <= theirs or theirs <= mine):
        return Verdict(Link.PROPOSE, f"{evidence}, with other particles", 0.4)
    return Verdict(Link.JOIN, evidence, 0.93)


def _surname_only(surname: str, words: Words) -> Verdict:
    if surname == words[-1]:
        return Verdict(Link.PROPOSE, SURNAMES[0], 0.4, alone=True)
    if surname in words[1:-1]:
        return Verdict(Link.PROPOSE, SURNAMES[1], 0.3, alone=True)
    return NO


def _persons(a: Name, b: Name) -> Verdict:
    """Two names of at least two words each, `a` not the longer one."""
    x, y = a.words, b.words
    if x[0] == y[0] and len(x[0]) > 1:
        if x[-1] == y[-1]:
            return _middles(x[1:-1], y[1:-1], a.tied | b.tied)
        if x[1:] == y[1 : len(x)]:
            return Verdict(Link.PROPOSE, "a surname cut short", 0.6)
    if len(x) < len(y) and x == y[-len(x) :]:
        what = "the first initial left out" if len(y[0]) == 1 else "surnames without the given name"
        return Verdict(Link.PROPOSE, what, 0.5)
    if x[-1] == y[-1] and 1 in (len(x[0]), len(y[0])):
        return _initials(x, y)
    if sorted(x) == sorted(y):
        return Verdict(Link.PROPOSE, "the same words in another order", 0.6)
    return _alike(x, y)


def _initials(x: Words, y: Words) -> Verdict:
    """One surname, and of at least one given name no more than its first letter."""
    if x[0][0] != y[0][0]:
        return NO
    if any(len(words[0]) == 1 < len(words[1]) and len(words) > 2 for words in (x, y)):
        return SECOND_NAME  # "M. John Smith" goes by John
    agree = _middles(x[1:-1], y[1:-1]).link is not Link.NO
    return Verdict(Link.PROPOSE, "an initial for the given name", 0.5) if agree else NO


def _alike(x: Words, y: Words) -> Verdict:
    """Names with one word written alike, and nothing else that differs but middle names."""
    if x[-1] == y[-1] and (why := likeness.givens(x[0], y[0])):
        agree = _middles(x[1:-1], y[1:-1]).link is not Link.NO
        return Verdict(Link.PROPOSE, why, 0.5) if agree else NO
    if len(x) == len(y) and x[0] == y[0] and len(x[0]) > 1:
        other = [(one, two) for one, two in zip(x, y, strict=True) if one != two]
        if len(other) == 1 and (why := likeness.surnames(*other[0])):
            return Verdict(Link.PROPOSE, why, 0.4)
    if len(x) == len(y) == 2 and (x[0] == y[1] or y[0] == x[1]):
        return SHIFTED
    return NO


def _middles(a: Words, b: Words, tied: frozenset[str] = frozenset()) -> Verdict:
    """What stands between the same given name and surname."""
    left_out = [word for word in (*a, *b) if len(word) > 1 and not (word in a and word in b)]
    if tied.intersection(left_out) and (set(a) <= set(b) or set(b) <= set(a)):
        return Verdict(Link.PROPOSE, "half of a double name left out", 0.5)
    if not a or not b:
        if len(left_out) > 1:
            return Verdict(Link.PROPOSE, "several middle names left out", 0.6)
        return Verdict(Link.JOIN, "a middle name left out", 0.9)
    if len(a) == len(b) and all(_agree(x, y) for x, y in zip(a, b, strict=True)):
        return Verdict(Link.JOIN, "a middle name as an initial", 0.9)
    full = all(len(word) > 1 for word in (*a, *b))
    if full and (set(a) <= set(b) or set(b) <= set(a)):
        return Verdict(Link.PROPOSE, "some middle names left out", 0.6)
    return NO


def _agree(x: str, y: str) -> bool:
    return x == y or (1 in (len(x), len(y)) and x[0] == y[0])


def _bodies(a: Name, b: Name) -> Verdict:
    if a.words == b.words:
        if a.text.casefold().removeprefix("the ") == b.text.casefold().removeprefix("the "):
            return Verdict(Link.JOIN, "the same name", 0.95)
        return Verdict(Link.JOIN, f"another way to write it: {a.text} / {b.text}", 0.9)
    if len(a.words) > 1 and gist(a.words) == gist(b.words):
        return _same_gist(a, b)
    if a.bare and not b.bare and len(a.words[0]) > 2 and a.text.isupper() and acronym(b.words) == a.words[0]:
        return Verdict(Link.PROPOSE, "an abbreviation", 0.6)
    return NO


def _same_gist(a: Name, b: Name) -> Verdict:
    if turned(a.words, b.words):
        return Verdict(Link.JOIN, f"the same words turned round: {a.text} / {b.text}", 0.85)
    return NO if ordered(a.words) else Verdict(Link.PROPOSE, f"nearly the same words: {a.text} / {b.text}", 0.6)

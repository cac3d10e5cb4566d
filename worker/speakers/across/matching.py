"""Whether two names are one person or body: joined, proposed to a person, or not; pure and symmetric."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from worker.speakers.across.folding import plain, skeleton
from worker.speakers.across.name import Name, acronym, stems
from worker.speakers.within.resolution import EntityKind

Words = tuple[str, ...]


class Link(StrEnum):
    """What is done about two names."""

    JOIN = "join"
    PROPOSE = "propose"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two names are to each other, why, and how surely (0 to 1) they are the same."""

    link: Link
    evidence: str = ""
    confidence: float = 0.0

    @property
    def contradicts(self) -> bool:
        """Whether the names cannot be one, so that no third name may bring them together."""
        return self.link is Link.NO and not self.evidence


NO = Verdict(Link.NO)
SHIFTED = Verdict(Link.NO, "one may begin where the other ends")


def compare(one: Name, other: Name, roles: Iterable[str] = (), other_roles: Iterable[str] = ()) -> Verdict:
    """Compare two names, with the roles seen with each ("russian foreign minister"); the order does not matter.

    A shared role turns some proposals into joins; it never makes two given names one.
    """
    if one.kind is not other.kind:
        return NO
    (a, _), (b, _) = sorted(((one, 0), (other, 1)), key=lambda pair: (len(pair[0].words), pair[0].words, pair[0].text))
    if a.kind is EntityKind.BODY:
        return _bodies(a, b)
    if a.generation != b.generation:
        return NO
    if a.whole == b.whole:
        return _spelled_alike(a, b)
    if a.bare:
        return _surname_only(a.words[0], b.words)
    return _persons(a.words, b.words, share_role(roles, other_roles))


def share_role(roles: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a role of each begins and ends alike: "iranian lead negotiator", "iran's chief negotiator"."""
    ends = [{(found[0], found[-1]) for role in given if len(found := _role(role)) > 1} for given in (roles, others)]
    return bool(ends[0] & ends[1])


def _role(role: str) -> list[str]:
    words = (plain(word.removesuffix("'s").removesuffix("’s")) for word in role.split())
    return stems(tuple(word for word in words if word and word not in ("the", "a", "an")))


def _spelled_alike(a: Name, b: Name) -> Verdict:
    if a.bare:
        return Verdict(Link.JOIN, "the same single word; no given name is known", 0.5)
    if a.text.casefold() == b.text.casefold():
        return Verdict(Link.JOIN, "the same name", 0.97)
    return Verdict(Link.JOIN, f"another spelling: {a.text} / {b.text}", 0.93)


def _surname_only(surname: str, words: Words) -> Verdict:
    if surname == words[-1]:
        return Verdict(Link.PROPOSE, "surname only", 0.4)
    return Verdict(Link.PROPOSE, "part of the surname only", 0.3) if surname in words[1:-1] else NO


def _persons(a: Words, b: Words, same_role: bool) -> Verdict:
    """Two names of at least two words each, `a` not the longer one."""
    if a[0] == b[0] and len(a[0]) > 1:
        if a[-1] == b[-1]:
            return _middles(a[1:-1], b[1:-1])
        if a[1:] == b[1 : len(a)]:
            return _by_role("a surname cut short", 0.6, same_role)
    if a[-1] == b[-1] and 1 in (len(a[0]), len(b[0])) and a[0][0] == b[0][0]:
        agree = _middles(a[1:-1], b[1:-1]).link is not Link.NO
        return Verdict(Link.PROPOSE, "an initial for the given name", 0.5) if agree else NO
    if len(a) < len(b) and a == b[-len(a) :]:
        return _by_role("surnames without the given name", 0.5, same_role)
    if sorted(a) == sorted(b):
        return Verdict(Link.PROPOSE, "the same words in another order", 0.6)
    if a[1:] == b[1:] and min(len(a[0]), len(b[0])) > 4 and skeleton(a[0]) == skeleton(b[0]):
        return Verdict(Link.PROPOSE, "given names written alike", 0.5)
    if len(a) == len(b) == 2 and (a[0] == b[1] or b[0] == a[1]):
        return Verdict(Link.PROPOSE, "one surname's word, and the same role", 0.4) if same_role else SHIFTED
    return NO


def _by_role(evidence: str, confidence: float, same_role: bool) -> Verdict:
    if same_role:
        return Verdict(Link.JOIN, f"{evidence}, and the same role", 0.85)
    return Verdict(Link.PROPOSE, evidence, confidence)


def _middles(a: Words, b: Words) -> Verdict:
    if not a or not b:
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
        return Verdict(Link.JOIN, "the same name", 0.95)
    if len(a.words) > 1 and sorted(stems(a.words)) == sorted(stems(b.words)):
        return Verdict(Link.PROPOSE, "names of the same stems", 0.6)
    if a.bare and not b.bare and len(a.words[0]) > 2 and a.text.isupper() and acronym(b) == a.words[0]:
        return Verdict(Link.PROPOSE, "an abbreviation", 0.6)
    return NO

"""The comparison of two names: they join, or a join is proposed to a person, or they stay separate.

All functions are pure. `compare` returns the same result for either order of the names.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from worker.speakers.across.body import acronym, company, gist, is_turned_round, order_matters
from worker.speakers.across.common_names import is_common_name
from worker.speakers.across.likeness import given_name_likeness, middle_name_likeness, surname_likeness
from worker.speakers.across.name import FATHER_PARTICLES, ParsedName
from worker.speakers.across.office import clash, same_office, similar_office
from worker.speakers.within.resolution import EntityKind

Words = tuple[str, ...]


class Link(StrEnum):
    """The decision about two names: join them, propose to join them, or neither."""

    JOIN = "join"
    PROPOSE = "propose"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The link between two names, the reason, and the confidence (0 to 1) that they mean the same speaker."""

    link: Link
    evidence: str = ""
    confidence: float = 0.0
    contradicts: bool = False
    """True if the two names cannot mean the same speaker, so that they never share a group."""
    clashes: bool = False
    """True if only the roles show that the names mean two speakers.

    If a third name fits both, it joins only the name for which the confidence is higher.
    """
    is_surname_alone: bool = False
    """True if one of the two names is a surname alone."""


NO = Verdict(Link.NO, contradicts=True)
SHIFTED = Verdict(Link.NO, "one may begin where the other ends")
TWO_LETTERS = Verdict(Link.NO, "two letters fit many names, but they may abbreviate this one")
SECOND_NAME = Verdict(Link.NO, "one may go by the second name")

LEFT_OUT = Verdict(Link.JOIN, "a middle name left out", 0.9)
LEFT_OUT_OF_COMMON = replace(LEFT_OUT, link=Link.PROPOSE, confidence=0.6)
"""If given name and surname are common, the other may be a namesake."""

SURNAMES = ("surname only", "part of the surname only")
"""The evidence in a verdict on a surname alone. Only the module `bare_surname` handles proposals with it."""

CLAIMED = "several of an imported list have this name"
"""The evidence in a verdict on such a name. Only `worker.speakers.across.listed` makes proposals with it."""

LIKELY = 0.7
"""Confidence in a doubtful join if the offices may be the same (`similar_office`)."""

SUPPORTED = 0.85
"""Confidence in a doubtful join if the office is the same."""


def compare(name: ParsedName, other: ParsedName, roles: Iterable[str] = (), other_roles: Iterable[str] = ()) -> Verdict:
    """Compare two names, and the roles that were seen with each ("russian foreign minister").

    The roles of a body are the acronyms that articles give it, in lower case.

    The order of the two names does not matter. The same office turns a doubtful link into a join, but it never makes
    two different given names one. If the roles clash, a join of two spellings becomes a proposal, and a doubtful link
    becomes no link.
    """
    if name.kind is not other.kind:
        return NO
    (short, short_roles), (long, long_roles) = sorted(
        ((name, frozenset(roles)), (other, frozenset(other_roles))),
        key=lambda pair: (len(pair[0].words), pair[0].words, pair[0].text, sorted(pair[1])),
    )
    if short.kind is EntityKind.BODY:
        return _compare_bodies(short, long, long_roles)
    if short.generation != long.generation:
        return NO
    is_spelled_alike = short.whole_key == long.whole_key
    if short.is_single_word:
        return _compare_spellings(short, long) if is_spelled_alike else _compare_surname(short.words[0], long.words)
    verdict = _compare_spellings(short, long) if is_spelled_alike else _compare_persons(short, long)
    if short.text == long.text or (verdict.link is Link.NO and verdict is not SHIFTED):
        return verdict
    return _weigh_roles(verdict, short_roles, long_roles)


def _weigh_roles(verdict: Verdict, roles: frozenset[str], others: frozenset[str]) -> Verdict:
    if same := same_office(roles, others):
        listed = _listed(same)
        if verdict is SHIFTED:
            return Verdict(Link.PROPOSE, f"one surname's word, and the same role ({listed})", 0.4)
        confidence = SUPPORTED if verdict.link is Link.PROPOSE else max(verdict.confidence, 0.95)
        return Verdict(Link.JOIN, f"{verdict.evidence}, and the same role ({listed})", confidence)
    if verdict.link is not Link.NO and (different := clash(roles, others)):
        evidence = f"{verdict.evidence}, but the roles differ ({_listed(different)})"
        if verdict.link is Link.JOIN:
            return Verdict(Link.PROPOSE, evidence, 0.5, clashes=True)
        return Verdict(Link.NO, evidence, clashes=True)
    if verdict.link is Link.PROPOSE and (similar := similar_office(roles, others)):
        return replace(verdict, evidence=f"{verdict.evidence}; both: {_listed(similar)}", confidence=LIKELY)
    return verdict


def _listed(roles: tuple[str, str]) -> str:
    return " / ".join(sorted(set(roles)))


def _compare_spellings(name: ParsedName, other: ParsedName) -> Verdict:
    """Compare two names whose folded words are the same."""
    if name.is_single_word:
        return Verdict(Link.JOIN, "the same single word; no given name is known", 0.5)
    if name.text.casefold() == other.text.casefold():
        return Verdict(Link.JOIN, "the same name", 0.97)
    evidence = f"another spelling: {name.text} / {other.text}"
    particles, other_particles = set(name.particles), set(other.particles)
    if FATHER_PARTICLES & particles != FATHER_PARTICLES & other_particles:
        return Verdict(Link.PROPOSE, f"{evidence}, with and without a father's particle", 0.4)
    if not (particles <= other_particles or other_particles <= particles):
        return Verdict(Link.PROPOSE, f"{evidence}, with other particles", 0.4)
    return Verdict(Link.JOIN, evidence, 0.93)


def _compare_surname(surname: str, words: Words) -> Verdict:
    """Compare a surname alone with the words of a full name."""
    if surname == words[-1]:
        return Verdict(Link.PROPOSE, SURNAMES[0], 0.4, is_surname_alone=True)
    if surname in words[1:-1]:
        return Verdict(Link.PROPOSE, SURNAMES[1], 0.3, is_surname_alone=True)
    return NO


def _compare_persons(short: ParsedName, long: ParsedName) -> Verdict:
    """Compare two names of at least two words each; `short` has no more words than `long`."""
    words, others = short.words, long.words
    if words[0] == others[0] and len(words[0]) > 1:
        if words[-1] == others[-1]:
            verdict = _compare_middles(words[1:-1], others[1:-1], short.hyphenated | long.hyphenated)
            return LEFT_OUT_OF_COMMON if verdict is LEFT_OUT and is_common_name(short.text) else verdict
        if words[1:] == others[1 : len(words)]:
            return Verdict(Link.PROPOSE, "a surname cut short", 0.6)
    if len(words) < len(others) and words == others[-len(words) :]:
        is_initial = len(others[0]) == 1
        evidence = "the first initial left out" if is_initial else "surnames without the given name"
        return Verdict(Link.PROPOSE, evidence, 0.5)
    if words[-1] == others[-1] and 1 in (len(words[0]), len(others[0])):
        return _compare_initials(words, others)
    if sorted(words) == sorted(others):
        return Verdict(Link.PROPOSE, "the same words in another order", 0.6)
    return _compare_similar(words, others)


def _compare_initials(words: Words, others: Words) -> Verdict:
    """Compare two names with the same surname, where at least one given name is an initial."""
    if words[0][0] != others[0][0]:
        return NO
    if any(len(name[0]) == 1 < len(name[1]) and len(name) > 2 for name in (words, others)):
        return SECOND_NAME  # "M. John Smith" goes by John
    if _compare_middles(words[1:-1], others[1:-1]).link is Link.NO:
        return NO
    return Verdict(Link.PROPOSE, "an initial for the given name", 0.5)


def _compare_similar(words: Words, others: Words) -> Verdict:
    """Compare two names that have one similar word; the other words must be equal, except middle names."""
    if words[-1] == others[-1] and (reason := given_name_likeness(words[0], others[0])):
        if _compare_middles(words[1:-1], others[1:-1]).link is Link.NO:
            return NO
        return Verdict(Link.PROPOSE, reason, 0.5)
    if len(words) == len(others) and words[0] == others[0] and len(words[0]) > 1:
        different = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        if len(different) == 1 and (reason := surname_likeness(*different[0])):
            return Verdict(Link.PROPOSE, reason, 0.4)
    if len(words) == len(others) == 2 and (words[0] == others[1] or others[0] == words[1]):
        return SHIFTED
    return NO


def _compare_middles(middles: Words, others: Words, hyphenated: frozenset[str] = frozenset()) -> Verdict:
    """Compare the middle names of two persons, that is, the words between given name and surname."""
    left_out = [word for word in (*middles, *others) if len(word) > 1 and not (word in middles and word in others)]
    is_subset = set(middles) <= set(others) or set(others) <= set(middles)
    if hyphenated.intersection(left_out) and is_subset:
        return Verdict(Link.PROPOSE, "half of a double name left out", 0.5)
    if not middles or not others:
        if len(left_out) > 1:
            return Verdict(Link.PROPOSE, "several middle names left out", 0.6)
        return LEFT_OUT
    if len(middles) == len(others) and all(_agree(*pair) for pair in zip(middles, others, strict=True)):
        return Verdict(Link.JOIN, "a middle name as an initial", 0.9)
    if len(middles) == len(others) == 1 and (reason := middle_name_likeness(*middles, *others)):
        return Verdict(Link.JOIN, reason, 0.85)
    if is_subset and all(len(word) > 1 for word in (*middles, *others)):
        return Verdict(Link.PROPOSE, "some middle names left out", 0.6)
    return NO


def _agree(word: str, other: str) -> bool:
    """True if two middle names are equal, or one is the initial of the other."""
    return word == other or (1 in (len(word), len(other)) and word[0] == other[0])


def _compare_bodies(short: ParsedName, long: ParsedName, acronyms: frozenset[str]) -> Verdict:
    """Compare the names of two bodies; `acronyms` are those that articles give the body with the longer name."""
    if short.words == long.words:
        if short.text.casefold().removeprefix("the ") == long.text.casefold().removeprefix("the "):
            return Verdict(Link.JOIN, "the same name", 0.95)
        return Verdict(Link.JOIN, f"another way to write it: {short.text} / {long.text}", 0.9)
    if short.is_single_word and short.text.isupper() and short.words[0] in acronyms:
        return Verdict(Link.JOIN, f"an article gives the acronym: {long.text} ({short.text})", 0.8)
    if company(short.words) == company(long.words):
        evidence = f"with and without its legal form: {short.text} / {long.text}"
        return Verdict(Link.JOIN, evidence, 0.9) if len(short.words) > 1 else Verdict(Link.PROPOSE, evidence, 0.6)
    if len(short.words) > 1 and gist(short.words) == gist(long.words):
        return _compare_word_orders(short, long)
    if _is_abbreviation(short, long):
        return Verdict(Link.PROPOSE, "an abbreviation", 0.6) if len(short.words[0]) > 2 else TWO_LETTERS
    return NO


def _is_abbreviation(short: ParsedName, long: ParsedName) -> bool:
    is_acronym = short.is_single_word and short.text.isupper() and not long.is_single_word
    return is_acronym and short.words[0] in (acronym(long.words), acronym(company(long.words)))


def _compare_word_orders(name: ParsedName, other: ParsedName) -> Verdict:
    """Compare the names of two bodies that have the same gist (important words)."""
    if is_turned_round(name.words, other.words):
        return Verdict(Link.JOIN, f"the same words turned round: {name.text} / {other.text}", 0.85)
    if order_matters(name.words):
        return NO
    return Verdict(Link.PROPOSE, f"nearly the same words: {name.text} / {other.text}", 0.6)

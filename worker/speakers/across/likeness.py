"""Similar words of names: with other vowels, with a typo of one letter, or another form of the same given name.

For similar names a join is only proposed, unless the office is the same too: then the names join. All functions are
pure.
"""

from worker.speakers.across.folding import skeleton
from worker.speakers.across.given_names import may_be_one_given_name
from worker.speakers.across.name import LONG

_DIFFERENT = frozenset({frozenset({"hasan", "husain"})})
"""Pairs of given names that are similar but different."""


def given_name_likeness(given: str, other: str) -> str:
    """Return the reason why two folded given names may be the same name; empty if there is no reason."""
    if may_be_one_given_name(given, other):
        return "another form of the given name"
    # "Maria" is not "Mario", "Viktor" not "Viktoria".
    if given.endswith("a") != other.endswith("a") or frozenset({given, other}) in _DIFFERENT:
        return ""
    return _word_likeness(given, other, "given name")


def surname_likeness(surname: str, other: str) -> str:
    """Return the reason why two folded surnames may be the same name; empty if there is no reason."""
    # "Petrova" is not "Petrov".
    return "" if surname + "a" == other or other + "a" == surname else _word_likeness(surname, other, "surname")


def middle_name_likeness(middle: str, other: str) -> str:
    """Return the reason why two folded middle names may be the same name; empty if there is no reason."""
    return _word_likeness(middle, other, "middle name")


def _word_likeness(word: str, other: str, kind: str) -> str:
    shortest = min(len(word), len(other))
    if shortest >= LONG - 1 and skeleton(word) == skeleton(other):
        return f"the {kind} with other vowels"
    if shortest >= LONG and word[0] == other[0] and _is_one_typo(word, other):
        return f"one letter of the {kind} differs"
    return ""


def _is_one_typo(word: str, other: str) -> bool:
    """True if two different words differ by one missing, added or changed letter, or by two swapped neighbours."""
    shorter, longer = sorted((word, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    pairs = enumerate(zip(shorter, longer, strict=False))
    place = next((place for place, (letter, other_letter) in pairs if letter != other_letter), None)
    if place is None:
        return True
    if len(shorter) < len(longer):
        return shorter[place:] == longer[place + 1 :]
    is_swapped = shorter[place : place + 2] == longer[place : place + 2][::-1]
    return (is_swapped and shorter[place + 2 :] == longer[place + 2 :]) or shorter[place + 1 :] == longer[place + 1 :]

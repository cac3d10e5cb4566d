"""Words of names that are written alike: vowels by ear, a slip of one letter, another form of a given name; pure.

What is alike is never the same: it is proposed, and joined only where the office is the same too.
"""

from worker.speakers.across.folding import skeleton
from worker.speakers.across.givens import one_given
from worker.speakers.across.name import LONG

_TWO = frozenset({frozenset({"hasan", "husain"})})
"""Given names that are written alike and are two."""


def givens(one: str, other: str) -> str:
    """Why two folded given names may be one; empty where nothing says so."""
    if one_given(one, other):
        return "another form of the given name"
    if one.endswith("a") != other.endswith("a") or frozenset({one, other}) in _TWO:
        return ""
    return _alike(one, other, "given name")


def surnames(one: str, other: str) -> str:
    """Why two folded surnames may be one; empty where nothing says so."""
    return "" if one + "a" == other or other + "a" == one else _alike(one, other, "surname")


def _alike(one: str, other: str, what: str) -> str:
    shorter = min(len(one), len(other))
    if shorter >= LONG - 1 and skeleton(one) == skeleton(other):
        return f"the {what} with other vowels"
    if shorter >= LONG and one[0] == other[0] and _one_slip(one, other):
        return f"one letter of the {what} differs"
    return ""


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter left out, put in, changed, or turned with its neighbour makes one word the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next((place for place, pair in enumerate(zip(shorter, longer, strict=False)) if len({*pair}) > 1), None)
    if same is None:
        return True
    if len(shorter) < len(longer):
        return shorter[same:] == longer[same + 1 :]
    turned = shorter[same : same + 2] == longer[same : same + 2][::-1] and shorter[same + 2 :] == longer[same + 2 :]
    return turned or shorter[same + 1 :] == longer[same + 1 :]

"""Whether two names mean the same person or body: their first and last words agree."""

import re
import unicodedata

LEFT_OUT = "mr mrs ms dr sen rep gov president secretary gen sir lord former vice the jr sr"
TITLES = frozenset(LEFT_OUT.split())
JOINT = " & "
"""Joins the names of several speakers of one quotation."""


def name_words(name: str | None) -> list[str]:
    """Return the words of a name that are compared: in ASCII and lower case, without titles and single letters."""
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in TITLES and len(word) > 1]


def same(stored: str | None, gold: str) -> bool:
    """True if a stored name means the same as the gold name: the first and the last word agree.

    If the gold has only one word, it must be the last word of the stored name. Two words may stand in the other order:
    "Szabó Ferenc" is Ferenc Szabó.
    """
    ours, theirs = name_words(stored), name_words(gold)
    if not ours or not theirs:
        return False
    if len(theirs) == 1:
        return ours[-1] == theirs[0]
    if len(ours) == len(theirs) == 2 and ours == theirs[::-1]:
        return True
    return len(ours) > 1 and (ours[0], ours[-1]) == (theirs[0], theirs[-1])

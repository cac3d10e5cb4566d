"""Given names that one person may have, by their folded forms: short forms, and forms in other languages.

The table is the one that finds the people of one article. All functions are pure.
"""

from worker.speakers.across.folding import fold
from worker.speakers.within.shortforms import IN_ALL_FORMS


def _by_folded_name() -> dict[str, frozenset[str]]:
    full_names: dict[str, set[str]] = {}
    for name, heads in IN_ALL_FORMS.items():
        full_names.setdefault(fold(name), set()).update(map(fold, heads))
    return {name: frozenset(heads) for name, heads in full_names.items()}


_FULL_NAMES = _by_folded_name()


def full_given_names(given: str) -> frozenset[str]:
    """Return the full names (folded) that a folded given name may stand for; empty if the table does not list it."""
    return _FULL_NAMES.get(given, frozenset())


def may_be_one_given_name(given: str, other: str) -> bool:
    """True if two folded given names may stand for the same name: "Bill", "William"; "Vladimir", "Volodymyr"."""
    return bool(full_given_names(given) & full_given_names(other))

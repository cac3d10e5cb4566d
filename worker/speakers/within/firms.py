"""Sources that name a firm by what looks like a person's name: "investment bank Robert Fleming", "Foster's"."""

import re

from worker.speakers.within.kinds import BEING, SAYING
from worker.speakers.within.people import Person
from worker.speakers.within.phrases import SourcePhrase
from worker.speakers.within.wordlists import COMPANIES, PERSON_HEADS

POSSESSIVE_ALONE = re.compile(r"[A-Z][\w\-]+['’]s")
BEHIND_KNOWN = re.compile(rf" (?:{'|'.join(sorted(BEING))})\b")
"""What follows a possessive that is a firm's, though the article has a person of this name: "Foster's has said".

"Foster's said" may mean that Foster has said something.
"""
BEHIND_UNKNOWN = re.compile(rf"{BEHIND_KNOWN.pattern}| (?:{'|'.join(sorted(SAYING))})\b|[.,]")
"""The same where the article has no such person: "said Foster's."."""


def is_behind_noun(phrase: SourcePhrase, person: Person) -> bool:
    """True if a source is a noun for a company with a name right behind it: "investment bank Robert Fleming"."""
    before = phrase.core.removesuffix(person.name).split()
    if not phrase.core.endswith(person.name) or phrase.noun_end != phrase.core_end or not before:
        return False
    return before[-1] in COMPANIES and PERSON_HEADS.isdisjoint(map(str.lower, before))


def is_possessive_alone(phrase: SourcePhrase, person: Person) -> bool:
    """True if a source is a possessive that belongs to no noun behind it, as the names of some firms do: "Moody's"."""
    behind = BEHIND_KNOWN if person.is_surely_one or len(person.words) > 1 else BEHIND_UNKNOWN
    return POSSESSIVE_ALONE.fullmatch(phrase.core) is not None and behind.match(phrase.text, phrase.end) is not None

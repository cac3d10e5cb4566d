"""Joint sources that are more than two names side by side: "Karaosman and her deputy, Bae Min-kyung", "the trio"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from worker.extract.quotation import Mention, Span
from worker.speakers.within.focus import Focus
from worker.speakers.within.people import People, Person, PersonMention
from worker.speakers.within.wordlists import INDEFINITE, PERSON_HEADS, PREPOSITIONS, RELATIVES

OWNERS = frozenset(("the", "his", "her", "its", "their", "who", "whose"))
JOINT = re.compile(r", (?:and )?| and ")
RELATIVE_CLAUSE = re.compile(rf"(?:{'|'.join(sorted(RELATIVES))})\b")
ALL_OF_THEM = re.compile(
    r"they|the (?:couple|duo|trio)|both of them|(?:both|the two|the pair|all three)(?: (?P<who>\w+))?"
)
"""Words for the speakers of the last joint source, or for two people who are named side by side."""
OFFICE = re.compile(rf"(?:(?!(?:{'|'.join(sorted(PREPOSITIONS | INDEFINITE | OWNERS))})\b)[a-z\-]+ ){{1,4}}(?=[A-Z])")
"""The words of an office right before a name."""
SIDE_BY_SIDE = 400
"""At most this many code points before "both men" are searched for two people who are named side by side."""
OF_THREE = re.compile(r"the trio|all three")


def named_together(text: str, source: Mention) -> list[Span]:
    """Return the spans of a source between its commas and its "and", without those that only describe a speaker.

    A description begins without a capital, and goes on to the next comma: "Grant Green, an official under Reagan and
    Bush". But "fire chief Anita Rao" behind "and" is a speaker. A relative clause goes on to a comma with "and":
    "Lowco, whose brands include Ferro, Rell and Dahl". The result is empty if nothing is joined by "and".
    """
    if " and " not in source.text:
        return []
    spans: list[Span] = []
    start, is_description, is_relative = source.start, False, False
    for joint in (*JOINT.finditer(text, source.start + 1, source.end), None):
        if joint and ((is_description and not joint[0].startswith(",")) or (is_relative and joint[0] != ", and ")):
            continue
        if not is_description:
            spans.append((start, joint.start() if joint else source.end))
        if joint:
            start = joint.end()
            is_relative = RELATIVE_CLAUSE.match(text, start) is not None
            is_office = joint[0] == " and " and OFFICE.match(text, start, source.end) is not None
            is_description = text[start].islower() and not is_office
    return spans


def of_how_many(words: str) -> int:
    """Return how many people plain words like "both men" or "the trio" mean; 0 if they mean nobody in this way.

    "They" can mean any number; the result is 1.
    """
    match = ALL_OF_THEM.fullmatch(words)
    if match is None or (match["who"] and match["who"][:-1] not in PERSON_HEADS | {"me", "wome"}):
        return 0
    return 1 if words == "they" else 3 if OF_THREE.match(words) else 2


class Together:
    """Tells whom "both men", "the trio" and "they" mean in one article: people who spoke, or are named, together."""

    def __init__(self, text: str, people: People, focus: Focus) -> None:
        self._text = text
        self._people = people
        self._focus = focus
        self._last: tuple[Person, ...] = ()

    def remember(self, speakers: Sequence[Person]) -> None:
        """Remember the speakers of a source, if they are several; else those before are not meant any more."""
        people = tuple(dict.fromkeys(speakers))
        self._last = people if len(people) > 1 else ()

    def meant(self, words: str, place: int) -> tuple[Person, ...]:
        """Return the people whom plain words at the offset `place` mean; nobody if these are not known.

        They are the speakers of the last joint source. If there is none, they are two people who are named side by side
        shortly before; for "they", as the subjects of this sentence or of the last one.
        """
        number = of_how_many(words)
        if self._last:
            return self._last if number in (1, len(self._last)) else ()
        both = self._side_by_side(place) if number in (1, 2) else None
        if both is None or (number == 1 and not self._are_subjects(both[0], place)):
            return ()
        self._last = both[0].person, both[1].person
        return self._last

    def _side_by_side(self, place: int) -> tuple[PersonMention, PersonMention] | None:
        """Return the last two mentions of people that are joined by "and" shortly before an offset."""
        for second, first in pairwise(reversed(self._people.mentions_before(place, SIDE_BY_SIDE))):
            if self._text[first.end : second.start] == " and " and first.person is not second.person:
                return first, second
        return None

    def _are_subjects(self, first: PersonMention, place: int) -> bool:
        """True if a mention opens the sentence at an offset, or the one before."""
        near = self._focus.sentence(place) - self._focus.sentence(first.start) <= 1
        return near and self._focus.opens_sentence(first.start)

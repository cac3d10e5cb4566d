"""Joint sources that are more than two names side by side: "Karaosman and her deputy, Bae Min-kyung", "the trio"."""

import re
from itertools import pairwise

from worker.extract.quotation import Mention, Span
from worker.speakers.within.people import People, Person
from worker.speakers.within.wordlists import PERSON_HEADS

JOINT = re.compile(r", (?:and )?| and ")
ALL_OF_THEM = re.compile(
    r"they|the (?:couple|duo|trio)|both of them|(?:both|the two|the pair|all three)(?: (?P<who>\w+))?"
)
"""Words for the speakers of the last joint source, or for two people who are named side by side."""
SIDE_BY_SIDE = 400
"""At most this many code points before "both men" are searched for two people who are named side by side."""
OF_THREE = re.compile(r"the trio|all three")


def named_together(text: str, source: Mention) -> list[Span]:
    """Return the spans of a source between its commas and its "and", without those that only describe a speaker.

    A description begins without a capital, and goes on to the next comma: "Grant Green, an official under Reagan and
    Bush". The result is empty if nothing is joined by "and".
    """
    if " and " not in source.text:
        return []
    spans: list[Span] = []
    start, is_description = source.start, False
    for joint in (*JOINT.finditer(text, source.start + 1, source.end), None):
        if joint and is_description and not joint[0].startswith(","):
            continue
        if not is_description:
            spans.append((start, joint.start() if joint else source.end))
        if joint:
            start, is_description = joint.end(), text[joint.end()].islower()
    return spans


def of_how_many(words: str) -> int:
    """Return how many people plain words like "both men" or "the trio" mean; 0 if they mean nobody in this way.

    "They" can mean any number; the result is 1.
    """
    match = ALL_OF_THEM.fullmatch(words)
    if match is None or (match["who"] and match["who"][:-1] not in PERSON_HEADS | {"me", "wome"}):
        return 0
    return 1 if words == "they" else 3 if OF_THREE.match(words) else 2


def named_side_by_side(text: str, people: People, place: int) -> tuple[Person, Person] | None:
    """Return the last two people who are named side by side shortly before the offset `place`; None if none are."""
    for second, first in pairwise(reversed(people.mentions_before(place, SIDE_BY_SIDE))):
        if text[first.end : second.start] == " and " and first.person is not second.person:
            return first.person, second.person
    return None

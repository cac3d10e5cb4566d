"""Labels of the turns of a transcript that are no names: the part that somebody plays, and initials."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.names import plain, split_titles
from worker.speakers.within.people import People, Person
from worker.speakers.within.wordlists import word_set

NOBODYS = word_set(
    """
    question questioner reporter reporters journalist moderator operator caller dispatcher interviewer audience speaker
    narrator unidentified unknown male female man woman voice voices crowd interpreter translator member participant
    announcer all both
    """
)
"""Words of labels that say which part somebody plays: "QUESTION:", "UNIDENTIFIED MALE:"."""
TURN = re.compile(r"[,(]| of (?=[A-Z])")
"""What ends the name at the head of a turn: "ANA FERRO, HARBOUR MASTER:", "Mr. HOLT of Utah."."""
CAPITALS = re.compile(r"[A-Z][A-Z'’\-]{2,}$")
WORD = re.compile(r"[^\W\d_]+")
INITIALS = re.compile(r"[A-Z]{2,4}")


def is_label(text: str, source: Mention) -> bool:
    """True if a source is the label of a turn: `HOLT:`, or `Captain YOUNG.` at the start of a paragraph."""
    sign = text[source.end : source.end + 1]
    if sign == ":":
        return label_of(source).isupper()
    begins = source.start == 0 or text[source.start - 1] == "\n"
    last = label_of(source).split()[-1:]
    return sign == "." and begins and bool(last) and CAPITALS.search(last[0]) is not None


def is_nobodys(label: str) -> bool:
    """True if a label is nobody's name."""
    words = [plain(word) for word in WORD.findall(label)]
    return bool(words) and all(word in NOBODYS for word in words)


def person_of_initials(label: str, people: People) -> Person | None:
    """Return the one person whose initials a label is: "JVE" for Johanna van den Eynde; None if it is nobody's."""
    if not INITIALS.fullmatch(label):
        return None
    meant = [person for person in people.all if len(person.words) > 1 and are_initials(label, person.words)]
    return meant[0] if len(meant) == 1 else None


def are_initials(label: str, words: tuple[str, ...]) -> bool:
    """True if a label has the initials of a name: of all words that begin with a capital, and perhaps of the others."""
    letters = "".join(word[0] if word[0].isupper() else f"{word[0].upper()}?" for word in words if word[0].isalpha())
    return re.fullmatch(letters, label) is not None


def person_of_turn(source: Mention, people: People) -> Person | None:
    """Return the person whose words in a transcript begin behind the label `source`: `HOLT:`; None if it names nobody.

    The name may be in capitals only there, so it is looked up in its usual form ("Holt"), and added if it is new.
    """
    words = split_titles(tuple(word.capitalize() for word in label_of(source).split())).words
    if not words:
        return None  # "The CHAIRMAN."
    person = people.find(words, source.start) or people.add(words)
    if all(word.isupper() for word in person.words):
        person.words = tuple(word.capitalize() for word in person.words)
    person.forms[source.text] += 1
    return person


def label_of(source: Mention) -> str:
    """Return the words of a label before an office or a place: "ANA FERRO" of "ANA FERRO, HARBOUR MASTER"."""
    return TURN.split(source.text, maxsplit=1)[0].strip()

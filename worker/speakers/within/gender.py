"""Evidence for a person's gender: pronouns near the name, and roles that only women or only men have.

A gender is "f" or "m".
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from worker.extract.quotation import Span
from worker.speakers.within.names import plain_words
from worker.speakers.within.people import People
from worker.speakers.within.wordlists import FEMALE_HEADS, MALE_HEADS

FEMALE = frozenset(("she", "her", "hers", "herself"))
MALE = frozenset(("he", "him", "his", "himself"))
PRONOUN = re.compile(r"[HShs](?<!\w.)(?i:(?<=s)he|(?<=h)(?:e|er|erself|im|is|imself))\b")
"""She, her, herself, he, him, his, himself. Its first letter stands first, since a search for one is quicker."""
OF_GENDER = {
    gender: re.compile(rf"\b(?:{'|'.join(sorted(heads))})\b")
    for gender, heads in (("f", FEMALE_HEADS), ("m", MALE_HEADS))
}
"""The nouns that somebody else than the one who is named may be called by, whom a pronoun behind them means."""
WINDOW = 300
"""Count a pronoun only for mentions at most this many code points before it."""
MOST_MENTIONS = 6
"""At most this many mentions before a pronoun are looked at."""
ROLE_WEIGHT = 3
"""Count a title or role that has a gender ("the congresswoman") as this many pronouns near the name."""


def pronoun_gender(word: str) -> str:
    """Return the gender of "he", "she" and their other forms."""
    return "f" if word.lower() in FEMALE else "m"


def description_gender(words: str) -> str | None:
    """Return the gender that a description shows ("actress", "father"), from its last word with a gender; else None."""
    for word in reversed(plain_words(words)):
        if word in FEMALE_HEADS:
            return "f"
        if word in MALE_HEADS:
            return "m"
    return None


def count_roles(people: People) -> None:
    """For each person, count the roles that only men or only women have: they are evidence for the gender."""
    for person in people.all:
        for role, _ in person.roles:
            gender = description_gender(role)
            if gender:
                person.genders[gender] += ROLE_WEIGHT


def count_pronouns(text: str, people: People, quoted: Sequence[Span], start: int, end: int) -> None:
    """Count each pronoun of `text[start:end]` for the person named shortly before it, if that is only one person.

    `quoted` are the spans between quotation marks, sorted and without overlaps. Pronouns in these spans mostly mean
    somebody else, so they do not count. Neither does "he" if "she" stands between it and the name, or the other way
    round: then somebody else is spoken of.
    """
    mention_starts = [mention.start for mention in people.mentions]
    quoted_starts = [quoted_start for quoted_start, _ in quoted]
    last_places = {"f": -1, "m": -1}
    for match in PRONOUN.finditer(text, start, end):
        number = bisect_right(quoted_starts, match.start()) - 1
        if number >= 0 and match.start() < quoted[number][1]:
            continue
        first = bisect_left(mention_starts, match.start() - WINDOW)
        last = bisect_left(mention_starts, match.start())
        near = people.mentions[max(first, last - MOST_MENTIONS) : last]
        if near and all(mention.person is near[-1].person for mention in near):
            gender = pronoun_gender(match.group())
            is_others = last_places["f" if gender == "m" else "m"] >= near[-1].end
            if not is_others and not OF_GENDER[gender].search(text, near[-1].end, match.start()):
                near[-1].person.genders[gender] += 1
        last_places[pronoun_gender(match.group())] = match.start()

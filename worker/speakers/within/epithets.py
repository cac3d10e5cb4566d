"""Descriptions that no role explains and that mean somebody in focus: "the New York businessman", "the 42-year-old"."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.behalf import SPOKES, STAFF
from worker.speakers.within.comparison import NATIONS, PARTIES, comparison_words, contradict, heads, nation_stem
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import description_gender
from worker.speakers.within.names import PERSON_ENDING, TOKEN, is_nationality, plain_words
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import SourcePhrase
from worker.speakers.within.roles import AGE
from worker.speakers.within.wordlists import PERSON_HEADS

OF_SOMETHING = re.compile(r" of (?!(?:two|three|four|five|six|state)\b(?!['’]))")
"""What follows the noun if the description tells enough to mean somebody new: "the owner of a mill"."""
POSSESSIVE = re.compile(r"['’]s?\s")
OFFICES = frozenset(("minister", "president", "premier", "chancellor", "mayor", "governor", "senator", "secretary"))
"""Nouns for offices that only one person of a place holds at a time."""
PARTISANS = frozenset(("republican", "democrat", "conservative", "socialist", "liberal", "libertarian", "independent"))
"""Nouns for a member of a party. They may have a capital although they are not names."""
PLURAL_ENDINGS = ("s", "ese", "ish", "ench", "utch", "elsh")
"""Endings of the nouns for a whole people: "the French", "the Chinese"."""
CITIZEN = re.compile(r"(?<=sh)(?:wo)?m[ae]n$|(?<=ch)(?:wo)?m[ae]n$")
ADJECTIVES = frozenset(("conservative", "green"))
"""Parties whose names are adjectives, too: a conservative activist can be a Republican."""
LEAST_EPITHET_SHARE = 0.55
"""At least this `Antecedent.share` is needed for a person to be meant by a description that no role explains."""
NOT_YET = frozenset(("next", "future", "potential", "prospective"))
"""Words of descriptions that mean nobody in particular."""
SELDOM_UNNAMED = PERSON_HEADS - STAFF - SPOKES - frozenset(("official", "officer", "aide", "man", "woman"))
"""Nouns that mean nobody who speaks without a name, unless the article calls this one so."""
LOOK_BACK = 1500
"""At most this many code points before a description are searched for an earlier use of its noun ("an aide")."""


class Epithets:
    """Finds the people whom the descriptions of one article mean."""

    def __init__(self, text: str, people: People, focus: Focus) -> None:
        self._text = text
        self._people = people
        self._focus = focus

    def find(
        self, phrase: SourcePhrase, source: Mention, noun: list[str], named_inside: frozenset[int]
    ) -> Person | None:
        """Return the most salient person, if a phrase like "the New York businessman" can mean that person; else None.

        `noun` are the plain words of `phrase.noun`. The result is also None if the article used the noun for an unnamed
        person before ("An aide wrote. … the aide added").
        """
        tokens = TOKEN.findall(phrase.noun)
        if not tokens:  # the source ends before its description has a word
            return None
        last = tokens[-1]
        has_age = any(word.endswith("-year-old") for word in noun)
        means_person = has_age or noun[-1] in PERSON_HEADS or (last.islower() and PERSON_ENDING.search(last))
        means_person = means_person or last == "MP"
        is_citizen = is_nationality(noun[-1]) and not noun[-1].endswith(PLURAL_ENDINGS)
        if (
            not (means_person or is_citizen)
            or OF_SOMETHING.match(self._text, phrase.noun_end)
            or POSSESSIVE.search(phrase.noun)
        ):
            return None
        is_member = noun[-1] in PARTISANS and phrase.noun != "the Independent"  # a newspaper
        if last[0].isupper() and not (is_member or is_citizen or last == "MP"):
            return None
        if not NOT_YET.isdisjoint(noun):
            return None
        if self._is_unnamed_so(noun[-1], source.start):
            return None
        age = AGE.search(phrase.noun)
        of_that_age = [person for person in self._people.all if age and person.age == int(age[1])]
        if len(of_that_age) == 1:
            return of_that_age[0]
        compatriots = self._of_nation(noun[-1]) if is_citizen else []
        if len(compatriots) == 1:
            return compatriots[0]
        described = comparison_words(phrase.noun)
        named = [mention.person for mention in self._people.mentions_before(source.end, source.end - source.start)]

        def can_be(person: Person) -> bool:
            if person in named:
                return False  # "the former aide to President Dahl"
            if not person.words and noun[-1] in SELDOM_UNNAMED and noun[-1] not in person.called:
                return False
            holds = {word for role, _ in person.roles for word in comparison_words(role)}
            others = holds.difference(word for role, _ in person.roles for word in heads(role)) & PERSON_HEADS
            if described[-1:] and described[-1] in others:
                return False  # "a spokesman for the governor" is not the governor
            if (age and person.age) or (noun[-1] in OFFICES and holds & OFFICES):
                return False  # the age is another's; so is the office, if the person's roles have another one
            belongs = person.called | holds
            if is_citizen and person not in compatriots and (compatriots or any(map(is_nationality, belongs))):
                return False
            return not any(contradict(described, holds, kind) for kind in (NATIONS, PARTIES - ADJECTIVES))

        gender = description_gender(phrase.noun)
        antecedent = self._focus.antecedent(source.start, gender, named_inside, can_be)
        if antecedent is None or antecedent.share < LEAST_EPITHET_SHARE:
            return None
        person = antecedent.person
        return person if person.is_credible or not person.words else None

    def _is_unnamed_so(self, noun: str, place: int) -> bool:
        """True if the article has spoken of an unnamed person by a noun: "An aide wrote"."""
        before = self._text[max(0, place - LOOK_BACK) : place]
        pattern = rf"\b(?:an?|one|another)\s(?:[\w\-]+\s){{0,4}}{re.escape(noun)}\b(?!\s(?-i:[A-Z]))"
        return re.search(pattern, before, re.IGNORECASE) is not None

    def _of_nation(self, noun: str) -> list[Person]:
        """Return the people whom the article calls by a noun for the people of a country, or by its country."""
        stem = nation_stem(CITIZEN.sub("", noun))
        return [
            person
            for person in self._people.all
            if any(nation_stem(word) == stem for word in (*person.called, *words_of_roles(person)) if word != "us")
        ]


def words_of_roles(person: Person) -> list[str]:
    """Return the plain words of a person's roles."""
    return [word for role, _ in person.roles for word in plain_words(role)]

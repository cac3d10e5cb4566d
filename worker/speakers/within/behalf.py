"""On whose behalf an unnamed source speaks: "a spokesman for Greymoor", "Boeing officials", "her lawyer"."""

import re
from collections.abc import Callable

from worker.extract.quotation import Mention
from worker.speakers.within.bodies import Bodies
from worker.speakers.within.bodyfocus import STATES, BodyFocus
from worker.speakers.within.bodynames import body_words
from worker.speakers.within.focus import Focus
from worker.speakers.within.gender import pronoun_gender
from worker.speakers.within.names import TOKEN, is_nationality, plain
from worker.speakers.within.people import People, Person
from worker.speakers.within.phrases import SourcePhrase, head_runs, parse_source
from worker.speakers.within.roleindex import EXACT, RoleIndex
from worker.speakers.within.wordlists import BODY_NOUNS, BODY_WORDS, NON_NAMES, PLACES, word_set

SPOKES = word_set("spokesman spokeswoman spokesperson spokesmen spokeswomen spokespeople spokespersons")
"""Nouns for people who speak for nobody but their body or person."""
AGENTS = SPOKES | word_set(
    """
    official executive officer representative lawyer attorney solicitor barrister counsel aide adviser advisor publicist
    agent staffer insider negotiator delegate envoy chairman chairwoman president director manager chief boss
    """
)
"""Nouns for people who speak for a body or a person."""
STAFF = word_set(
    """
    analyst economist strategist researcher scientist trader broker dealer employee worker expert engineer banker
    lecturer professor source consultant technician planner diplomat detective prosecutor investigator
    """
)
"""Nouns for people who work for a body."""
HEADS = AGENTS | STAFF
LINK = re.compile(r"\s(?P<word>for|at|of|with|from|to|in|inside|representing)\s")
OF_PERSON = frozenset(("for", "of", "to", "representing"))
"""The prepositions that can stand before a person: "an aide to Karin Dahl"."""
INSIDE = frozenset(("in", "inside"))
"""The prepositions behind which a place is likelier than a body: "officials in Washington"."""
POSSESSIVE = re.compile(r"['’]s?")
OFFICE = re.compile(r"(?:^| )(?:head |press |regional |local )*offices?$")
VAGUE = re.compile(r"(?:an?|one|some|several|many|both|his|her|their|my|our)\s", re.IGNORECASE)
"""Words before bodies that nobody names: "an analyst at a European bank"."""
CHAMBERS = frozenset(("congress", "senate", "house", "parliament", "pentagon", "kremlin", "majlis"))
"""Words of which the whole name of a body can consist."""
PARTIES = frozenset(("democratic", "republican", "conservative", "liberal", "labour", "socialist"))
RANKS = frozenset(("senior", "top", "junior", "chief", "leading", "other", "industry", "deputy", "assistant"))
LEAD = re.compile(r"(?:an?|the|one|another|some|several|two|three|many|most|other|both|these|those)\s", re.IGNORECASE)
PAST = word_set("former ex retired then fired ousted onetime rival")
"""Words for people who do not speak for the body any more."""
OWNED = re.compile(r"(?P<pronoun>his|her|its|their)\s|(?P<owner>[^,]+?)['’]s?\s", re.IGNORECASE)
LEAST_SHARES = {(True, False): 0.5, (True, True): 0.1, (False, False): 0.0, (False, True): 0.25}
"""The least probability that a name is a body's; the keys are whether somebody only works there, and has many words."""
LEAST_OWNER_SHARE = 0.6
"""At least this `Antecedent.share` is needed for the person whom "his lawyer" means."""


class Behalf:
    """Finds the body or person on whose behalf each unnamed source of one article speaks."""

    def __init__(
        self,
        text: str,
        *,
        people: People,
        bodies: Bodies,
        body_focus: BodyFocus,
        roles: RoleIndex,
        focus: Focus,
        describes_body: Callable[[SourcePhrase, list[str]], bool],
    ) -> None:
        """`describes_body` tells from a phrase and the plain words of its noun whether it only describes a body."""
        self._text = text
        self._people = people
        self._bodies = bodies
        self._body_focus = body_focus
        self._roles = roles
        self._focus = focus
        self._describes_body = describes_body
        self._earlier: dict[str, str] = {}

    def of(self, source: Mention) -> str | None:
        """Return the full name of the body or person for whom an unnamed source speaks or works; None if not known.

        Sources must be given in the order of the text: "the spokesman" speaks for whom the last spokesman spoke.
        """
        phrase = parse_source(self._text, source)
        tokens = list(TOKEN.finditer(phrase.noun))
        words = [plain(token[0]) for token in tokens]
        head = singular(words[-1]) if words else ""
        if head not in HEADS or not PAST.isdisjoint(word.removeprefix("ex-") for word in words):
            return None
        end = phrase.start + tokens[-1].start()
        lead = LEAD.match(self._text, phrase.start, end)
        name = self._behind(phrase, head) or self._before(lead.end() if lead else phrase.start, end, head)
        is_bare = len(words) == 1 + (lead is not None) and phrase.noun_end == phrase.core_end
        if name is None and is_bare and words[0] == "the":
            name = self._earlier.get(head)
        if name is None and is_bare and head in SPOKES:
            name = self._body_focus.last_speaker(phrase.start)
        if name is not None:
            self._earlier[head] = name
        return name

    def _behind(self, phrase: SourcePhrase, head: str) -> str | None:
        """Return whom the words behind the noun name: "for Greymoor", "at the ministry"."""
        link = LINK.match(self._text, phrase.noun_end, phrase.core_end)
        if link is None or VAGUE.match(self._text, link.end()):
            return None
        whom = self._mention(link.end(), phrase.core_end)
        if whom is None or (link["word"] in INSIDE and (head == "source" or not self._is_body_like(whom))):
            return None
        return self._named(whom, head, may_be_person=link["word"] in OF_PERSON, may_be_state=link["word"] == "for")

    def _before(self, start: int, end: int, head: str) -> str | None:
        """Return whom the words before the noun name: "Boeing officials", "the ministry's spokesman", "her lawyer"."""
        owned = OWNED.match(self._text, start, end)
        if owned and owned["pronoun"]:
            return self._meant(owned["pronoun"], start)
        stop = owned.end() if owned else end
        whom = self._mention(self._after_adjectives(start, stop), stop)
        if whom and plain(whom.text) in BODY_NOUNS and plain(whom.text) not in CHAMBERS:
            return self._body(plain(whom.text), whom.start)
        return self._named(whom, head, may_be_person=head in AGENTS, may_be_state=False) if whom else None

    def _after_adjectives(self, start: int, end: int) -> int:
        """Return the offset of the first name, or of the last noun for a body if there is no capital; else `end`.

        Peoples and parties are no names: nobody knows for whom "senior American officials" speak.
        """
        place = end
        for token in TOKEN.finditer(self._text, start, end):
            word = plain(token[0])
            if token[0][0].isupper() and word not in NON_NAMES:
                others = [plain(later[0]) for later in TOKEN.finditer(self._text, token.end(), end)]
                is_name = not all(is_nation(each) for each in (word, *others)) and word not in RANKS
                return token.start() if is_name else self._after_adjectives(token.end(), end)
            if word in BODY_NOUNS:
                place = token.start()
        return place

    def _body(self, noun: str | None, place: int) -> str | None:
        """Return the body that "the NOUN" means, or "its" without a noun."""
        meant = self._body_focus.find(noun, place)
        return meant.name if meant else None

    def _mention(self, start: int, end: int) -> Mention | None:
        words = self._text[start:end].rstrip()
        return Mention(words, start, start + len(words)) if words.strip() else None

    def _is_body_like(self, whom: Mention) -> bool:
        """True if a word of the name, or of the description, is one for a body: "the Justice Department"."""
        noun = [plain(token) for token in TOKEN.findall(parse_source(self._text, whom).noun)]
        return any(word in BODY_WORDS or word in BODY_NOUNS for word in noun)

    def _named(self, whom: Mention, head: str, *, may_be_person: bool, may_be_state: bool) -> str | None:
        """Return the full name of what some words mean: a person, a body, or several bodies; None if not clear."""
        phrase = parse_source(self._text, whom)
        office = OFFICE.search(phrase.noun)
        if office:  # "Greymoor's Lowmark office" is Greymoor
            owned = OWNED.match(phrase.noun)
            owner = self._mention(phrase.start, phrase.start + (owned.end() if owned else office.start()))
            return self._named(owner, head, may_be_person=may_be_person, may_be_state=may_be_state) if owner else None
        person = self._person(phrase)
        if person is not None:
            return person.name if may_be_person else None
        noun = [plain(token) for token in TOKEN.findall(phrase.noun)]
        if not noun:
            return None
        if self._describes_body(phrase, noun):
            return self._body(noun[-1], whom.start)
        if may_be_person and whom.text.startswith("the "):
            match = self._roles.find(phrase.core, whom.start)
            if match is not None and match[1] == EXACT and match[0].words:
                return match[0].name
        names = self._bodies.joint(whom)
        if not names and self._can_have_voice(phrase.noun.removeprefix("the "), head, may_be_state):
            names = [self._bodies.name(phrase) or ""]
        return " & ".join(name for name in names if name and self._speaks(name, may_be_state)) or None

    def _person(self, phrase: SourcePhrase) -> Person | None:
        """Return the person at the head of a phrase, unless the name can be a body's."""
        for run in head_runs(self._text, phrase.start, phrase.noun_end)[:1]:
            possessive = POSSESSIVE.match(self._text, run.end)
            end = possessive.end() if possessive else run.end
            mention = self._people.mention_by_end.get(end) or self._people.mention_by_end.get(run.end)
            if mention is not None and mention.start >= run.start:
                person = mention.person
                may_be_body = len(person.words) == 1 and not person.is_surely_one
                return None if may_be_body and self._bodies.names.full(person.name) != person.name else person
        return None

    def _can_have_voice(self, name: str, head: str, may_be_state: bool) -> bool:
        """True if a body can be meant by a name, as the source writes it, beside such a noun for a person."""
        words = name.split()
        if not words or words[-1] == "media":
            return False
        if all(is_nation(plain(word)) for word in words):
            return may_be_state  # "U.S. officials"
        least = LEAST_SHARES[head in STAFF, len(words) > 1]
        return head in SPOKES or self._bodies.names.share(name) >= least  # not "a Shenzhen trader"

    def _speaks(self, name: str, may_be_state: bool) -> bool:
        """True if somebody can speak for what a name means: no nation, no town, and no noun for many bodies."""
        words = body_words(name)
        if not words or len(name) == 1:
            return False
        if len(words) == 1 and (words[0] in BODY_WORDS or words[0] in BODY_NOUNS) and not name.isupper():
            return words[0] in CHAMBERS
        if len(words) == 1 and not name.isupper() and not self._bodies.names.knows(name):
            return False  # "Industry sources", at the start of a sentence
        return may_be_state or not all(is_nation(word) for word in words)

    def _meant(self, pronoun: str, place: int) -> str | None:
        """Return the person whom "his" or "her" means, or the body of "its"."""
        low = pronoun.lower()
        if low == "its":
            return self._body(None, place)
        antecedent = self._focus.antecedent(place, pronoun_gender(low)) if low != "their" else None
        if antecedent is None or antecedent.share < LEAST_OWNER_SHARE or not antecedent.person.words:
            return None
        return antecedent.person.name


def singular(word: str) -> str:
    """Return a noun for a person in the form in which `HEADS` has it."""
    return word[:-1] if word.endswith("s") and word[:-1] in HEADS else word


def is_nation(word: str) -> bool:
    """True if a plain word is a country, a town, a people or a party: nobody speaks for all of these."""
    return word in PLACES or word in STATES or word in PARTIES or is_nationality(word)

"""Roles: the descriptions that an article gives of people beside their names, and the search for "the minister".

A description is any phrase for a person ("the Norwegian minister"). A role is a description that is stored with a
person.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from worker.speakers.within.names import OFFICES as CAPITAL_OFFICES
from worker.speakers.within.names import TOKEN, is_nationality, is_person_noun, is_title, plain, plain_words
from worker.speakers.within.people import People, Person, PersonMention, last_before
from worker.speakers.within.wordlists import (
    KIN,
    PERSON_HEADS,
    PLACES,
    PREPOSITIONS,
    TITLES,
    word_set,
)

APPOSITION = re.compile(r",\s+([^,.;:“”\"()\n]{2,120})(?=[,.;:\n)]|$)")
AGE = re.compile(r"\b(\d{1,3})-year-old\b")
BREAK = re.compile(r"[,.;:“”\"()\n]")
OFFICES = frozenset(map(str.lower, CAPITAL_OFFICES))
MOST_ROLES = 50
"""At most this many roles of one person are looked up."""
MOST_CANDIDATES = 40
"""At most this many roles with the same head are compared with a description: the last roles before it."""
MOST_EARLY_CANDIDATES = 3
"""At most this many roles after a description are compared with it, if no role is before it.

The description can be in a headline, before all names.
"""
EXACT, LOOSE = 0.85, 0.6
"""Confidence if a person's roles have all words of a description, and confidence if they lack some words."""
LOOK_BACK = 100
"""At most this many code points before a name are searched for a role."""
LOOK_AHEAD = 130
"""At most this many code points after a name are searched for a role."""
NEAREST = 3
"""At most this many words before a name are searched for a country's people."""
LONGEST_ROLE = 9
"""At most this many words in a role that stands before a name."""
FILLERS = word_set("the a an of for to in at on and his her its their s who is was has been former current then new")
"""Words that do not count in the comparison of descriptions."""
SYNONYMS = {
    "top diplomat": "foreign minister",
    "chief diplomat": "foreign minister",
    "chief negotiator": "negotiator",
    "presidential hopeful": "candidate",
    "congresswoman": "representative",
    "congressman": "representative",
    "rep": "representative",
    "gov": "governor",
    "sen": "senator",
    "gen": "general",
    "col": "colonel",
    "adm": "admiral",
    "prof": "professor",
    "businessman": "mogul",
    "billionaire": "mogul",
    "frontrunner": "candidate",
    "front-runner": "candidate",
    "democratic": "democrat",
    "gop": "republican",
    "nominee": "candidate",
    "pm": "prime minister",
}
"""Words of descriptions, each with the words that replace it in comparisons."""
SYNONYM = re.compile(r"\b(?:" + "|".join(sorted(SYNONYMS, key=len, reverse=True)) + r")\b")
TOP_DIPLOMAT = re.compile(r"\b(?:top|chief|lead) (\w+) diplomat\b")
NO_PEOPLE = word_set(
    """
    other former number order offer answer power water center summer winter weather quarter chapter matter member
    under over after never whether however rather either neither together further order later earlier honor labor
    """
)
"""Words beside a name that end as nouns for a person do."""
KNOWN = PERSON_HEADS | NO_PEOPLE
BESIDE = re.compile(
    r"(?:\b(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|['’]s?) (?:[\w\-]+ ){0,3}(?=[a-z\-]+, \Z)"
    r"|(?<!\b[Tt]he )(?<!\b[Aa] )(?<!\b[Hh]is )(?<!\b[Hh]er )(?<!\b[Ii]ts )\b(?=[a-z\-]+ \Z))"
    r"(?P<noun>[a-z\-]{4,})(?P<comma>,?) \Z"
)
"""A noun that a determiner and a comma make a description, or that stands right before the name without any."""
LEAD = re.compile(r"^(?:the|a|an|his|her|its|their) ")
NOUN_END = re.compile(r"[a-z\-]{4},? \Z")
"""The end of every match of `BESIDE`: most names have none before them, and need no search."""
CLOSING = re.compile(r"[,.;:)]|\Z")
"""What closes a name between commas. In "The buyer, Ana Ferro said, had left" the name is no description's."""
DESCRIBED = re.compile(rf"(?:an?|the) (?:(?!(?:{'|'.join(sorted(PREPOSITIONS))}|who)\b)[\w\-]+ ?){{1,4}}")
"""The words of an apposition before its first preposition."""
INTRODUCED = re.compile(
    r"(?:an?|the) (?:[\w\-’']+ ){0,4}?(?P<noun>[a-z\-]{4,})(?= (?:of|for|from|at|in|on|with|who)\b|$)"
)
ROLE_LIMITS = frozenset(("the", "a", "an", "his", "her", "and", "but", "to", "with", "by", "while", "that", "said"))
"""Words that end the search for the start of a role before a name: the role begins after such a word."""


def collect_roles(text: str, mentions: list[PersonMention]) -> None:
    """Store the roles that are right before and after each mention, and mark the people who are somebody's relation.

    `mentions` must be in the order of the text. A bare surname without a title gets no role.
    """
    previous: PersonMention | None = None
    for mention in mentions:
        person = mention.person
        if len(person.words) < 2 and not person.has_title:
            continue
        match = APPOSITION.match(text, mention.end, mention.end + LOOK_AHEAD)
        apposition = match.group(1) if match else ""
        apposed = stored_role(apposition) if apposition else ""
        if apposition and person_heads(apposition) and not apposition.startswith(("who ", "and ", "but ")):
            person.roles.append((apposed, mention.start))
        person.called.update((*nouns_beside(text, mention, apposition), *nations_behind(apposition)))
        if apposition.isdigit():
            person.has_title = True  # "Karin Dahl, 53,"
            person.age = person.age or int(apposition[:3])
        before = text[max(0, mention.start - LOOK_BACK) : mention.start].rstrip(", \u00a0")
        words = BREAK.split(before)[-1]
        person.called.update(nations_before(words))
        role = role_before(words)
        if role and "counterpart" in role and previous is not None:
            role = counterpart_role(role, previous.person) or role
        if role:
            person.roles.append((role, mention.start))
        age = AGE.search(f"{role or ''} {apposition}") if role or apposition else None
        person.age = person.age or (int(age[1]) if age else None)
        words = {*(role or "").split(), *apposed.split()}
        person.is_relation = person.is_relation or not words.isdisjoint(KIN)
        previous = mention


def nouns_beside(text: str, mention: PersonMention, apposition: str) -> list[str]:
    """Return what may be nouns for a person beside a name, and that no list has.

    They stand before the name ("wicketkeeper Irfan", "The coroner, Philippa Sowden,"), or in the apposition behind it,
    which is given without its comma ("a pediatrician in Bergen").
    """
    begin = max(0, mention.start - LOOK_BACK)
    has_noun = NOUN_END.search(text, max(begin, mention.start - 6), mention.start)
    before = BESIDE.search(text, begin, mention.start) if has_noun else None
    if before and before["comma"] and not CLOSING.match(text, mention.end):
        before = None
    nouns = [match["noun"] for match in (before, INTRODUCED.match(apposition)) if match]
    return [noun for noun in nouns if (is_person_noun(noun) or noun in TITLES) and noun not in KNOWN]


def nations_before(words: str) -> list[str]:
    """Return the nouns for the people of a country that describe the name behind some words: "Kenyan runner Ana Ferro".

    Between the two a noun for a person may stand, or for whose the person is ("the Kenyan team's Ana Ferro"), and no
    verb: "Kenyan police held Ana Ferro".
    """
    tokens = TOKEN.findall(words)[-NEAREST:]
    last = plain(tokens[-1]) if tokens else ""
    if not (is_nationality(last) or is_title(last) or last.endswith("'s") or (tokens and is_person_noun(tokens[-1]))):
        return []
    return [word for word in map(plain, tokens) if is_nationality(word)]


def nations_behind(apposition: str) -> list[str]:
    """Return the nouns for the people of a country in an apposition: "a Kenyan", "the Kenyan champion of 2019"."""
    described = DESCRIBED.match(apposition)
    return [word for word in plain_words(described[0]) if is_nationality(word)] if described else []


def role_before(words: str) -> str | None:
    """Return the role that ends right before a name ("Iranian lead negotiator Ali Bagheri"); else None.

    `words` are the words before the name.
    """
    tokens = TOKEN.findall(words)
    if not tokens or plain(tokens[-1]) not in PERSON_HEADS:
        return None
    first = len(tokens) - 1
    while first > 0 and len(tokens) - first < LONGEST_ROLE and tokens[first - 1].lower() not in ROLE_LIMITS:
        if joins_names(tokens, first - 1):
            break
        first -= 1
    return stored_role(" ".join(tokens[first:]))


def joins_names(tokens: list[str], number: int) -> bool:
    """True if a word stands between words with capitals as a verb does: "Bob Orr met Dutch coach Tom Rell"."""
    word = tokens[number]
    return (
        number > 0
        and word.islower()
        and word not in PERSON_HEADS
        and word not in SECONDS
        and word not in PREPOSITIONS
        and tokens[number - 1][0].isupper()
        and tokens[number + 1][0].isupper()
    )


def counterpart_role(role: str, previous: Person) -> str | None:
    """Return the role that "his Russian counterpart" means: the last office of the person who was named before.

    The nation of the office becomes that of the counterpart. The result is None if the person has no office.
    """
    if not previous.roles:
        return None
    nation = role.split(" counterpart")[0].split()[-1]
    office = [word for word in previous.roles[-1][0].split() if nation_stem(plain(word)) not in NATIONS]
    return " ".join([nation, *office]) if office else None


def stored_role(words: str) -> str:
    """Return a description as it is stored: lower case, single spaces, no article or possessive pronoun in front."""
    text = " ".join(words.lower().replace("’", "'").split())
    return LEAD.sub("", text)


def person_heads(words: str) -> set[str]:
    """Return the nouns for a person in a description ("minister")."""
    return {word for word in comparison_words(words) if word in PERSON_HEADS}


@lru_cache(maxsize=1024)
def comparison_words(words: str) -> tuple[str, ...]:
    """Return the words of a description in a form for comparison: both "Iran's" and "Iranian" become "iran"."""
    text = " ".join(plain_words(words.replace("’", "'")))
    text = SYNONYM.sub(lambda match: SYNONYMS[match.group()], text)
    text = TOP_DIPLOMAT.sub(r"\1 foreign minister", text)
    return tuple(nation_stem(word) for word in text.split() if word not in FILLERS)


def nation_stem(word: str) -> str:
    """Return a word without the ending of a country or people: Iran's, Iranian become iran; Russian becomes russ."""
    word = word.removesuffix("'s").removesuffix("'")
    for ending in ("ian", "ean", "an", "ish", "ese", "ia", "i", "a"):
        if len(word) - len(ending) >= 4 and word.endswith(ending) and word not in PERSON_HEADS:
            return word.removesuffix(ending)
    return word


class RoleEntry(NamedTuple):
    """The words of a role, for comparison, with the person who has it and the start of the mention beside it.

    `last` is the last of these words, if there is one.
    """

    place: int
    person: Person
    words: frozenset[str]
    last: tuple[str, ...]


class RoleIndex:
    """The roles of an article's people by their heads (main nouns), to find the person whom a description means."""

    def __init__(self, people: People) -> None:
        self.by_head: dict[str, list[RoleEntry]] = {}
        entries = [
            RoleEntry(place, person, frozenset(comparison_words(role)), comparison_words(role)[-1:])
            for person in people.all
            for role, place in person.roles[:MOST_ROLES]
        ]
        for entry in sorted(entries, key=lambda entry: entry.place):
            titles = {word for word in entry.last if word in TITLES or word in OFFICES}  # "archbishop", "labour mp"
            for head in (entry.words & PERSON_HEADS) | titles:
                self.by_head.setdefault(head, []).append(entry)
        self.by_noun: dict[str, list[Person]] = {}
        for person in people.all:
            for noun in person.called:
                self.by_noun.setdefault(noun, []).append(person)

    def find(self, description: str, place: int) -> tuple[Person, float] | None:
        """Return the person whom a definite description means at the offset `place`, and the confidence; else None.

        A person's roles may lack at most half of the description's words, or one word. Of several people, the
        description means the person whose roles lack the fewest words. If several lack equally few, it means the person
        who was mentioned last.
        """
        described = comparison_words(description)
        head = next((word for word in reversed(described) if word in PERSON_HEADS), None)
        first, last = description.split()[0], description.split()[-1]
        if head is None and first.lower() == "the" and (last.islower() or last in CAPITAL_OFFICES):  # "the archbishop"
            head = described[-1] if described and described[-1] in self.by_head else None
        entries = self.by_head.get(head, []) if head else []
        first_after = bisect_left(entries, place, key=lambda entry: entry.place)
        candidates = entries[:first_after] or entries[:MOST_EARLY_CANDIDATES]
        roles: dict[int, tuple[Person, set[str]]] = {}
        for entry in candidates[-MOST_CANDIDATES:]:
            if not entry.words & SECONDS <= set(described):
                continue  # "the prime minister" is not the deputy prime minister
            roles.setdefault(id(entry.person), (entry.person, set()))[1].update(entry.words)
        best: tuple[tuple[int, int], Person] | None = None
        for person, words in roles.values():
            missing = sum(word not in words for word in described)
            if missing > max(1, len(described) // 2) or any(
                contradict(described, words, kind) for kind in (NATIONS, PARTIES)
            ):
                continue
            if not words >= PORTFOLIOS.intersection(described):
                continue
            score = (-missing, last_before(person.places, place))
            if best is None or score > best[0]:
                best = (score, person)
        return None if best is None else (best[1], EXACT if best[0][0] == 0 else LOOSE)

    def find_called(self, noun: str, place: int) -> Person | None:
        """Return the person beside whose name a noun stands that no list has; the one named last, of several."""
        called = [person for person in self.by_noun.get(noun, ()) if last_before(person.places, place) >= 0]
        return max(called, key=lambda person: last_before(person.places, place), default=None)


def contradict(described: tuple[str, ...], words: set[str], kind: frozenset[str]) -> bool:
    """True if a description has a nation or party that the roles do not have, and the roles have a different one."""
    return bool(kind.intersection(described) - words) and bool(kind & words)


PARTIES = frozenset(("republican", "democrat", "libertar", "socialist", "conservative", "labour", "green"))
SECONDS = frozenset(("deputy", "vice", "vice-president", "vice-premier", "vice-minister", "assistant", "shadow"))
"""Words of a role for somebody who stands below the one that the other words mean."""
PORTFOLIOS = word_set("prime foreign finance defence defense interior health justice trade education environment home")
"""Words that tell one office from another: "the prime minister" is no minister without this word."""
NATIONS = frozenset(nation_stem(place) for place in PLACES) | {
    "brit",
    "french",
    "dutch",
    "american",
    "americ",
    "swiss",
    "greek",
}

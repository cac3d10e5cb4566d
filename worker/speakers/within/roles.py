"""Roles: the descriptions that an article gives of people beside their names.

A description is any phrase for a person ("the Norwegian minister"). A role is a description that is stored with a
person.
"""

import re

from worker.speakers.within.comparison import NATIONS, SECONDS, nation_stem, person_heads
from worker.speakers.within.names import TOKEN, is_nationality, is_person_noun, is_title, plain, plain_words
from worker.speakers.within.people import Person, PersonMention
from worker.speakers.within.wordlists import KIN, PERSON_HEADS, PREPOSITIONS, TITLES

APPOSITION = re.compile(r",\s+([^,.;:“”\"()\n]{2,120})(?=[,.;:\n)]|$)")
AGE = re.compile(r"\b(\d{1,3})-year-old\b")
OPENING = re.compile(
    r"(?:\A|\n|[.!?…](?<!Mr\.)(?<!Ms\.)(?<!Mrs\.)(?<!Dr\.)[\"”’')\]]* )"
    r"(?:[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w’']+['’]s?) [\w\- ]{3,40}, \Z"
)
"""The start of a sentence that introduces somebody: "His wife, " before a name."""
BREAK = re.compile(r"[,.;:“”\"()\n]")
LOOK_BACK = 100
"""At most this many code points before a name are searched for a role."""
LOOK_AHEAD = 130
"""At most this many code points after a name are searched for a role."""
NEAREST = 3
"""At most this many words before a name are searched for a country's people."""
LONGEST_ROLE = 9
"""At most this many words in a role that stands before a name."""
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
        if not words.isdisjoint(KIN):
            person.is_relation = True
            if OPENING.search(text, max(0, mention.start - LOOK_BACK), mention.start):
                person.subject_places.append(mention.start)
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
    return [noun for noun in nouns if (is_person_noun(noun) or noun in TITLES) and noun not in PERSON_HEADS]


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
    while (
        first > 0 and len(tokens) - first < LONGEST_ROLE and tokens[first - 1].lower() not in ROLE_LIMITS | PREPOSITIONS
    ):
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

"""Descriptions of people: what the article calls them besides their names, and who "the minister" is."""

import re
from bisect import bisect_left
from functools import lru_cache

from worker.speakers.within.names import plain
from worker.speakers.within.people import Mention, People, Person, last
from worker.speakers.within.wordlists import KIN, PERSON_HEADS, PLACES, words

APPOSITION = re.compile(r",\s+([^,.;:“”\"()\n]{3,120})(?=[,.;:\n)]|$)")
BREAK = re.compile(r"[,.;:“”\"()\n]")
TOKEN = re.compile(r"[\w'’\-]+")
MOST_ROLES = 50
MOST_CANDIDATES = 40
EXACT, LOOSE = 0.85, 0.6
FEW = 3
LOOK_BACK = 100
LOOK_AHEAD = 130
FILLERS = words("the a an of for to in at on and his her its their s who is was has been former current then new")
EQUALS = {
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
}
EQUAL = re.compile(r"\b(?:" + "|".join(sorted(EQUALS, key=len, reverse=True)) + r")\b")
TOP_DIPLOMAT = re.compile(r"\b(?:top|chief|lead) (\w+) diplomat\b")


def collect(text: str, mentions: list[Mention]) -> None:
    """Note the roles that stand right before and after each mention, which must be in order, and who is a relation."""
    previous: Mention | None = None
    for mention in mentions:
        if len(mention.person.words) < 2 and not mention.person.titled:
            continue
        after = APPOSITION.match(text, mention.end, mention.end + LOOK_AHEAD)
        if after and heads(after.group(1)) and not after.group(1).startswith(("who ", "and ", "but ")):
            mention.person.roles.append((clean(after.group(1)), mention.start))
        if after and after.group(1).isdigit():
            mention.person.titled = True  # "Karin Dahl, 53,"
        role = role_before(BREAK.split(text[max(0, mention.start - LOOK_BACK) : mention.start].rstrip(", \u00a0"))[-1])
        if role and "counterpart" in role and previous is not None:
            role = counterpart(role, previous) or role
        if role:
            mention.person.roles.append((role, mention.start))
        said = {word for each in (role, clean(after.group(1)) if after else None) if each for word in each.split()}
        mention.person.kin = mention.person.kin or not said.isdisjoint(KIN)
        previous = mention


def role_before(words: str) -> str | None:
    """The description that ends right before a name ("Iranian lead negotiator Ali Bagheri")."""
    tokens = TOKEN.findall(words)
    if not tokens or plain(tokens[-1]) not in PERSON_HEADS:
        return None
    first = len(tokens) - 1
    while first > 0 and len(tokens) - first < 9:
        token = tokens[first - 1]
        if token.lower() in ("the", "a", "an", "his", "her", "and", "but", "to", "with", "by", "while", "that", "said"):
            break
        first -= 1
    return clean(" ".join(tokens[first:]))


def counterpart(role: str, previous: Mention) -> str | None:
    """What "his Russian counterpart" is called: the office of the person named before, of the other country."""
    if not previous.person.roles:
        return None
    nation = role.split(" counterpart")[0].split()[-1]
    office = [word for word in previous.person.roles[-1][0].split() if demonym(plain(word)) not in NATIONS]
    return " ".join([nation, *office]) if office else None


def clean(words: str) -> str:
    """A description as it is stored: lower case, single spaces, no article in front."""
    text = " ".join(words.lower().replace("’", "'").split())
    return re.sub(r"^(?:the|a|an|his|her|its|their) ", "", text)


def heads(words: str) -> set[str]:
    """The words of a description that can head one of a person."""
    return {token for token in keys(words) if token in PERSON_HEADS}


@lru_cache(maxsize=1024)
def keys(words: str) -> tuple[str, ...]:
    """The words of a description for comparison: "Iran's" is "iran", "Iranian" too."""
    text = " ".join(plain(token) for token in TOKEN.findall(words.replace("’", "'")))
    text = EQUAL.sub(lambda match: EQUALS[match.group()], text)
    text = TOP_DIPLOMAT.sub(r"\1 foreign minister", text)
    return tuple(demonym(token) for token in text.split() if token not in FILLERS)


def demonym(token: str) -> str:
    """A word without the endings that turn a country into its people: Iran's, Iranian → iran; Russian → russ."""
    token = token.removesuffix("'s").removesuffix("'")
    for ending in ("ian", "ean", "an", "ish", "ese", "ia", "i", "a"):
        if len(token) - len(ending) >= 4 and token.endswith(ending) and token not in PERSON_HEADS:
            return token.removesuffix(ending)
    return token


class Descriptions:
    """The way from a description to the people who have a role with the same head."""

    def __init__(self, people: People) -> None:
        self.by_head: dict[str, list[tuple[int, Person, frozenset[str]]]] = {}
        entries = [
            (place, person, frozenset(keys(role))) for person in people.all for role, place in person.roles[:MOST_ROLES]
        ]
        for place, person, said in sorted(entries, key=lambda entry: entry[0]):
            for head in said & PERSON_HEADS:
                self.by_head.setdefault(head, []).append((place, person, said))

    def person(self, description: str, place: int) -> tuple[Person, float] | None:
        """The person a definite description means at a place, and how sure that is; None where it fits nobody."""
        wanted = keys(description)
        head = next((word for word in reversed(wanted) if word in PERSON_HEADS), None)
        entries = self.by_head.get(head, []) if head else []
        first = bisect_left(entries, place, key=lambda entry: entry[0])
        known = entries[:first] or entries[:FEW]  # a headline describes before the text names
        roles: dict[int, tuple[Person, set[str]]] = {}
        for _, person, said in known[-MOST_CANDIDATES:]:
            roles.setdefault(id(person), (person, set()))[1].update(said)
        best: tuple[tuple[int, int], Person] | None = None
        for person, seen in roles.values():
            missing = sum(word not in seen for word in wanted)
            if missing > max(1, len(wanted) // 2) or any(differ(wanted, seen, kind) for kind in (NATIONS, PARTIES)):
                continue
            score = (-missing, last(person.places, place))
            if best is None or score > best[0]:
                best = (score, person)
        return None if best is None else (best[1], EXACT if best[0][0] == 0 else LOOSE)


def differ(wanted: tuple[str, ...], seen: set[str], kind: frozenset[str]) -> bool:
    """Whether a description says another nation or party than the roles do."""
    return bool(kind.intersection(wanted) - seen) and bool(kind & seen)


PARTIES = frozenset(("republican", "democrat", "libertar", "socialist", "conservative", "labour", "green"))
NATIONS = frozenset(demonym(place) for place in PLACES) | {
    "brit",
    "french",
    "dutch",
    "american",
    "americ",
    "swiss",
    "greek",
}

"""Whether a name is a person's or a body's: a small scorer, learnt from a corpus, weighs the article's evidence.

The evidence is in the name itself (a listed given name, a legal ending) and around all its mentions in the article
(titles, "who" or "which", "shares of"). The weights are in `kinds.json`; `training/kinds.py` makes them.
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from worker.speakers.within.capitals import CapitalRun
from worker.speakers.within.listed import is_family_first, is_given_name, is_surname
from worker.speakers.within.names import is_nationality, plain, spelling_key, split_titles
from worker.speakers.within.wordlists import (
    BODY_NOUNS,
    BODY_WORDS,
    COMPANY_WORDS,
    LEGAL,
    PERSON_HEADS,
    PLACES,
    word_set,
)

BEFORE = re.compile(r"(?<![\w’'&.\-])([\w’'&.\-]+)([,;:“”\"(]?)[ \u00a0]*\Z")
AFTER = re.compile(r"(['’]s?\b)?([ \u00a0]*[,;:“”\"()]?)[ \u00a0]*([\w’'\-]+)?")
APPOSED = re.compile(r", ((?:[\w’'\-]+ ){1,4}[\w’'\-]+)")
"""The first words behind a name and a comma: "Karin Dahl, chief economist at"."""
ACRONYM = re.compile(r" ?\((?:the )?[A-Z][A-Za-z&]{1,6}\)")
AGE = re.compile(r", (?:aged )?\d\d?\b")
PRONOUN = re.compile(
    r"[hisw](?<!\w.)(?:((?<=s)he|(?<=h)(?:e|is|er|im))|((?<=i)ts?)|((?<=w)ho(?:se|m)?)|((?<=w)hich))\b"
)
"""Pronouns by kind: of a person (he, she, his, her, him), of a thing, relative of a person, relative of a thing.

Their first letter stands first, since a search for one is quicker."""
REACH = 110
"""Look for a pronoun at most this many code points after a mention."""
MOST_NAMESAKES = 20
"""At most this many names with one word in common are compared."""
MOST_MENTIONS = 12
"""At most this many mentions of a name are looked at."""
LEAST_SHARE, LEAST_SINGLE_SHARE, LEAST_TITLED_SHARE = 0.3, 0.7, 0.2
"""A name of several words, of one, or with a title that has a smaller probability is not a person's."""
LEAST_EASTERN_SHARE = 0.05
"""So for names that begin with the family name, which the corpus hardly has."""
CONTINENTS = frozenset(
    ("europe", "asia", "africa", "america", "americas", "pacific", "atlantic", "worldwide", "global")
)
FIRM_ENDS = frozenset(("brothers", "bros", "sons", "associates", "partners"))
"""Words that end the names of firms, although some are surnames."""
PREPOSITIONS = ("of", "for", "with", "from", "to", "by", "at", "in", "on", "against", "and", "between", "like", "than")
SAYING = word_set("said says told added asked wrote noted argued explained insisted recalled")
BEING = word_set("is are was were has have had will would")
OF_BODIES = word_set(
    """
    shares stock spokesman spokeswoman spokesperson official officials analyst analysts economist executive executives
    plans plan unit profit profits chief chairman president director manager deal bid officer board
    """
)
"""Nouns that often follow the name of a body."""
CAMEL = re.compile(r"(?!Mc|Mac|De|La|Le|Di|Van|O['’])[A-Z]?[a-z]+[A-Z]|\d")


class NameKinds:
    """The evidence of one article for each name in it."""

    def __init__(self, text: str, runs: list[CapitalRun], lower_case: frozenset[str]) -> None:
        self._text = text
        self._lower_case = lower_case
        self._mentions: dict[tuple[str, ...], list[CapitalRun]] = defaultdict(list)
        self._known: dict[tuple[str, ...], dict[str, float]] = {}
        self._person_shares: dict[tuple[str, ...], float] = {}
        self._courtesy: set[str] = set()
        self._alone: set[str] = set()
        self._longer_ends: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._longer_starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for run in runs:
            name = split_titles(run.words)
            words = name.words or run.words
            self._mentions[words].append(run)
            if len(words) == 1:
                self._alone.add(spelling_key(words[0]))
            if name.titles:
                self._courtesy.add(plain(words[-1]))
            if len(words) > 1:
                for names, word in ((self._longer_ends, words[-1]), (self._longer_starts, words[0])):
                    known = names[plain(word)]
                    if len(known) < MOST_NAMESAKES and words not in known:
                        known.append(words)

    def features(self, words: tuple[str, ...]) -> dict[str, float]:
        """Return the features of a name, each with its value, mostly 0 to 1."""
        features = dict.fromkeys(self._of_name(words), 1.0)
        mentions = self._mentions.get(words, [])[:MOST_MENTIONS]
        seen: dict[str, int] = {}
        for run in mentions:
            for feature in set(self._of_mention(run, words)):
                seen[feature] = seen.get(feature, 0) + 1
        for feature, count in seen.items():
            features["any " + feature] = 1.0
            features["share " + feature] = count / len(mentions)
        return features

    def _of_name(self, words: tuple[str, ...]) -> Iterator[str]:
        low = [plain(word) for word in words]
        size = min(len(words), 4)
        yield f"size {size}"
        single = "single " if size == 1 else ""
        if is_family_first(tuple(low)) and not is_surname(low[-1]):
            yield "family first"
        if is_given_name(low[0]):
            yield single + "given"
        elif len(low[0]) == 1 and size > 1:
            yield "initial"
        if is_surname(low[-1]):
            yield single + "surname"
        if size > 1 and is_given_name(low[0]) and is_surname(low[-1]):
            yield "given and surname"
        if size == 1 and not is_given_name(low[0]) and not is_surname(low[0]):
            yield "single unlisted"
        if any(word.isupper() and len(word.replace(".", "")) > 1 for word in words):
            yield "capitals"
        if all(word.isupper() for word in words):
            yield "all capitals"
        if any(CAMEL.search(word) for word in words):
            yield "camel"
        if any("-" in word for word in words):
            yield "hyphen"
        if any(word in BODY_WORDS for word in low):
            yield "body word"
        if low[-1] in COMPANY_WORDS or low[-1] in LEGAL:
            yield single + "company word"
        if any(word in PLACES for word in low):
            yield "place"
        if any(word in self._lower_case for word in low):
            yield single + "lower"
        if low[-1].endswith("s"):
            yield single + "ends in s"
        if low[-1] in self._courtesy or low[0] in self._courtesy:
            yield "titled"
        if size > 1:
            if spelling_key(words[-1]) in self._alone:
                yield "last alone"
            if spelling_key(words[0]) in self._alone:
                yield "first alone"
        longer = [name for name in self._longer_ends[low[-1]] if name != words]
        if any(is_given_name(plain(name[0])) for name in longer):
            yield "surname of a full name"
        longer = [name for name in self._longer_starts[low[0]] if name != words]
        if any(not BODY_WORDS.isdisjoint(map(plain, name)) for name in longer):
            yield "begins a body"
        if size == 1 and any(is_given_name(low[0]) and is_surname(plain(name[-1])) for name in longer):
            yield "first name of a full name"

    def _of_mention(self, run: CapitalRun, words: tuple[str, ...]) -> Iterator[str]:
        text = self._text
        if len(words) < len(run.words):
            yield "title"
        before = BEFORE.search(text[max(0, run.start - 30) : run.start])
        if before:
            word, mark = plain(before[1]), before[2]
            if mark:
                yield "before mark"
            elif word in PREPOSITIONS:
                yield "before " + word
            elif word in ("the", "a", "an"):
                yield "before the"
            elif word in PERSON_HEADS:
                yield "before person noun"
            elif word in BODY_NOUNS or word in BODY_WORDS:
                yield "before body noun"
            elif word in SAYING:
                yield "before said"
            elif word.endswith("'s"):
                yield "before possessive"
            elif word.endswith("-based"):
                yield "before based"
            elif before[1].islower():
                yield "before lower"
        after = AFTER.match(text, run.end)
        possessive = text[run.end - 2 : run.end] in ("'s", "’s") or text[run.end - 1 : run.end] in ("'", "’")
        if possessive:
            yield "after possessive"
        if after and after[3]:
            word, mark = plain(after[3]), after[2].strip()
            if mark == ",":
                yield "after comma " + (word if word in ("a", "an", "the", "who", "which", "whose") else "other")
                apposed = APPOSED.match(text, run.end, run.end + REACH)
                if apposed and not PERSON_HEADS.isdisjoint(map(plain, apposed[1].split())):
                    yield "after comma person noun"
            elif not mark and word in SAYING:
                yield "after said"
            elif not mark and word in BEING:
                yield "after being"
            elif not mark and (word in OF_BODIES or word in BODY_NOUNS):
                yield "after noun of bodies" + (" possessed" if possessive else "")
            elif not mark and word in PERSON_HEADS:
                yield "after person noun" + (" possessed" if possessive else "")
            elif not mark and word == "and":
                yield "after and"
            elif not mark and after[3].islower():
                yield "after lower"
        if AGE.match(text, run.end):
            yield "age"
        if ACRONYM.match(text, run.end):
            yield "acronym"
        pronoun = PRONOUN.search(text, run.end, run.end + REACH)
        if pronoun:
            yield ("he", "it", "who", "which")[pronoun.lastindex - 1 if pronoun.lastindex else 0]

    def is_person(self, words: tuple[str, ...], has_title: bool = False) -> bool:
        """True if a name is likelier a person's than a body's; a title in front of it is evidence for a person."""
        last = plain(words[-1])
        if len(words) > 1 and (last in FIRM_ENDS or (last in COMPANY_WORDS and not is_surname(last))):
            return False
        first = plain(words[0])
        if len(words) > 1 and not has_title and self._begins_firm(words):
            return False
        if len(words) > 1 and not has_title and not is_given_name(first):
            if last in PLACES or last in CONTINENTS:
                return False  # "Air France", "Media Labs Europe"
            if is_nationality(first) and not is_surname(last):
                return False  # "Czech Unipetrol"
        if is_family_first(tuple(map(plain, words))) and BODY_WORDS.isdisjoint(map(plain, words)):
            return self.person_share(words) >= LEAST_EASTERN_SHARE
        least = LEAST_TITLED_SHARE if has_title else LEAST_SHARE if len(words) > 1 else LEAST_SINGLE_SHARE
        return self.person_share(words) >= least

    def _begins_firm(self, words: tuple[str, ...]) -> bool:
        """True if the article has the name of a firm that goes on with a word for firms: "Norfolk Southern Corp"."""
        return any(
            longer[: len(words)] == words and plain(longer[len(words)]).rstrip(".") in LEGAL
            for longer in self._longer_starts.get(plain(words[0]), ())
            if len(longer) > len(words)
        )

    def person_share(self, words: tuple[str, ...]) -> float:
        """Return the probability that a name is a person's."""
        if words not in self._person_shares:
            self._person_shares[words] = share(self._features_of(words), "person")
        return self._person_shares[words]

    def body_share(self, words: tuple[str, ...]) -> float:
        """Return the probability that a name that is no person's is a body's, and not a place's or a thing's."""
        return share(self._features_of(words), "body")

    def _features_of(self, words: tuple[str, ...]) -> dict[str, float]:
        if words not in self._known:
            self._known[words] = self.features(words)
        return self._known[words]


def share(features: dict[str, float], kind: str) -> float:
    """Return the probability that features mean a kind."""
    weights = kind_weights()[kind]
    odds = weights["bias"]
    for feature, value in features.items():
        odds += weights.get(feature, 0.0) * value
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def kind_weights() -> dict[str, dict[str, float]]:
    """Return the weights of the features, for each of the two questions."""
    text = (files("worker.speakers.within") / "kinds.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded

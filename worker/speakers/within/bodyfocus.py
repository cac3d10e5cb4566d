"""The body that "the company", "the ministry" or "it" means: the one that the article spoke of last, and most."""

import math
import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from worker.speakers.within.bodynames import Body, BodyNames
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.names import is_nationality, plain
from worker.speakers.within.wordlists import BODY_NAMES, BODY_NOUNS, COMPANIES, PLACES, word_set

DECAY = 0.6
"""Keep this share of a mention's weight with each new sentence."""
TOPIC = 0.3
"""Weight of the logarithm of how often the whole article names a body."""
SPOKE = 0.6
"""Weight that a body gains when it speaks."""
MOST_MENTIONS = 8
"""At most this many mentions of each body before an offset are looked at."""
MOST_BODIES = 40
"""At most this many bodies are compared."""
NOUN_BEFORE = re.compile(r"([\w\-]+) (?:the )?\Z")
APPOSITION = re.compile(r", (?:an?|the|which is an?|one of) ([^,.;:()\n]{3,80})")
LEAST_SHARE = 0.7
"""The probability that a name is a body's is at least this much if it has spoken."""
PAPERS = frozenset(("newspaper", "paper", "daily", "weekly", "magazine"))
PAPER_WORDS = word_set(
    """
    times post news journal tribune herald gazette daily globe examiner observer guardian telegraph mail sun star mirror
    express independent chronicle courier echo standard press review weekly magazine
    """
)
"""Words of the names of newspapers and magazines."""
STATES = frozenset(("us", "uk", "usa", "uae", "ec", "eec"))
LEAST = 0.25
"""A body must have at least this weight to be meant."""


class Meant(NamedTuple):
    """The name of the body that a description means, and its share of the weight of the two likeliest bodies."""

    name: str
    share: float


class BodyFocus:
    """The bodies of one article, with what the article calls each of them."""

    def __init__(
        self,
        text: str,
        names: BodyNames,
        kinds: NameKinds,
        *,
        full: Callable[[str], str],
        weight: Callable[[int, int], float],
        sentence: Callable[[int], int],
    ) -> None:
        """`full` returns the fullest form of a body's name, `weight` the salience of the mention at a span.

        `sentence` returns the number of the sentence at an offset.
        """
        self._weight = weight
        self._sentence = sentence
        self._spoke: dict[str, list[int]] = {}
        self._text = text
        self._names = names
        self._kinds = kinds
        self._full = full

    @cached_property
    def _bodies(self) -> list[Body]:
        bodies = sorted(self._names.by_words.values(), key=lambda body: -len(body.spans))[:MOST_BODIES]
        found = merged(bodies, self._full, self._kinds)
        for body in found:
            for start, end in body.spans[:MOST_MENTIONS]:
                before = NOUN_BEFORE.search(self._text, max(0, start - 30), start)
                after = APPOSITION.match(self._text, end)
                described = [before[1]] if before else []
                described += after[1].split() if after else []
                body.nouns.update(plain(word) for word in described if plain(word) in BODY_NOUNS)
        return found

    def add_speaker(self, name: str, place: int) -> None:
        """Remember that a body speaks at an offset."""
        self._spoke.setdefault(name, []).append(place)

    def find(self, noun: str | None, place: int) -> Meant | None:
        """Return the body that "the NOUN", or "it" without a noun, means at an offset; None if there is none."""
        sentence = self._sentence(place)
        scores = []
        for body in self._bodies:
            score = self._score(body, place, sentence)
            if score and (fits(noun, body) if noun else not all(is_state(word) for word in body.words)):
                if noun and (noun in body.words or noun in body.nouns):
                    score += 1
                scores.append((score, body.name))
        scores.sort(reverse=True)
        if not scores or scores[0][0] < LEAST:
            return None
        second = scores[1][0] if len(scores) > 1 else 0.0
        return Meant(scores[0][1], scores[0][0] / (scores[0][0] + second))

    def _score(self, body: Body, place: int, sentence: int) -> float:
        before = bisect_left(body.spans, (place, 0))
        if not before:
            return 0.0
        if body.share < LEAST_SHARE and body.name not in self._spoke and not body.is_full:
            return 0.0  # it may be a place or a product
        score = TOPIC * math.log1p(len(body.spans))
        for start, end in body.spans[max(0, before - MOST_MENTIONS) : before]:
            score += self._weight(start, end) * DECAY ** (sentence - self._sentence(start))
        for start in self._spoke.get(body.name, [])[-MOST_MENTIONS:]:
            score += SPOKE * DECAY ** (sentence - self._sentence(start))
        return score * (max(LEAST_SHARE, body.share) if body.name in self._spoke else body.share)


def merged(bodies: list[Body], full: Callable[[str], str], kinds: NameKinds) -> list[Body]:
    """Return the bodies with the mentions of all forms of one name together, under its fullest form."""
    by_name: dict[str, Body] = {}
    for body in bodies:
        name, share = full(body.name), kinds.body_share(body.run)
        known = by_name.get(name)
        if known is None:
            known = by_name[name] = Body(name, body.words, body.run, list(body.spans))
        else:
            known.spans = sorted(known.spans + body.spans)
            known.words = max(known.words, body.words, key=len)
        known.share = max(known.share, share)
    return list(by_name.values())


def is_state(word: str) -> bool:
    """True if a word is a country, a town, a people, or a short name of a state or an authority."""
    return word in PLACES or word in BODY_NAMES or word in STATES or is_nationality(word)


def fits(noun: str, body: Body) -> bool:
    """True if a body can be "the NOUN": a company if nothing says what it is, else a body of that kind."""
    if noun in body.words or noun in body.nouns:
        return True
    if noun in PAPERS:
        return not PAPER_WORDS.isdisjoint(body.words)
    if noun not in COMPANIES or all(is_state(word) for word in body.words):
        return False
    kinds = {word for word in body.words if word in BODY_NOUNS and word not in COMPANIES}
    return not kinds and (not body.nouns or not body.nouns.isdisjoint(COMPANIES))

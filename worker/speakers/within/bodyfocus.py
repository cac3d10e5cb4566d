"""The body that "the company", "the ministry" or "it" means: the one that spoke last; no body if two may be meant."""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Collection
from functools import cached_property
from typing import NamedTuple, TypeVar

from worker.speakers.within.bodynames import PAPER_WORDS, Body, BodyNames, body_words
from worker.speakers.within.kinds import NameKinds
from worker.speakers.within.names import is_nationality, plain, plain_words
from worker.speakers.within.wordlists import BODY_NAMES, BODY_NOUNS, BODY_WORDS, COMPANIES, PLACES, word_set

Value = TypeVar("Value")
DECAY = 0.6
"""Keep this share of a mention's weight with each new sentence."""
TOPIC = 0.3
"""Weight of the logarithm of how often the whole article names a body."""
SPOKE = 0.6
"""Weight that a body gains when it speaks."""
MOST_MENTIONS = 8
"""At most this many mentions of each body before an offset are looked at."""
MOST_BODIES = 40
"""At most this many bodies are compared, and as many that only speak, and as many rivals: those that spoke last."""
NOUN_BEFORE = re.compile(r"([\w\-]+) (?:the )?\Z")
NOUN_BEHIND = re.compile(r" ((?:news)?paper|magazine|agency)\b")
APPOSITION = re.compile(r", (?:an?|the|which is an?|one of) ([^,.;:()\n]{3,80})")
LEAST_SHARE = 0.7
"""The probability that a name is a body's is at least this much if it has spoken."""
PAPERS = frozenset(("newspaper", "paper", "daily", "weekly", "magazine"))
ANY_COMPANY = frozenset(("company", "firm", "group"))
"""Nouns that do not tell one company from another."""
PUBLIC = word_set(
    """
    ministry department committee council commission government administration cabinet parliament congress senate court
    tribunal party police army navy embassy authority nations state county office bureau service
    """
)
"""Words at the end of the names of public bodies, which are no companies."""
STATES = frozenset(("us", "uk", "usa", "uae", "ec", "eec"))
LEAST = 0.25
"""A body must have at least this weight to be meant."""
LEAST_LEAD = 0.6
"""A body must have at least this share of its own weight and the next one's to be meant."""
LEAST_OF_TOPIC = 3
"""The company that an article is about is named at least so often, and at least twice as often as any other."""
BEGINNING = 3
"""It is also named in one of so many sentences at the beginning."""
TOPIC_SHARE = 0.6
"""The `Meant.share` of the company that an article is about."""
RIVAL = 1.6
"""Weight of a name that speaks and that may be a body's: about that of a subject which speaks."""
NEAR, FAR = 2, 6
"""A body that "it", or that a description means, spoke or was named at most this many sentences before."""
LEAST_SUBJECT, LEAST_OF_DESCRIBED = 1.0, 0.75
"""The salience of a subject, which "it" takes up; a description also takes up what may be one."""


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
        self._last_spoke = -1, ""
        self._spoken_words: list[tuple[str, int, str]] = []
        self._unlisted: dict[str, Body] = {}
        self._rivals: dict[str, list[int]] = {}
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
                behind = None if body.is_full else NOUN_BEHIND.match(self._text, end)  # "the Lowmark Party newspaper"
                described = [match[1] for match in (before, behind) if match]
                described += after[1].split() if after else []
                body.nouns.update(plain(word) for word in described if plain(word) in BODY_NOUNS)
        return found

    def add_speaker(self, name: str, place: int, words: str = "") -> None:
        """Remember that a body speaks at an offset; `words` are those of the source, which may say what it is.

        So "the ministry" can mean a body whose name is no row of capitals: "Norway's foreign ministry".
        """
        self._spoke.setdefault(name, []).append(place)
        self._last_spoke = max(self._last_spoke, (place, name))
        self._spoken_words.append((name, place, words))

    def _all(self) -> list[Body]:
        """Return the bodies of the article, and those that have spoken and are not among them."""
        if self._spoken_words:
            known = {body.name: body for body in self._bodies}
            for name, place, words in self._spoken_words:
                body = known.get(name) or self._form_of(name) or self._unlisted_body(name)
                if len(name) > len(body.name) and body.name not in self._spoke:
                    body.name = name
                body.nouns.update(word for word in plain_words(words) if word in BODY_NOUNS)
                if name in self._unlisted:
                    body.spans.append((place, place + len(name)))
            self._spoken_words.clear()
        return [*self._bodies, *self._unlisted.values()]

    def _unlisted_body(self, name: str) -> Body:
        """Return the body of a name that is not among the bodies of the article, as the last one of them to speak."""
        body = self._unlisted.get(name) or new_body(name)
        put_last(self._unlisted, name, body)
        return body

    def _form_of(self, name: str) -> Body | None:
        """Return the body whose name lacks the first words of this one: "Harbour Office", "Holm's Harbour Office"."""
        return next((body for body in self._bodies if " " in body.name and name.endswith(f" {body.name}")), None)

    def add_rival(self, name: str, place: int) -> None:
        """Remember that a name speaks which may be a body's, although it was taken for a person's."""
        put_last(self._rivals, name, [*self._rivals.get(name, [])[1 - MOST_MENTIONS :], place])

    def last_speaker(self, place: int) -> str | None:
        """Return the body that spoke last, at most `NEAR` sentences before an offset; None if none did."""
        start, name = self._last_spoke
        is_near = start >= 0 and self._sentence(place) - self._sentence(start) <= NEAR
        return name if is_near else None

    def find(self, noun: str | None, place: int, before_noun: Collection[str] = ()) -> Meant | None:
        """Return the body that "the NOUN", or "it" without a noun, means at an offset; None if that is not clear.

        It must have far more weight than all others, and "it" must point to one that has just spoken or was a subject.
        If that is nobody, "the company" means the one that the article is about. `before_noun` are the plain words
        between "the" and the noun: if they are in a body's name, that body is meant ("the budget office").
        """
        sentence = self._sentence(place)
        scores: list[tuple[float, str, Body | None]] = []
        bodies = self._all()
        if before_noun:
            named = [body for body in bodies if noun in body.words and set(body.words).issuperset(before_noun)]
            bodies = named or bodies
        for body in bodies:
            score = self._score(body, place, sentence)
            if score and self._can_be(noun, body) and (noun or self._is_near(body, place, sentence, noun)):
                scores.append((score + self._is_called(noun, body), body.name, body))
        if noun is None or noun in COMPANIES:
            scores += [
                (self._spoken_weight(places, sentence, RIVAL), name, None) for name, places in self._rivals.items()
            ]
        scores.sort(key=lambda score: score[:2], reverse=True)
        if not scores:
            return None
        best, name, meant = scores[0]
        second = scores[1][0] if len(scores) > 1 else 0.0
        share = best / (best + second)
        if meant is None:
            return None
        is_near = self._is_called(noun, meant) or self._is_near(meant, place, sentence, noun)
        if best >= LEAST and share >= LEAST_LEAD and is_near:
            return Meant(name, share)
        others = [body for _, _, body in scores[1:]]
        may_be_topic = noun in COMPANIES and not any(map(is_nationality, before_noun))  # not "the American giant"
        return Meant(name, TOPIC_SHARE) if may_be_topic and self._is_topic(meant, others) else None

    def _is_topic(self, body: Body, others: Collection[Body | None]) -> bool:
        """True if an article is about one of the companies that can be meant; nobody is a rival that may be one."""
        most = max((len(other.spans) if other else len(body.spans) for other in others), default=0)
        is_often_named = len(body.spans) >= max(LEAST_OF_TOPIC, 2 * most)
        return is_often_named and self._sentence(body.spans[0][0]) < BEGINNING

    def _can_be(self, noun: str | None, body: Body) -> bool:
        if is_general(body):
            return False
        if noun is None:
            return body.name in self._spoke or not is_place(body)
        return (bool(body.nouns) or not is_place(body)) and fits(noun, body, spoke=body.name in self._spoke)

    def _is_called(self, noun: str | None, body: Body) -> bool:
        """True if the article calls a body so, or its name has the noun in it."""
        if noun is None or noun in ANY_COMPANY:
            return False
        return noun in body.words or noun in body.nouns or (noun in PAPERS and not PAPERS.isdisjoint(body.nouns))

    def _is_near(self, body: Body, place: int, sentence: int, noun: str | None) -> bool:
        """True if a body spoke shortly before, or was a subject there; for "it", in this sentence or the one before."""
        reach, least = (NEAR, LEAST_SUBJECT) if noun is None else (FAR, LEAST_OF_DESCRIBED)
        if any(sentence - self._sentence(start) <= reach for start in self._spoke.get(body.name, [])[-1:]):
            return True
        before = bisect_left(body.spans, (place, 0))
        return any(
            sentence - self._sentence(start) < reach and self._weight(start, end) >= least
            for start, end in body.spans[max(0, before - MOST_MENTIONS) : before]
        )

    def _score(self, body: Body, place: int, sentence: int) -> float:
        before = bisect_left(body.spans, (place, 0))
        if not before:
            return 0.0
        if body.share < LEAST_SHARE and body.name not in self._spoke and not body.is_full:
            return 0.0  # it may be a place or a product
        score = TOPIC * math.log1p(len(body.spans))
        for start, end in body.spans[max(0, before - MOST_MENTIONS) : before]:
            score += self._weight(start, end) * DECAY ** (sentence - self._sentence(start))
        score += self._spoken_weight(self._spoke.get(body.name, []), sentence, SPOKE)
        return score * (max(LEAST_SHARE, body.share) if body.name in self._spoke else body.share)

    def _spoken_weight(self, places: list[int], sentence: int, weight: float) -> float:
        return sum(weight * DECAY ** (sentence - self._sentence(start)) for start in places[-MOST_MENTIONS:])


def put_last(kept: dict[str, Value], name: str, value: Value) -> None:
    """Put a value behind all others, in place of an earlier one of its name; keep at most `MOST_BODIES`, the last."""
    kept.pop(name, None)
    kept[name] = value
    if len(kept) > MOST_BODIES:
        del kept[next(iter(kept))]


def new_body(name: str) -> Body:
    """Return a body that is known only because it has spoken."""
    return Body(name, body_words(name), (), share=1.0)


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


def is_general(body: Body) -> bool:
    """True if a name says only of which kind a body is: "Government", "TV"."""
    return all(word in BODY_WORDS or word in BODY_NOUNS for word in body.words)


def is_place(body: Body) -> bool:
    """True if a body is a country, a town, or a state or an authority by its short name."""
    return all(is_state(word) for word in body.words)


def is_state(word: str) -> bool:
    """True if a word is a country, a town, a people, or a short name of a state or an authority."""
    return word in PLACES or word in BODY_NAMES or word in STATES or is_nationality(word)


def fits(noun: str, body: Body, *, spoke: bool) -> bool:
    """True if a body can be "the NOUN": a company if nothing says what it is, else a body of that kind."""
    if noun in body.words or noun in body.nouns:
        return True
    if noun in PAPERS:
        return not PAPER_WORDS.isdisjoint(body.words) or not PAPERS.isdisjoint(body.nouns)
    if noun not in COMPANIES:
        return False
    if body.share < LEAST_SHARE and not body.is_full and not spoke:
        return False
    if noun != "group" and body.words[-1] in PUBLIC:
        return False
    kinds = {word for word in body.words if word in BODY_NOUNS and word not in COMPANIES}
    return not kinds and (not body.nouns or not body.nouns.isdisjoint(COMPANIES))

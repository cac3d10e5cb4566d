"""Invented articles as the world writes them: the same number always gives the same article.

What makes the cost of real articles grow is in them, and was measured on real news: some speakers stand in every tenth
article, surnames are shared by hundreds (`benchmarks.people`), bodies and unnamed sources speak, too, quotations and
statements recur, and a story comes in several versions. Lengths follow a log-normal law with the mean of news (2,800
characters); a half of the paragraphs quotes nobody.
"""

import math
import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from benchmarks.generated import CITIES, ROLES, Writer, words
from benchmarks.people import Person, people
from worker.speakers.within.listed import given_name_gender

PEOPLE = 20_000
"""So many people speak."""
FREQUENT = 2
"""The person of rank r speaks with a frequency of 1 / (r + 2): so the first stands in every tenth article."""
BODIES = 2_000
MEDIAN_LENGTH, SPREAD, SHORTEST, LONGEST = 2_200, 0.55, 400, 15_000
"""The lengths of articles in code points: the median, the standard deviation of the logarithm, and the limits."""
GROUP = 10
"""So many articles in a row are about a few events, the first event of a group most often."""
EVENTS = (4, 2, 1, 1, 1, 1)
"""How often each event of a group is written about."""
VERSIONS = 0.5
"""This share of the later articles about an event are new versions of its first article; the others are new texts."""
AGAIN = 0.3
"""This share of the quotations repeats what was said of the event before."""
STOCK = 0.1
"""This share of the quotations is what the speaker always says."""
APART = 1_000_000_000
"""The numbers from here on are no articles, but the first articles of events."""
UNNAMED = (
    *("officials", "a spokeswoman", "a government official", "one resident", "two people familiar with the matter"),
    *("an analyst", "police", "a company spokesman"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who speaks in an article: how the text names it first and later, and its pronoun."""

    first: str
    later: str
    pronoun: str


@cache
def cast() -> tuple[tuple[Source, ...], list[float]]:
    """Return the people by rank, with their accumulated frequencies."""
    sources = tuple(as_source(person, rank) for rank, person in enumerate(people(PEOPLE)))
    return sources, [*accumulate(1 / (rank + FREQUENT) for rank in range(PEOPLE))]


def as_source(person: Person, rank: int) -> Source:
    """Return a person as a source: three in five with the office, the others with a role or none."""
    office, _, place = person.role.partition(" of ")
    role = f"the {office} of {place.capitalize()}" if office else (f"the {ROLES[rank % 40]}" if rank % 40 < 20 else "")
    pronoun = "she" if given_name_gender(person.given.lower()) == "f" else "he"
    return Source(f"{person.name}, {role}," if role else person.name, person.surname, pronoun)


@cache
def bodies() -> tuple[tuple[Source, ...], list[float]]:
    """Return the bodies by rank, with their accumulated frequencies."""
    chance = random.Random(PEOPLE)
    surnames = [person.surname for person in people(PEOPLE)]
    matters, places = words("nouns"), [*CITIES, *surnames[100:160]]

    def one() -> Source:
        matter, other = (chance.choice(matters).title() for _ in range(2))
        name, later = chance.choice(
            (
                (f"the Ministry of {matter}", "the ministry"),
                (f"the {matter} and {other} Agency", "the agency"),
                (f"{chance.choice(surnames)} {matter} Group", "the company"),
                (f"the Bank of {chance.choice(places)}", "the bank"),
                (f"{chance.choice(places)} Police", "police"),
                (f"the University of {chance.choice(places)}", "the university"),
                (f"the {chance.choice(places)} {matter} Association", "the association"),
            )
        )
        return Source(name, later, "it")

    return tuple(one() for _ in range(BODIES)), [*accumulate(1 / (rank + FREQUENT) for rank in range(BODIES))]


class Event(Writer):
    """What some articles are about: its place, who speaks, what they say, and its first article."""

    def __init__(self, seed: int, number: int) -> None:
        super().__init__(seed, -1 - number)
        chance = self._random
        self.city = chance.choice(CITIES)
        self.people = draw(chance, cast(), chance.choice((1, 2, 2, 3, 4)))
        self.bodies = draw(chance, bodies(), chance.choice((0, 1, 1, 2)))
        self.said = [self.sentence() for _ in range(6)]
        self.first = Report(seed, APART + number, self).paragraphs(length(chance))


class Report(Writer):
    """Writes the paragraphs of one article about an event."""

    def __init__(self, seed: int, number: int, event: Event) -> None:
        super().__init__(seed, number)
        self._event = event
        self._named: set[str] = set()

    def paragraphs(self, length: int) -> list[str]:
        """Return paragraphs of this length together, beginning with the dateline."""
        lead = f"{self._event.city.upper()} - {self.sentence()}"
        written = [lead]
        while sum(map(len, written)) < length:
            written.append(self._spoken() if self._random.random() < 0.5 else self._told())
        return written

    def version(self) -> list[str]:
        """Return a later version of the event's first article: a new lead, a paragraph less, and some more."""
        lead, *rest = self._event.first
        if len(rest) > 3:
            rest.pop(self._random.randrange(2, len(rest)))
        new = [self._spoken() if self._random.random() < 0.5 else self._told() for _ in range(len(rest) // 5 + 1)]
        place = self._random.randrange(len(rest) + 1)
        return [f"{lead} {self.sentence()}", *rest[:place], *new, *rest[place:]]

    def _told(self) -> str:
        return " ".join(self.sentence() for _ in range(self._random.choice((1, 1, 2, 3))))

    def _spoken(self) -> str:
        drawn = self._random.random()
        if drawn < 0.12:
            who = self._random.choice(UNNAMED)
            return self._random.choice(
                (f"“{self._says(who)[:-1]},” {who} said.", f"{who.capitalize()} said {self._reports()}.")
            )
        sources = self._event.bodies if drawn < 0.3 and self._event.bodies else self._event.people
        source = self._random.choice(sources)
        name = source.later if source.later in self._named else source.first
        self._named.add(source.later)
        words = self._says(source.first)
        opening = self._random.choice(
            (
                f"“{words[:-1]},” {name.removesuffix(',')} said.",
                f"“{words[:-1]},” said {name.removesuffix(',')}.",
                f"{name[0].upper()}{name[1:]} said {self._reports()}.",
                f"{name[0].upper()}{name[1:]} said: “{words}”",
                f"{name[0].upper()}{name[1:]} said the {self._adjective()} {self._noun()} “{self._action()}”.",
            )
        )
        following = self._random.choice(
            (
                "",
                "",
                self.sentence(),
                f"“{self.sentence()}” {source.pronoun} added.",
                f"“{self.sentence()[:-1]},” {source.later} said.",
            )
        )
        return f"{opening} {following}".rstrip()

    def _says(self, who: str) -> str:
        """Return a sentence: one that was said of this event before, one that the source always says, or a new one."""
        drawn = self._random.random()
        if drawn < AGAIN:
            return self._random.choice(self._event.said)
        if drawn < AGAIN + STOCK:
            return stock(who, self._random.randrange(3))
        return self.sentence()

    def _reports(self) -> str:
        return f"that {self._clause()} {self._time()}"


@cache
def stock(who: str, number: int) -> str:
    """Return one of the sentences that a source says again and again."""
    writer = Writer(number, 0)
    writer._random.seed(f"{who}:{number}")
    return writer.sentence()


def draw(chance: random.Random, crowd: tuple[tuple[Source, ...], list[float]], count: int) -> list[Source]:
    """Draw so many sources by their frequencies; a source may come twice."""
    sources, frequencies = crowd
    return chance.choices(sources, cum_weights=frequencies, k=count)


def length(chance: random.Random) -> int:
    """Draw the length of an article in code points."""
    return int(min(LONGEST, max(SHORTEST, chance.lognormvariate(math.log(MEDIAN_LENGTH), SPREAD))))


def article(number: int, seed: int = 1) -> str:
    """Return the text of article `number`."""
    group, place = divmod(number, GROUP)
    events = _events_of(seed, group)
    event = Event(seed, group * GROUP + events[place])
    if events.index(events[place]) == place:
        paragraphs = event.first
    else:
        report = Report(seed, number, event)
        again = report._random.random() < VERSIONS
        paragraphs = report.version() if again else report.paragraphs(length(report._random))
    return "\n\n".join(paragraphs) + "\n"


def _events_of(seed: int, group: int) -> list[int]:
    """Return the event of each article of a group."""
    chance = random.Random(f"{seed}:group:{group}")
    return chance.choices(range(len(EVENTS)), weights=EVENTS, k=GROUP)

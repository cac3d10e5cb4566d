"""Finding the people: full names first, then the short forms that mean them."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Span
from worker.speakers.within.capitals import Run
from worker.speakers.within.names import Name, plain, split
from worker.speakers.within.people import Mention, People, Person
from worker.speakers.within.words import (
    BODY_NAMES,
    BODY_WORDS,
    FEMALE_TITLES,
    INDEFINITE,
    MALE_TITLES,
    NO_NAME,
    PERSON_HEADS,
    PLACES,
)

LOWER = re.compile(r"\b[a-z][\w'’\-]+")
PEOPLES = re.compile(r"(?:ans|ists|ers|crats)$")
BELONGS = re.compile(r" (?:for|of|against|with(?:out)?|in|at) (?:the )?[A-Z]")


def find(
    text: str, found: list[Run], headlines: list[Span], quoted: list[Span], sources: Sequence[Span] = ()
) -> People:
    """The people among the runs.

    A word of a headline may have a capital for no reason, so those only mean people who are named elsewhere; a name that
    stands in a quotation only is taken at two words. `sources` are the source mentions: who speaks has a name even
    where it is one word that nothing else explains.
    """
    people = People()
    loud, inside = starts_in(found, headlines), starts_in(found, quoted)
    names = [(run, split(run.words)) for run in found]
    persons = [
        (run, name) for run, name in names if name.words and run.start not in loud and is_person(text, run, name)
    ]
    full = [(run, name) for run, name in persons if len(name.words) > 1]
    for sure in (True, False):
        for run, name in sorted(full, key=lambda each: -len(each[1].words)):
            if (run.start not in inside) is sure:
                person = people.add(name.words if sure else name.words[:2], sure)
                person.suffix = person.suffix or name.suffix
    for run, name in persons:
        if len(name.words) > 1 or name.titles:
            person = people.named(name.words, run.start, title_gender(name)) or people.add(name.words)
            note(people, person, run, name)
    for run, name in persons:
        if len(name.words) == 1 and not name.titles:
            known = people.named(name.words, run.start)
            if known is not None:
                note(people, known, run, name)
    speaking(text, people, persons, sources)
    for run in found:
        if run.start in loud:
            headline(people, run)
    people.mentions.sort(key=lambda mention: mention.start)
    for person in people.all:
        person.places.sort()
        person.bare.sort()
    return people


def speaking(text: str, people: People, persons: list[tuple[Run, Name]], sources: Sequence[Span]) -> None:
    """Take those for people who are named by one word only and are a source somewhere."""
    starts = {start for start, _ in sources}
    words = frozenset(LOWER.findall(text)) if starts else frozenset()
    new = {
        name.words
        for run, name in persons
        if run.start in starts and run.start not in people.at and len(name.words) == 1 and nameable(text, run, words)
    }
    for run, name in persons:
        if name.words in new and run.start not in people.at:
            note(people, people.named(name.words, run.start) or people.add(name.words), run, name)


def nameable(text: str, run: Run, words: frozenset[str]) -> bool:
    """Whether one capitalised word is a name: no word of the language by the article's own use, no people or party."""
    word = plain(run.words[0])
    if word in PLACES or word in INDEFINITE or word in words or PEOPLES.search(word):
        return False
    return BELONGS.match(text, run.end) is None


def headline(people: People, run: Run) -> None:
    """Link the known names inside a run of a headline; a first name there completes a surname."""
    number = 0
    while number < len(run.words):
        for size in (3, 2, 1):
            words = run.words[number : number + size]
            person = people.named(words, run.start) if len(words) == size else None
            if person is not None and (size > 1 or not person.words or plain(words[0]) == plain(person.words[-1])):
                before = run.words[number - 1 : number]
                if size == 1 and len(person.words) == 1 and before and Person((*before, *words)).first_name:
                    person.words = (*before, *words)
                person.forms[" ".join(words)] += 1
                number += size - 1
                break
        number += 1


def is_body(words: tuple[str, ...]) -> bool:
    """Whether a run names a body or place, not a person."""
    lower = [plain(word) for word in words]
    if any(low in BODY_WORDS or (low in BODY_NAMES and word.isupper()) for low, word in zip(lower, words, strict=True)):
        return True
    if len(words) == 1 and words[0].isupper() and len(words[0].replace(".", "")) > 1:
        return True
    return all(word in PLACES or word in NO_NAME for word in lower)


def is_person(text: str, run: Run, name: Name) -> bool:
    """Whether a run may be a person's name."""
    if is_body(name.words) or len(name.words) > 5:
        return False
    if any(plain(word) in NO_NAME for word in name.words):
        return False
    if len(name.words) == 1 and plain(name.words[0]) in PERSON_HEADS:
        return False
    article = text[max(0, run.start - 4) : run.start].lower().endswith(("the ", "the\u00a0"))
    return not (article and not name.titles)


def note(people: People, person: Person, run: Run, name: Name) -> None:
    """Record one mention of a person."""
    mention = Mention(run.start, run.end, person)
    people.mentions.append(mention)
    people.at[run.start] = mention
    person.forms[" ".join(run.words)] += 1
    person.places.append(run.start)
    (person.full if len(name.words) > 1 or name.titles else person.bare).append(run.start)
    gender = title_gender(name)
    if gender:
        person.genders[gender] += 3
    if name.titles:
        person.titled = True
        person.roles.append((" ".join(name.titles).lower(), run.start))


def title_gender(name: Name) -> str | None:
    """What a title says of the gender."""
    titles = {plain(title) for title in name.titles}
    return "f" if titles & FEMALE_TITLES else "m" if titles & MALE_TITLES else None


def starts_in(found: list[Run], spans: list[Span]) -> frozenset[int]:
    """The starts of the runs that lie in one of the spans."""
    starts: set[int] = set()
    spans = sorted(spans)
    reach, number = -1, 0
    for run in found:
        while number < len(spans) and spans[number][0] <= run.start:
            reach = max(reach, spans[number][1])
            number += 1
        if run.start < reach:
            starts.add(run.start)
    return frozenset(starts)

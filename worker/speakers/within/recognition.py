"""Finding the people: full names first, then the short forms that mean them."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Span
from worker.speakers.within.capitals import MONTHS, Run, begins, common_words, runs, without_first_words
from worker.speakers.within.gender import by_roles
from worker.speakers.within.names import Name, is_title, plain, spelling, split
from worker.speakers.within.people import Mention, People, Person, full_name, misspelt
from worker.speakers.within.roles import collect
from worker.speakers.within.wordlists import (
    BODY_NAMES,
    BODY_WORDS,
    FEMALE_TITLES,
    INDEFINITE,
    MALE_TITLES,
    NO_NAME,
    PERSON_HEADS,
    PLACES,
    REIGNING,
)

PLURAL = re.compile(r"[^s]s$")
BELONGS = re.compile(r" (?:for|of|against|with(?:out)?|in|at) (?:the )?[A-Z]")


def find(
    text: str,
    found: list[Run],
    *,
    headlines: list[Span],
    quoted: list[Span],
    sources: Sequence[Span] = (),
    title: str = "",
) -> People:
    """The people among the runs.

    A word of a headline may have a capital for no reason, so those only mean people who are named elsewhere.
    `sources` are the source mentions: who speaks has a name even where it is one word that nothing else explains.
    """
    loud, inside = starts_in(found, headlines), starts_in(found, quoted)
    common = common_words(text)
    found = without_first_words(text, found, loud, common)
    persons, others = [], []
    for run in found:
        name = split(run.words)
        if name.words and run.start not in loud and is_person(text, run, name):
            persons.append((run, name))
        else:
            others.append(run)
    people = full_names(persons, inside)
    people.sort()
    collect(text, people.mentions)
    by_roles(people)
    earlier = {each.start for each in people.mentions}
    for run, name in persons:
        if len(name.words) == 1 and not name.titles:
            known = people.named(name.words, run.start)
            if known is not None:
                note(people, known, run, name)
    people.sort()
    speaking(text, people, persons, sources, common)
    for run in others:
        if len(run.words) == 1 and run.start not in loud:
            surname(people, run)
        else:
            inner(people, run, common, opens=run.start in loud and text[run.start - 1 : run.start] in ("", "\n"))
    for run in runs(title, 0, len(title)):
        inner(people, run, common, opens=run.start == 0)
    complete_leaders(people)
    people.sort()
    collect(text, [each for each in people.mentions if each.start not in earlier])
    return people


def full_names(persons: list[tuple[Run, Name]], inside: frozenset[int]) -> People:
    """The people with a full name or a title, and where they are named so; longest names first, quoted ones last."""
    people = People()
    full = [(run, name) for run, name in persons if len(name.words) > 1]
    for sure in (True, False):
        for run, name in sorted(full, key=lambda each: -len(each[1].words)):
            if (run.start not in inside) is sure:
                person = people.add(name.words, sure)
                person.suffix = person.suffix or name.suffix
    for run, name in persons:
        if len(name.words) > 1 or name.titles:
            person = people.named(name.words, run.start, title_gender(name)) or people.add(name.words)
            note(people, person, run, name)
    return people


def complete_leaders(people: People) -> None:
    """Give heads of state who are called by office and surname their first names."""
    for person in people.all:
        leader = full_name(person)
        if leader:
            people.complete(person, leader)


def speaking(
    text: str, people: People, persons: list[tuple[Run, Name]], sources: Sequence[Span], common: frozenset[str]
) -> None:
    """Take those for people who are named by one word only and are a source somewhere."""
    starts = {start for start, _ in sources}
    capital = {plain(word) for run, _ in persons for word in run.words}
    within = {name.words for run, name in persons if len(name.words) == 1 and not begins(text, run.start)}
    new = {
        name.words
        for run, name in persons
        if run.start in starts
        and run.end not in people.ending
        and len(name.words) == 1
        and nameable(text, run, common, capital, name.words in within)
    }
    later = [(run, name) for run, name in persons if name.words in new and run.end not in people.ending]
    meant: dict[tuple[str, ...], Person] = {}
    for run, name in later:
        if name.words not in meant:
            meant[name.words] = misspelt(people, name.words[0], run.start) or people.add(name.words)
    for run, name in later:
        note(people, meant[name.words], run, name)


def nameable(text: str, run: Run, common: frozenset[str], capital: set[str], within: bool) -> bool:
    """Whether one capitalised word is a name: no word of the language by the article's own use, no people or party."""
    word = plain(run.words[0])
    if word in PLACES or word in INDEFINITE or word in common or (PLURAL.search(word) and not within):
        return False
    if word.endswith("ans") and word[:-1] in capital:
        return False  # Mexicans, where something is Mexican
    return BELONGS.match(text, run.end) is None


def surname(people: People, run: Run) -> None:
    """Link a word that is a title or a place to one who is fully named so: Law, Baron, Israel."""
    found = people.by_surname.get(spelling(run.words[0]), ())
    if any(len(person.words) > 1 and plain(person.words[-1]) == plain(run.words[0]) for person in found):
        person = people.named(run.words, run.start)
        if person is not None:
            note(people, person, run, Name((), run.words))


def inner(people: People, run: Run, common: frozenset[str], opens: bool) -> None:
    """Look for known names inside a run of a headline or a body's name; a first name there completes a surname.

    Where the run `opens` a headline its first word can be a first name that no list has.
    """
    number = 0
    while number < len(run.words):
        for size in (3, 2, 1):
            words = run.words[number : number + size]
            person = people.named(words, run.start) if len(words) == size else None
            if person is None:
                continue
            if size > len(person.words):
                if not Person(words).first_name and not (opens and number == 0 and given_name(words[0], common)):
                    continue
                people.complete(person, words)
            person.forms[" ".join(words)] += 1
            number += size - 1
            break
        number += 1


def given_name(word: str, common: frozenset[str]) -> bool:
    """Whether a word with a capital can be a first name."""
    low = plain(word)
    return not (low in common or low in NO_NAME or low in PLACES or is_title(low) or is_body((word,)))


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
    if (
        not name.words
        or is_body(name.words)
        or len(name.words) > 5
        or (len(name.words) > 3 and all(w.isupper() for w in name.words))
    ):
        return False
    named = name.words[1:] if len(name.words) > 1 and name.words[0] in MONTHS else name.words
    if any(plain(word) in NO_NAME for word in named if not word.endswith(".")):
        return False
    if len(name.words) == 1 and plain(name.words[0]) in PERSON_HEADS:
        return False
    article = text[max(0, run.start - 4) : run.start].lower().endswith(("the ", "the\u00a0"))
    return not article or bool(name.titles) or Person(name.words).first_name is not None


def note(people: People, person: Person, run: Run, name: Name) -> None:
    """Record one mention of a person."""
    mention = Mention(run.start, run.end, person)
    people.mentions.append(mention)
    people.ending[run.end] = mention
    person.forms[" ".join(run.words)] += 1
    person.places.append(run.start)
    (person.full if len(name.words) > 1 or name.titles else person.bare).append(run.start)
    gender = title_gender(name)
    if gender:
        person.genders[gender] += 3
    if name.titles:
        person.titled = True
        if len(name.words) == 1 and plain(name.titles[-1]) in REIGNING:
            person.style = name.titles[-1]
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

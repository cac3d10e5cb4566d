"""Recognises the people of an article: first by their full names, then by short forms of these names."""

import re
from collections.abc import Sequence

from worker.extract.quotation import Span
from worker.speakers.within.bodylooks import is_body
from worker.speakers.within.capitals import (
    MONTHS,
    CapitalRun,
    begins_sentence,
    capital_runs,
    is_behind_office,
)
from worker.speakers.within.gender import ROLE_WEIGHT, count_roles
from worker.speakers.within.kinds import SAYING, NameKinds
from worker.speakers.within.leaders import complete_leaders
from worker.speakers.within.listed import is_surname
from worker.speakers.within.names import (
    OFFICES,
    PLURAL_ACRONYM,
    TitledName,
    is_nationality,
    is_title,
    plain,
    spelling_key,
    split_titles,
)
from worker.speakers.within.people import People, Person, PersonMention
from worker.speakers.within.phrases import is_apposed
from worker.speakers.within.roles import collect_roles
from worker.speakers.within.wordlists import (
    FEMALE_TITLES,
    INDEFINITE,
    MALE_TITLES,
    NON_NAMES,
    PERSON_HEADS,
    PLACES,
    REIGNING,
)

PLURAL = re.compile(r"[^s]s$")
COMPLEMENT = re.compile(r" (?:for|of|against|with(?:out)?|in|at) (?:the )?[A-Z]")
FIRM = re.compile(r" (?:and|&(?:amp;)*) (?:Associates|Partners|Sons|Company|Co\b|Brothers)")
"""Words behind a person's name that make it the name of a firm."""
OF_HIMSELF = re.compile(rf" (?:(?:also|then|later) )?(?:{'|'.join(sorted(SAYING))}) (?:that )?s?he\b")
"""A verb of saying behind a name, and a pronoun that then means the same one: "Safin said he was trying"."""
LEAST_OF_HIMSELF = 0.25
"""A name of one word with such a pronoun behind it is a person's if that is at least so probable."""
LONGEST_NAME = 5
"""At most this many words in a person's name."""
LONGEST_UPPER_CASE_NAME = 3
"""At most this many words in a person's name that is all in capitals."""

NamedRun = tuple[CapitalRun, TitledName]
"""A run that may be a person's name, and the name in it."""


def find_people(
    text: str,
    runs: list[CapitalRun],
    *,
    in_headlines: frozenset[int],
    lower_case: frozenset[str],
    quoted: list[Span],
    kinds: NameKinds,
    sources: Sequence[Span] = (),
    title: str = "",
) -> People:
    """Return the people whom the runs (rows of capitalised words) name.

    In a headline, words that are not names have capitals too. So a run there counts only if it means a person who is
    named elsewhere. `quoted` are the spans between quotation marks. `sources` are the spans of the sources: a single
    word that has no other explanation is a name if it is a source. `title` is the article's title.
    """
    in_quotes = starts_in(runs, quoted)
    persons: list[NamedRun] = []
    others: list[CapitalRun] = []
    for run in runs:
        name = split_titles(run.words)
        if run.start not in in_headlines and is_person(text, run, name) and may_be_person(text, run, name, kinds):
            persons.append((run, name))
        else:
            others.append(run)
    people = people_with_full_names(persons, in_quotes)
    people.sort()
    collect_roles(text, people.mentions)
    count_roles(people)
    have_roles = {mention.start for mention in people.mentions}
    for run, name in persons:
        if len(name.words) == 1 and not name.titles:
            person = people.find(name.words, run.start)
            if person is not None:
                add_mention(people, person, run, name)
    people.sort()
    add_one_word_sources(text, people, persons, others, sources, lower_case, kinds)
    for run in others:
        if len(run.words) == 1 and run.start not in in_headlines:
            add_ambiguous_surname(people, run)
        else:
            opens = run.start in in_headlines and text[run.start - 1 : run.start] in ("", "\n")
            add_forms_inside(people, run, lower_case, opens=opens)
    for run in capital_runs(title, 0, len(title)):
        add_forms_inside(people, run, lower_case, opens=run.start == 0)
    complete_leaders(people)
    people.sort()
    collect_roles(text, [mention for mention in people.mentions if mention.start not in have_roles])
    return people


def people_with_full_names(persons: list[NamedRun], in_quotes: frozenset[int]) -> People:
    """Return the people who are named in full or with a title, together with the mentions of this kind.

    Longer names are added first. Names between quotation marks are added last, and do not make a known name longer.
    """
    people = People()
    full = [(run, name) for run, name in persons if len(name.words) > 1]
    for sure in (True, False):
        for run, name in sorted(full, key=lambda person: -len(person[1].words)):
            if (run.start not in in_quotes) is sure:
                person = people.add(name.words, sure)
                person.suffix = person.suffix or name.suffix
                people.add_nickname(person, run.nickname)
    for run, name in persons:
        if len(name.words) > 1 or name.titles:
            person = people.find(name.words, run.start, title_gender(name)) or people.add(name.words)
            add_mention(people, person, run, name)
    return people


def add_one_word_sources(
    text: str,
    people: People,
    persons: list[NamedRun],
    others: list[CapitalRun],
    sources: Sequence[Span],
    lower_case: frozenset[str],
    kinds: NameKinds,
) -> None:
    """Add the people who are named only by a single word, if that word is a source somewhere in the article."""
    source_starts = {start for start, _ in sources}
    capitalised = {plain(word) for run, _ in persons for word in run.words}
    mid_sentence = {
        name.words for run, name in persons if len(name.words) == 1 and not begins_sentence(text, run.start)
    }
    of_firms = {plain(word) for run in others if FIRM.match(text, run.end) for word in run.words}
    names = {
        name.words
        for run, name in persons
        if run.start in source_starts
        and run.end not in people.mention_by_end
        and len(name.words) == 1
        and can_be_name(text, run, lower_case, capitalised, name.words in mid_sentence)
        and (
            kinds.is_person(name.words)
            or (OF_HIMSELF.match(text, run.end) and kinds.person_share(name.words) >= LEAST_OF_HIMSELF)
            or people.find_misspelt(name.words[0], run.start) is not None
        )
        and plain(name.words[0]) not in of_firms
    }
    mentions = [(run, name) for run, name in persons if name.words in names and run.end not in people.mention_by_end]
    person_by_name: dict[tuple[str, ...], Person] = {}
    for run, name in mentions:
        if name.words not in person_by_name:
            known = people.find_misspelt(name.words[0], run.start)
            person_by_name[name.words] = known or people.add(name.words)
    for run, name in mentions:
        add_mention(people, person_by_name[name.words], run, name)


def can_be_name(
    text: str, run: CapitalRun, lower_case: frozenset[str], capitalised: set[str], mid_sentence: bool
) -> bool:
    """True if a single capitalised word can be a name.

    It cannot be a name if the article also writes it without a capital, or if it is a place, a nation or a group. A
    plural can be a name only if the article has it in mid-sentence.
    """
    word = plain(run.words[0])
    if (
        word in PLACES
        or is_nationality(word)
        or word in INDEFINITE
        or word in lower_case
        or (PLURAL.search(word) and not mid_sentence)
    ):
        return False
    if word.endswith("ans") and word[:-1] in capitalised:
        return False  # "Mexicans", if the article also has "Mexican"
    return COMPLEMENT.match(text, run.end) is None


def add_ambiguous_surname(people: People, run: CapitalRun) -> None:
    """Add a mention by a surname that is also a title or a place: Law, Baron, Israel.

    It is added only if somebody's full name ends with this word.
    """
    namesakes = people.by_surname.get(spelling_key(run.words[0]), ())
    if any(len(person.words) > 1 and plain(person.words[-1]) == plain(run.words[0]) for person in namesakes):
        person = people.find(run.words, run.start)
        if person is not None:
            add_mention(people, person, run, TitledName((), run.words))


def add_forms_inside(people: People, run: CapitalRun, lower_case: frozenset[str], opens: bool) -> None:
    """Add the forms of known names that are inside a run, in a headline or in the name of a body.

    A first name there completes a name that was only a surname. If the run `opens` a headline, its first word can be a
    first name even if no list has it.
    """
    number = 0
    while number < len(run.words):
        for size in (3, 2, 1):
            words = run.words[number : number + size]
            person = people.find(words, run.start) if len(words) == size else None
            if person is None:
                continue
            if size > len(person.words):
                is_sentence_opener = words[0].lower() in NON_NAMES and words[0] not in MONTHS  # "Over Ana Ferro"
                opens_with_name = opens and number == 0 and can_be_first_name(words[0], lower_case)
                if is_sentence_opener or not (Person(words).has_given_name or opens_with_name):
                    continue
                people.complete_name(person, words)
            person.forms[" ".join(words)] += 1
            number += size - 1
            break
        number += 1


def can_be_first_name(word: str, lower_case: frozenset[str]) -> bool:
    """True if a capitalised word can be a first name."""
    low = plain(word)
    return not (low in lower_case or low in NON_NAMES or low in PLACES or is_title(low) or is_body((word,)))


def is_person(text: str, run: CapitalRun, name: TitledName) -> bool:
    """True if a run can be a person's name."""
    words = name.words
    if not words or is_body(words) or len(words) > LONGEST_NAME or PLURAL_ACRONYM.fullmatch(words[-1]):
        return False
    if len(words) > LONGEST_UPPER_CASE_NAME and all(word.isupper() for word in words):
        return False
    after_month = words[1:] if len(words) > 1 and words[0] in MONTHS else words
    if any(word.lower() in NON_NAMES for word in after_month):  # "Mỹ" is not "my", and "A." not "a"
        return False
    if len(words) == 1 and plain(words[0]) in PERSON_HEADS:
        return False
    if plain(words[-1]).endswith("s") and is_nationality(plain(words[-1])) and not is_surname(plain(words[-1])):
        return False  # "Muslim Americans"
    has_article = text[max(0, run.start - 4) : run.start].lower().endswith(("the ", "the\u00a0"))
    may_have_article = Person(words).has_given_name and (is_surname(plain(words[-1])) or len(words) > 2)
    return not has_article or bool(name.titles) or may_have_article  # not "the Orlando Sentinel"


def may_be_person(text: str, run: CapitalRun, name: TitledName, kinds: NameKinds) -> bool:
    """True if a name with a title, or of one word, or one that is likelier a person's than a body's.

    Of one word it may be the surname of a person who is named in full elsewhere.
    """
    if FIRM.match(text, run.end):
        return False
    if len(name.words) == 1 and not name.titles:
        return True
    has_title = any(is_title(plain(title)) or title in OFFICES for title in name.titles)
    if len(name.words) > 1 and is_apposed(text, run.start):
        return True
    return kinds.is_person(name.words, has_title or (bool(name.titles) and is_behind_office(text, run)))


def add_mention(people: People, person: Person, run: CapitalRun, name: TitledName) -> None:
    """Add one mention of a person, with the evidence that its titles give."""
    mention = PersonMention(run.start, run.end, person)
    people.mentions.append(mention)
    people.mention_by_end[run.end] = mention
    person.forms[" ".join(run.words)] += 1
    person.places.append(run.start)
    (person.full_places if len(name.words) > 1 or name.titles else person.bare_places).append(run.start)
    gender = title_gender(name)
    if gender:
        person.genders[gender] += ROLE_WEIGHT
    if name.titles:
        person.has_title = True
        if len(name.words) == 1 and plain(name.titles[-1]) in REIGNING:
            person.reigning_title = name.titles[-1]
        person.roles.append((" ".join(name.titles).lower(), run.start))


def title_gender(name: TitledName) -> str | None:
    """Return the gender, "f" or "m", that the titles of a name show."""
    titles = {plain(title) for title in name.titles}
    return "f" if titles & FEMALE_TITLES else "m" if titles & MALE_TITLES else None


def starts_in(runs: list[CapitalRun], spans: list[Span]) -> frozenset[int]:
    """Return the starts of the runs that begin inside one of the spans."""
    starts: set[int] = set()
    spans = sorted(spans)
    reach, number = -1, 0
    for run in runs:
        while number < len(spans) and spans[number][0] <= run.start:
            reach = max(reach, spans[number][1])
            number += 1
        if run.start < reach:
            starts.add(run.start)
    return frozenset(starts)

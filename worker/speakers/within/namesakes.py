"""Which of two people of one surname is meant: "the younger Namgung", "Verhaegen senior"."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.names import plain, spelling_key
from worker.speakers.within.people import People, Person
from worker.speakers.within.wordlists import word_set

GENERATION = re.compile(
    r"the (?P<before>younger|junior|elder|older|senior) (?P<name>[A-Z][\w'’\-]+)"
    r"|(?P<first>[A-Z][\w'’\-]+) (?P<behind>junior|senior)",
    re.IGNORECASE,
)
YOUNGER = frozenset(("younger", "junior"))
CHILDREN = word_set("son daughter grandson granddaughter nephew niece brother-in-law heir")
PARENTS = word_set("father mother dad mum mom grandfather grandmother uncle aunt")


def of_generation(source: Mention, people: People) -> Person | None:
    """Return the person whom "the younger NAME" or "the elder NAME" means, if the article tells two of that name apart.

    It tells by their ages, or by what it calls one of them: a son, a father.
    """
    match = GENERATION.fullmatch(source.text.strip(" ,"))
    if match is None:
        return None
    key = spelling_key(match["name"] or match["first"])
    namesakes = [person for person in people.by_surname.get(key, ()) if len(person.words) > 1]
    namesakes = list({id(person): person for person in namesakes}.values())
    if len(namesakes) != 2:
        return None
    generations = [generation(person) for person in namesakes]
    ages = [person.age for person in namesakes]
    older = None
    if all(ages) and ages[0] != ages[1]:
        older = 0 if (ages[0] or 0) > (ages[1] or 0) else 1
    elif generations[0] != generations[1]:
        older = 0 if generations[0] > generations[1] else 1
    if older is None:
        return None
    is_younger = plain(match["before"] or match["behind"]) in YOUNGER
    return namesakes[1 - older if is_younger else older]


def generation(person: Person) -> int:
    """Return 1 for somebody's father or mother, -1 for a son or daughter, else 0."""
    roles = {word for role, _ in person.roles for word in role.split()}
    return bool(roles & PARENTS) - bool(roles & CHILDREN)

"""A name inside one article: its titles, its words, and whether two forms can belong to one person."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from worker.speakers.within.listed import is_given_name
from worker.speakers.within.shortforms import may_be_one_given_name
from worker.speakers.within.wordlists import (
    AMBIGUOUS_TITLES,
    BODY_NOUNS,
    BODY_WORDS,
    COURTESY,
    NATIONALITIES,
    PARTICLES,
    PERSON_HEADS,
    PLACES,
    PORTFOLIOS,
    POSTNOMINALS,
    SUFFIXES,
    SURNAME_TITLES,
    TITLES,
    word_set,
)

SPELLINGS = (
    ("ey", "i"),
    ("ei", "i"),
    ("iy", "i"),
    ("y", "i"),
    ("kh", "h"),
    ("ph", "f"),
    ("q", "gh"),
    ("ou", "u"),
    ("oo", "u"),
)
"""Letters that newspapers transliterate in several ways: Sergey, Sergei; Baqeri, Bagheri."""
LONGEST_ACRONYM = 6
SHORT_ACRONYM = 2
OFFICES = word_set(
    "MP MEP MSP MLA PM VP FM CM AG DA MD CEO CFO COO CTO CIO CMO CISO CPO SVP EVP DCP SSP PC DC DI DS DCI"
)
"""Offices in capitals that stand before a surname alone: "PM Holm"."""
PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s")
"""MPs, CEOs."""
DOUBLED = re.compile(r"(.)\1+")
WHOLE_LETTERS = str.maketrans("đĐøØłŁðÐı", "dDoOlLdDi")
"""Letters that have no accent which could be taken away, with the letters that stand for them in lists of names."""
PERSON_ENDING = re.compile(r"(?:man|woman|person|ist|ian|surgeon|eer|-old|(?<!ap)(?<!tt)(?<!mb)(?<!nt)er|[^ct]or)$")
"""Usual endings of nouns for a person."""
SECOND = frozenset(("vice", "under", "deputy", "ex", "co"))
"""First parts of titles with a hyphen: "Under-Secretary"."""
TOKEN = re.compile(r"[\w'’\-]+")


@dataclass(frozen=True, slots=True)
class TitledName:
    """A run of capitalised words, split into titles, name and suffix: "Russian Foreign Minister" + "Sergey Lavrov"."""

    titles: tuple[str, ...]
    words: tuple[str, ...]
    suffix: str = ""


@lru_cache(maxsize=8192)
def split_titles(words: tuple[str, ...]) -> TitledName:
    """Split a run of capitalised words into titles and name; a nationality or office counts as part of the titles.

    The name is empty if the run is only a title.
    """
    lower = [plain(word) for word in words]
    cut = skip_place(lower, max(skip_body(lower), skip_acronym(words)))
    for number, word in enumerate(lower):
        before = lower[number - 1] if number else ""
        sure = number == cut or before in TITLES or is_nationality(before) or word not in AMBIGUOUS_TITLES
        sure = sure or stands_before_name(before, lower[number + 1 :])
        if is_title(word) and number + 1 < len(words) and sure:
            cut = max(cut, number + 1)
    name = list(words[cut:])
    has_courtesy = cut > 0 and lower[cut - 1] in COURTESY
    if name and is_title(plain(name[-1])) and not has_courtesy and not ends_in_surname(name):
        return TitledName(words, ())  # "Russian Foreign Minister" and no name
    suffix = ""
    while len(name) > 1 and plain(name[-1]) in POSTNOMINALS and name[-1].isupper():
        name.pop()
    while name and plain(name[-1]) in SUFFIXES:
        suffix = name.pop()
    while name and name[0].lower() in PARTICLES and name[0].islower():
        name.pop(0)
    may_stand_before_surname = cut > 0 and (
        lower[cut - 1] in SURNAME_TITLES or lower[cut - 1] in BODY_WORDS or words[cut - 1] in OFFICES
    )
    if len(name) == 1 and cut and not may_stand_before_surname and lower[0] not in PLACES:
        return TitledName((), words)  # "Judicial Watch": "Judicial" cannot stand before a bare surname
    return TitledName(words[:cut], tuple(name), suffix)


def stands_before_name(before: str, behind: list[str]) -> bool:
    """True if a title has a whole name behind it, and before it no given name: "Circuit Judge Karin Dahl".

    `before` is the plain word right before the title, `behind` are the plain words behind it.
    """
    return len(behind) > 1 and is_given_name(behind[0]) and len(before) > 1 and not is_given_name(before)


def is_title(word: str) -> bool:
    """True if a plain word can be a title before a name: "senator", "under-secretary", "editor-in-chief"."""
    if word in TITLES or word in PERSON_HEADS:
        return True
    first, hyphen, rest = word.partition("-")
    return hyphen != "" and (
        (first in SECOND and rest in TITLES)
        or rest.rpartition("-")[2] in PERSON_HEADS - AMBIGUOUS_TITLES
        or (first in PERSON_HEADS and rest == "in-chief")
    )


def is_person_noun(word: str) -> bool:
    """True if a word, as written, is a noun for a person, as its ending shows if no list has it: "reader"."""
    return plain(word) in PERSON_HEADS or (
        word.islower() and word not in BODY_NOUNS and PERSON_ENDING.search(word) is not None
    )


def ends_in_surname(name: list[str]) -> bool:
    """True if the last word of a name is a surname, even if it can be a title too: Rep. Peter King, Jan de Graaf."""
    if len(name) < 2 or is_title(plain(name[-2])):
        return False
    if name[-2] in PARTICLES:
        return True
    return plain(name[-1]) in AMBIGUOUS_TITLES or is_given_name(plain(name[0]))


def is_nationality(word: str) -> bool:
    """True if a plain word is an adjective or a noun for the people of a country: "american"."""
    return word in NATIONALITIES or (word.endswith("s") and word[:-1] in NATIONALITIES)


def skip_body(lower: list[str]) -> int:
    """Return the index of the first word after a body's name ("Russian Federation Sergey Lavrov"); 0 without a body."""
    for number in range(len(lower) - 2, 0, -1):
        if lower[number - 1] in BODY_WORDS or (lower[number - 1] in PORTFOLIOS and number + 1 < len(lower)):
            return number if not any(word in BODY_WORDS for word in lower[number:]) else 0
    return 0


def skip_acronym(words: tuple[str, ...]) -> int:
    """Return the index of the first word after the acronyms of bodies and offices; 0 if there is none.

    "NATO Jens Stoltenberg", "Labour MP Ana Ferro", "Lowco COO Cal Dow". Two words must be left for the name, as "JD
    Vance" is a name. One is enough after a longer acronym at the beginning, and after an office that is usual with a
    surname. If the next word is in capitals too, the text is written in capitals, and nothing is known.
    """
    cut = 0
    for number, word in enumerate(words[:-1]):
        if not (word.isupper() and word.isalpha() and 1 < len(word) <= LONGEST_ACRONYM) or words[number + 1].isupper():
            continue
        is_long = number == 0 and len(word) > SHORT_ACRONYM
        if len(words) - number > 2 or is_long or word in OFFICES:
            cut = number + 1
    return cut


def skip_place(lower: list[str], cut: int) -> int:
    """Return 1 if a country or town stands before two or more words of a name ("Iran Hassan Rouhani"), else `cut`."""
    if cut == 0 and len(lower) > 2 and lower[0] in PLACES and not is_title(lower[1]):
        return 1
    return cut


def plain_words(text: str) -> list[str]:
    """Return the words of a text, each in the form that `plain` returns."""
    return [plain(token) for token in TOKEN.findall(text)]


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """Return a word for comparison: lower case, no accents, no full stops, straight apostrophes."""
    if word.isascii():
        return word.lower().replace(".", "")
    folded = unicodedata.normalize("NFKD", word.translate(WHOLE_LETTERS))
    return "".join(c for c in folded if not unicodedata.combining(c)).lower().replace(".", "").replace("’", "'")


@lru_cache(maxsize=8192)
def spelling_key(word: str) -> str:
    """Return a key that is equal for all transliterations of a word."""
    key = plain(word).replace("-", "").removeprefix("al") if "-" in word else plain(word)
    key = key[1:] if key.startswith("ye") else key
    for old, new in SPELLINGS:
        key = key.replace(old, new)
    return DOUBLED.sub(r"\1", key)


def can_be_one_person(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """True if two names can belong to one person.

    Their surnames are spelt alike, and so are their first names, unless a first name is an initial or is missing.
    """
    if len(first) == len(second) == 2 and [*map(spelling_key, first)] == [*map(spelling_key, reversed(second))]:
        return True  # "Szabó Ferenc", "Ferenc Szabó"
    if spelling_key(first[-1]) != spelling_key(second[-1]):
        return False
    if len(first) == 1 or len(second) == 1:
        return True
    first_given, second_given = plain(first[0]), plain(second[0])
    if len(first_given) == 1 or len(second_given) == 1:
        return first_given[:1] == second_given[:1]
    if spelling_key(first_given) == spelling_key(second_given) or may_be_one_given_name(first_given, second_given):
        return True
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) < len(longer) and [spelling_key(word) for word in longer[-len(shorter) :]] == [
        spelling_key(word) for word in shorter
    ]

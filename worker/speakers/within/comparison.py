"""The words of descriptions in a form in which they can be compared: "Iran's top diplomat", "Iranian minister"."""

import re
from functools import lru_cache

from worker.speakers.within.names import plain_words
from worker.speakers.within.nations import nation_of
from worker.speakers.within.wordlists import NATIONALITIES, PERSON_HEADS, PLACES, PREPOSITIONS, word_set

FILLERS = word_set("the a an of for to in at on and his her its their s who is was has been former current then new")
"""Words that do not count in the comparison of descriptions."""
SYNONYMS = {
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
    "pm": "prime minister",
}
"""Words of descriptions, each with the words that replace it in comparisons."""
SYNONYM = re.compile(r"\b(?:" + "|".join(sorted(SYNONYMS, key=len, reverse=True)) + r")\b")
PREPOSITION = re.compile(rf"\s(?:{'|'.join(sorted(PREPOSITIONS))}|who|whose)\s")
POSSESSIVES = re.compile(r"[\w\-]+(?:['’]s|s['’]) ")
TOP_DIPLOMAT = re.compile(r"\b(?:top|chief|lead) (\w+) diplomat\b")


def person_heads(words: str) -> set[str]:
    """Return the nouns for a person in a description ("minister")."""
    return {word for word in comparison_words(words) if word in PERSON_HEADS}


@lru_cache(maxsize=1024)
def comparison_words(words: str) -> tuple[str, ...]:
    """Return the words of a description in a form for comparison: both "Iran's" and "Iranian" become "iran"."""
    text = " ".join(plain_words(words.replace("’", "'")))
    text = SYNONYM.sub(lambda match: SYNONYMS[match.group()], text)
    text = TOP_DIPLOMAT.sub(r"\1 foreign minister", text)
    return tuple(nation_stem(word) for word in text.split() if word not in FILLERS)


@lru_cache(maxsize=1024)
def heads(words: str) -> tuple[str, ...]:
    """Return the nouns for the person whom a description means, in the form for comparison.

    Nouns for other people are left out: "president" in "the president's wife", "a spokesman for the president".
    """
    return tuple(word for part in own_parts(words) for word in comparison_words(part) if word in PERSON_HEADS)


def head_of(words: str) -> str | None:
    """Return the last noun for a person that closes a description, or a part of it before "and"; else None.

    A body whose name has such a noun is no person: "General Instrument Corp".
    """
    last = (word for part in own_parts(words) for word in comparison_words(part)[-1:])
    return next((word for word in reversed(list(last)) if word in PERSON_HEADS), None)


def own_parts(words: str) -> list[str]:
    """Return the parts of a description between its "and", without owners and what stands behind a preposition."""
    return [POSSESSIVES.sub("", PREPOSITION.split(part, maxsplit=1)[0]) for part in words.split(" and ")]


def nation_stem(word: str) -> str:
    """Return the country of a word for its people: "iran" for Iran's and Iranian.

    Of a word that no list has, only the ending of a country or people is left out.
    """
    word = word.removesuffix("'s").removesuffix("'")
    nation = nation_of(word)
    if nation is not None:
        return nation
    for ending in ("ian", "ean", "an", "ish", "ese", "ia", "i", "a"):
        if len(word) - len(ending) >= 4 and word.endswith(ending) and word not in PERSON_HEADS:
            return word.removesuffix(ending)
    return word


def contradict(described: tuple[str, ...], words: set[str], kind: frozenset[str]) -> bool:
    """True if a description has a nation or party that the roles do not have, and the roles have a different one."""
    return bool(kind.intersection(described) - words) and bool(kind & words)


PARTIES = frozenset(("republican", "democrat", "libertar", "socialist", "conservative", "labour", "green"))
SECONDS = frozenset(("deputy", "vice", "vice-president", "vice-premier", "vice-minister", "assistant", "shadow"))
"""Words of a role for somebody who stands below the one that the other words mean."""
PORTFOLIOS = word_set("prime foreign finance defence defense interior health justice trade education environment home")
"""Words that tell one office from another: "the prime minister" is no minister without this word."""
NATIONS = frozenset(map(nation_stem, PLACES | NATIONALITIES))

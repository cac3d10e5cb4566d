"""The names of bodies (ministries, companies, parties) as words.

A country becomes one word, known abbreviations are written out, and the spelling becomes American. All functions are
pure.
"""

import re

from worker.speakers.across.folding import plain
from worker.speakers.within.nations import NATIONS, name_nations
from worker.speakers.within.wordlists import LEGAL

_DASHES = re.compile(r"[-‐‑‒–—]+")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)", re.IGNORECASE)
_SMALL = frozenset(("the", "of", "for", "and", "in", "on", "a", "an"))

_NO_GIST = _SMALL | {"affairs"}

# In the news, each of these abbreviations means only one body. With any other abbreviation ("APA", "SNP"), a join is
# only proposed, if the letters fit.
_TABLE = """
AU African Union
BBC British Broadcasting Corporation
CDC Centers for Disease Control and Prevention
CIA Central Intelligence Agency
DHS Department of Homeland Security
DOJ Department of Justice
ECB European Central Bank
EPA Environmental Protection Agency
EU European Union
FAA Federal Aviation Administration
FBI Federal Bureau of Investigation
FCC Federal Communications Commission
FDA Food and Drug Administration
Fed Federal Reserve
FTC Federal Trade Commission
IAEA International Atomic Energy Agency
ICC International Criminal Court
ICJ International Court of Justice
IMF International Monetary Fund
IOC International Olympic Committee
IPCC Intergovernmental Panel on Climate Change
IRGC Islamic Revolutionary Guard Corps
IRS Internal Revenue Service
NASA National Aeronautics and Space Administration
NATO North Atlantic Treaty Organization
NHS National Health Service
NSA National Security Agency
OECD Organization for Economic Co-operation and Development
OPEC Organization of the Petroleum Exporting Countries
OSCE Organization for Security and Co-operation in Europe
UN United Nations
UNESCO United Nations Educational, Scientific and Cultural Organization
UNHCR United Nations High Commissioner for Refugees
UNICEF United Nations Children's Fund
WHO World Health Organization
WTO World Trade Organization
"""
_ABBREVIATIONS = {line.split()[0]: line.split(maxsplit=1)[1] for line in _TABLE.split("\n") if line}

# British and other spellings, each with the American spelling.
_SPELLINGS = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        ("isation", "ization"),
        ("defence", "defense"),
        (r"(?<=[a-z]{2})our$", "or"),
        (r"(?<=cent|heat)re$", "er"),
        ("programme", "program"),
    )
)

_OFFICES = frozenset(("ministry", "department", "embassy", "government", "parliament", "army", "police"))
"""Words for bodies whose name may have two word orders: "Foreign Ministry of France", "French Foreign Ministry".

The name of a university or bank has only one word order.
"""

LEGAL_FORMS = LEGAL | {
    "company",
    "inc",
    "incorporation",
    "lp",
    "pty",
    "srl",
    "bv",
    "se",
    "kg",
    "as",
    "asa",
    "oyj",
    "tbk",
}
"""Words behind the name of a company that say what it is in law, which newspapers write or omit."""

_ANYWHERE_WORDS = """
foreign defense interior justice finance economy health education energy trade labor agriculture transport culture
affairs internal national federal local state central supreme high constitutional city council court cabinet
committee commission authority agency office bureau presidency prosecutor bank senate house navy air force
ministry party opposition campaign company team university
"""
_ANYWHERE = _OFFICES | frozenset(_ANYWHERE_WORDS.split())
"""Words that do not name a country or town; a body of any country or town may have them in its name."""


def body_words(text: str) -> tuple[str, ...]:
    """Return the words of a body's name without its article. A text without words becomes one word, unchanged."""
    without_possessives = _POSSESSIVE.sub("", text)
    written_out = " ".join(_write_out(word) for word in _DASHES.sub(" ", without_possessives).split())
    words = [_american(plain(word)) for word in written_out.split()]
    words = name_nations([word for word in words if word])
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    return tuple(words) or (text,)


def _write_out(word: str) -> str:
    return _ABBREVIATIONS.get(word.replace(".", "").strip(",;"), word)


def _american(word: str) -> str:
    for pattern, american in _SPELLINGS:
        word = pattern.sub(american, word)
    return word


def gist(words: tuple[str, ...]) -> list[str]:
    """Return the important words, in the singular and in alphabetical order.

    Two names that differ only in the order of these words have the same gist.
    """
    return sorted(word if word in NATIONS else word.removesuffix("s") for word in words if word not in _NO_GIST)


def company(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a body's name without the legal form at their end: "Ford Motor Co", "Ford Motor"."""
    last = len(words)
    while last > 1 and words[last - 1] in LEGAL_FORMS:
        last -= 1
    return words[:last]


def acronym(words: tuple[str, ...]) -> str:
    """Return the initials that may abbreviate a body's name.

    A single word is returned whole, because it may be an abbreviation itself.
    """
    if len(words) == 1:
        return words[0]
    return "".join(word[0] for word in words if word not in _SMALL)


def is_turned_round(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """True if two names with the same gist differ only in word order and name an office (`_OFFICES`).

    For example: "Justice Department" and "Department of Justice".
    """
    return sorted(_without_small(words)) == sorted(_without_small(others)) and bool(_OFFICES & set(words))


def order_matters(words: tuple[str, ...]) -> bool:
    """True if the order of the words distinguishes bodies ("University of Washington", "Washington University")."""
    return bool({"university", "bank", "college"} & set(words))


def fits_any_place(words: tuple[str, ...]) -> bool:
    """True if the name fits a body of any country or town: "Foreign Ministry", "police"."""
    return set(words) <= _ANYWHERE | _SMALL


def _without_small(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in _SMALL]

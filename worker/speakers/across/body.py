"""A body's name taken apart: countries as one word, known abbreviations written out, English spelled one way; pure."""

import re

from worker.speakers.across.folding import plain
from worker.speakers.across.nations import NATIONS, name_nations

_DASHES = re.compile(r"[-‐‑‒–—]+")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|$)", re.IGNORECASE)
_SMALL = frozenset(("the", "of", "for", "and", "in", "on", "a", "an"))

_LEFT_OUT = _SMALL | {"affairs"}

# Of each only one body in the news is meant. Others ("APA", "SNP") are proposed where their letters fit.
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
_KNOWN = {line.split()[0]: line.split(maxsplit=1)[1] for line in _TABLE.split("\n") if line}

# British and other spellings, told by the American one.
_SPELLINGS = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        ("isation", "ization"),
        ("defence", "defense"),
        (r"(?<=[a-z]{2})our$", "or"),
        (r"(?<=cent|heat)re$", "er"),
        ("programme", "program"),
    )
)

_OFFICES = frozenset(("ministry", "department", "embassy", "government", "parliament", "army", "police"))
"""Bodies whose name may be turned round: "Foreign Ministry of France". A university or a bank may not."""

_ANYWHERE_WORDS = """
foreign defense interior justice finance economy health education energy trade labor agriculture transport culture
affairs internal national federal local state central supreme high constitutional city council court cabinet
committee commission authority agency office bureau presidency prosecutor bank senate house navy air force
ministry party opposition campaign company team university
"""
_ANYWHERE = _OFFICES | frozenset(_ANYWHERE_WORDS.split())


def body_words(text: str) -> tuple[str, ...]:
    """The words of a body's name, without article; a text without any becomes one word as it stands."""
    bare = _POSSESSIVE.sub("", text)
    written = " ".join(_written_out(word) for word in _DASHES.sub(" ", bare).split())
    words = [_spelled(plain(word)) for word in written.split()]
    words = name_nations([word for word in words if word])
    if words[:1] == ["the"] and len(words) > 1:
        del words[0]
    return tuple(words) or (text,)


def _written_out(word: str) -> str:
    return _KNOWN.get(word.replace(".", "").strip(",;"), word)


def _spelled(word: str) -> str:
    for pattern, told in _SPELLINGS:
        word = pattern.sub(told, word)
    return word


def gist(words: tuple[str, ...]) -> list[str]:
    """The words that matter, in alphabetical order and the singular: what a name turned round shares."""
    return sorted(word if word in NATIONS else word.removesuffix("s") for word in words if word not in _LEFT_OUT)


def acronym(words: tuple[str, ...]) -> str:
    """The letters a body is abbreviated to; a single word is taken for such letters itself."""
    if len(words) == 1:
        return words[0]
    return "".join(word[0] for word in words if word not in _SMALL)


def turned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names of one gist are an office of the same place or branch: "Justice Department" turned round."""
    return sorted(_bare(one)) == sorted(_bare(other)) and bool(_OFFICES & set(one))


def ordered(words: tuple[str, ...]) -> bool:
    """Whether the order of the words tells bodies apart ("University of Washington", "Washington University")."""
    return bool({"university", "bank", "college"} & set(words))


def placeless(words: tuple[str, ...]) -> bool:
    """Whether a name fits a body of any country or town: "Foreign Ministry", "police"."""
    return set(words) <= _ANYWHERE | _SMALL


def _bare(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in _SMALL]

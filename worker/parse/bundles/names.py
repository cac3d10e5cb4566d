"""Splitting the line in which a database names the authors."""

import re

_BY = re.compile(r"(?i)^(?:by|von|par|door|por|di|de notre \w{2,20}|text:|author:)[ :]\s*")
_SEPARATORS = re.compile(  # "E" and "Y" in capitals are initials
    r"\s*;\s*|\s*\|\s*|\s+(?:(?i:and|und|et|en|with|mit|avec)|y|e)\s+|\s*&\s*|\s*/\s*"
)
_CONTACT = re.compile(r"\S+@\S+|https?://\S+")
_ROLE = re.compile(
    r"(?i)\b(?:editor|correspondent|reporter|writer|staff|chief|columnist|bureau|desk|redacteur|redaktion|redaktor"
    r"|korrespondent|correspondant|redaction|rédaction|envoyé|journalist|agency|agencies|special to)\b"
)
_SURNAME_FIRST = re.compile(r"[^\W\d_][\w.'’ -]{0,40}, [^\W\d_][\w.'’ -]{0,40}")
_HELP = re.compile(r"(?i)\s+(?:contributed|also contributed|mitarbeit|avec l['’]aide)\b[^;]{0,60}")
_WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 2  # a word with fewer letters is an initial, and a name with initials stays as it is
MOST = 30


def authors_of(line: str | None) -> tuple[str, ...]:
    """Return the names in a by-line, each as "First Last"."""
    if not line:
        return ()
    text = _HELP.sub("", _CONTACT.sub("", _BY.sub("", " ".join(line[:1000].split()))))
    names: list[str] = []
    for part in _SEPARATORS.split(text):
        names += _names_in(part.strip(" ,.:-"))
    return tuple(dict.fromkeys(_in_small_letters(name) for name in names if any(map(str.isalpha, name))))[:MOST]


def _in_small_letters(name: str) -> str:
    """Return a name of several words in capitals as names are written: "UNA ROE" is Una Roe. "AFP" stays."""
    if not name.isupper() or " " not in name or min(map(len, name.split())) < SHORTEST:
        return name
    return _WORD.sub(lambda match: match[0].capitalize(), name)


def _names_in(part: str) -> list[str]:
    """Return the names in a part of a by-line: "Roe, Una" is one, "Una Roe, Ben Falk" are two."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) == 2 and _SURNAME_FIRST.fullmatch(part) and " " not in pieces[0]:
        return [_in_order(pieces)]
    return pieces[:1] + [piece for piece in pieces[1:] if not _ROLE.search(piece)]


def _in_order(pieces: list[str]) -> str:
    """Return surname and first name in the order in which they are said."""
    surname, first = pieces
    return f"{first} {surname}"

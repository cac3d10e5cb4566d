"""Text in the header of a mail: encoded words (RFC 2047), also broken ones, and bytes that are not encoded at all."""

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from itertools import groupby

from worker.parse.decoding import decode
from worker.reasons import Refused

LONGEST = 20_000  # read at most this many characters of a header field
# The end is missing where a program cut the field off. The language behind the charset is from RFC 2231.
WORD = re.compile(
    r"=\?(?P<charset>[^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?(?P<kind>[qQbB])\?(?P<text>.{0,2000}?)(?:\?=|\Z)", re.DOTALL
)
ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
FOLD = re.compile(r"\r?\n(?=[ \t])")
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")

Word = tuple[str, str, str]
"""The charset, the kind ("q" or "b") and the encoded text of one word."""


def decoded(value: str) -> str:
    """Return the text of a field. Bytes that are no ASCII are surrogates in it, as the email package makes them."""
    text = FOLD.sub("", value[:LONGEST])
    pieces: list[str] = []
    words: list[Word] = []
    place = 0
    for match in WORD.finditer(text):
        between = text[place : match.start()]
        if between.strip() or not words:  # white space between two encoded words only folds the line
            pieces += [*_run(words), _plain(between)]
            words = []
        words.append((match["charset"].lower(), match["kind"].lower(), match["text"]))
        place = match.end()
    return "".join([*pieces, *_run(words), _plain(text[place:])])


def _plain(text: str) -> str:
    """Return text that is in no encoded word."""
    if text.isascii():
        return text
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return decode(raw).text
    except Refused:
        return raw.decode("utf-8", "replace")


def _run(words: list[Word]) -> Iterator[str]:
    """Yield the text of words side by side. A character may begin in one word and end in the next."""
    for charset, group in groupby(words, key=lambda word: word[0]):
        run = [(kind, text) for _, kind, text in group]
        readings = (
            _decoded(b"".join(_raw(kind, text) for kind, text in run), charset),
            _decoded(_joined(run), charset),
        )
        yield next((reading for reading in readings if not NO_TEXT.search(reading)), readings[0])


def _joined(run: list[tuple[str, str]]) -> bytes:
    """Return the bytes of words as if each kind had been cut into words after it was encoded."""
    groups = groupby(run, key=lambda word: word[0])
    return b"".join(_raw(kind, "".join(text for _, text in group)) for kind, group in groups)


def _raw(kind: str, text: str) -> bytes:
    """Return the bytes of an encoded text, as far as it can be decoded."""
    ascii_text = text.encode("ascii", "ignore")
    if kind == "q":
        return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), ascii_text.replace(b"_", b" "))
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", ascii_text)
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    try:
        return a2b_base64(letters + b"=" * (-len(letters) % 4))
    except Error:
        return b""


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return decode(raw, charset).text
    except Refused:
        return raw.decode("ascii", "replace")

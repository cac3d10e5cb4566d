"""Names that people give speakers: one check for every decision that takes a name."""

import unicodedata

from worker.store.decisions import Undecidable

MOST_CHARACTERS = 200
"""At most this many characters are accepted as a name, after its blanks were removed from both ends."""

UNFIT = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Refuse characters of these Unicode categories: control, formatting, surrogate, private, ends of lines and paragraphs.

Formatting characters are, among others, all marks that change the direction of text.
"""

LARGEST_NUMBER = 2**63 - 1
"""A number that is larger is read as this one: PostgreSQL's `bigint` holds none larger, and no row has it."""

JOINERS = frozenset("\u200c\u200d")
"""Accept these two formatting characters: Persian and Indian names are spelled with them."""

VISIBLE = frozenset("LNPS")
"""A name needs a character of one of these Unicode categories: letters, numbers, punctuation, symbols."""

BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that Unicode counts as letters or symbols, and that are shown as blanks: Hangul fillers, blank Braille."""


def checked(name: str) -> str:
    """Return a name in Unicode's composed form (NFC), without blanks at its ends.

    Raise `Undecidable` with a sentence if it is no name that can be shown.
    """
    name = unicodedata.normalize("NFC", readable(name)).strip()
    if not any(unicodedata.category(letter)[0] in VISIBLE and letter not in BLANK_LETTERS for letter in name):
        raise Undecidable("A name needs at least one visible character; give one.")
    if len(name) > MOST_CHARACTERS:
        raise Undecidable(f"A name has at most {MOST_CHARACTERS} characters, and this has {len(name):,}; shorten it.")
    for letter in name:
        if letter not in JOINERS and unicodedata.category(letter) in UNFIT:
            described = f"U+{ord(letter):04X} ({unicodedata.name(letter, 'a control character').lower()})"
            raise Undecidable(f"The name contains {described}, which cannot be seen; leave it out.")
    if number(name) is not None:
        raise Undecidable("Digits alone would be read as the number of a speaker; add a letter.")
    return name


def readable(name: str) -> str:
    """Return a name as it is; raise `Undecidable` if it is no text, since the command's argument was not UTF-8."""
    try:
        name.encode()
    except UnicodeError:
        raise Undecidable("The name is not readable text (UTF-8); type it again.") from None
    return name


def same(name: str, other: str) -> bool:
    """True if two names differ at most in blanks at their ends, or in how Unicode composes their characters."""
    return unicodedata.normalize("NFC", name).strip() == unicodedata.normalize("NFC", other).strip()


def number(text: str) -> int | None:
    """Return the number of a row that a person typed, in ASCII digits; None if the text is a name."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) if len(digits) < len(str(LARGEST_NUMBER)) else LARGEST_NUMBER

"""The words of a text, in the form in which sketches and statements compare them. The function is pure."""

import re

# Some scripts have no spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese). There, each character counts
# as a word.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


_OMITTED = re.compile(r"(?: \[…\])+ ")  # between two parts of a quotation, see `worker.extract.building`

# A word behind one of these, or at the beginning of a text, has a capital letter even if it is no name.
_BEFORE_SENTENCE = frozenset(".!?…:\n“”„«»\"'‘’(")
SHORTEST_NAME = 3
"""Shorter words in capitals are initials, titles and abbreviations ("Mr", "US"), which are spelled in several ways."""


def words(text: str) -> list[str]:
    """Return the words of `text` in order, case-folded, without punctuation, marks and white space."""
    return _WORD.findall(text.casefold())


def without_omissions(text: str) -> str:
    """Return the words of a quotation with a space in place of each sign that other words stood between its parts."""
    return _OMITTED.sub(" ", text)


def names(text: str) -> set[str]:
    """Return the words of `text` that are names as far as capital letters show it, case-folded.

    The first word of a sentence is one only if a word with a capital letter follows it.
    """
    found: set[str] = set()
    first: str | None = None  # the first word of a sentence, until the next word shows whether it is a name
    place = 0  # where the word before ends
    for match in _WORD.finditer(text):
        word, is_capital = match[0], match[0][0].isupper()
        begins = place == 0 or not _BEFORE_SENTENCE.isdisjoint(text[place : match.start()])
        place = match.end()
        if first is not None and is_capital and not begins:
            found.add(first)
        first = None
        if is_capital and len(word) >= SHORTEST_NAME:
            if begins:
                first = word.casefold()
            else:
                found.add(word.casefold())
    return found

"""Bundles in PDF: the lines of the heads must stay apart, and the lines of the texts must become paragraphs."""

from collections.abc import Iterator, Sequence

from worker.parse.bundles.factiva_words import DOCUMENT, is_words
from worker.parse.bundles.languages import is_language
from worker.parse.bundles.nexis_uni import BODY, is_behind
from worker.parse.bundles.nexis_words import END_OF_DOCUMENT


def text_of_printed(lines: Sequence[str], paragraphs: Sequence[str]) -> str:
    """Return the text of a PDF by its lines and its paragraphs: paragraphs inside texts, and lines around them."""
    pieces: list[str] = []
    in_text = False
    for paragraph, own in _lines_of(lines, paragraphs):
        end = next((place for place, line in enumerate(own) if _ends_text(line)), len(own)) if in_text else 0
        if end:
            pieces.append(paragraph if end == len(own) else " ".join(own[:end]))
        for line in own[end:]:
            in_text = BODY.fullmatch(line) is not None or (is_language(line) and any(map(is_words, pieces[-12:])))
            pieces.append(line)
    return "\n".join(pieces)


def _ends_text(line: str) -> bool:
    """True if a text ends before this line."""
    return is_behind(line) or END_OF_DOCUMENT.fullmatch(line) is not None or DOCUMENT.fullmatch(line) is not None


def _lines_of(lines: Sequence[str], paragraphs: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each paragraph with its lines. Lines that are in no paragraph (running heads) are left out."""
    place = 0
    for paragraph in paragraphs:
        rest, own = _letters(paragraph), []
        at = place
        while rest and at < min(len(lines), place + MOST_LINES):
            letters = _letters(lines[at])
            at += 1
            if letters and rest.startswith(letters):
                rest = rest[len(letters) :]
                own.append(lines[at - 1])
                place = at
        yield paragraph, own if own and not rest else [paragraph]


MOST_LINES = 400
"""A paragraph has at most so many lines, with the running heads between them."""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))

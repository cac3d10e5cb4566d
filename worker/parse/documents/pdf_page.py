"""Taking the words of a PDF page with their places, as pieces of lines."""

import ctypes
from typing import Any

from worker.parse.documents.pdf_layout import Line

MOST_CHARACTERS = 100_000  # of one page: more are no page of an article
HYPHEN = "\ufffe"  # stands for a hyphen at the end of a line
PDFIUM_HYPHENS = frozenset("\x02\ufffe")  # as PDFium writes it
WORD_GAP = 0.8  # a wider gap in a line, in heights of its letters, divides it; words of a column are nearer
BACKWARDS = 0.5  # a word that begins so many heights before the end of the last one begins a new piece
SLANTED = 0.02  # letters that are turned further, in radians, are those of a watermark or margin
BOLD = 600  # letters with at least this weight are bold
SMALL_MARK = 0.8  # the number of a footnote has letters of at most this share of the size
SHORTEST_NOTED = 3  # and stands behind a word with at least so many characters
MOST_NOTE_DIGITS = 3
SPACES = frozenset(" \t\r\n\u00a0\0")


def fragments(text_page: Any) -> list[Line]:
    """Return the pieces of lines of a page in the order of the file: words with ordinary gaps between them."""
    from pypdfium2 import raw

    count = min(raw.FPDFText_CountChars(text_page), MOST_CHARACTERS)
    box = raw.FS_RECTF()
    pieces: list[Line] = []
    start = 0
    letters: list[str] = []
    for index in range(count + 1):
        code = raw.FPDFText_GetUnicode(text_page, index) if index < count else 32
        letter = chr(code) if 0 < code < 0x110000 else " "
        if letter in PDFIUM_HYPHENS:
            letter = HYPHEN
        if letter not in SPACES:
            if not letters:
                start = index
            letters.append(letter)
            if letter != HYPHEN:
                continue
        if letters:
            _add(pieces, raw, text_page, "".join(letters), start, index - (letter != HYPHEN), box)
            letters = []
    for piece in pieces:
        piece.settle()
    return pieces


def _add(pieces: list[Line], raw: Any, text_page: Any, word: str, first: int, last: int, box: Any) -> None:
    """Add a word to the last piece if it continues the same line, or else as a new piece."""
    if not raw.FPDFText_GetLooseCharBox(text_page, first, ctypes.byref(box)):
        return
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if last > first and raw.FPDFText_GetLooseCharBox(text_page, last, ctypes.byref(box)):
        right = max(right, box.right)
    height = max(0.1, top - bottom)
    word = _without_note_mark(raw, text_page, word, first, last)
    look = _size(raw, text_page, first, height), raw.FPDFText_GetFontWeight(text_page, first) >= BOLD
    piece = pieces[-1] if pieces else None
    if (
        piece is not None
        and min(piece.top, top) - max(piece.bottom, bottom) > 0.6 * min(piece.height, height)
        and -BACKWARDS * height < left - piece.right < WORD_GAP * height
    ):
        piece.text += f" {word}"
        piece.right, piece.top, piece.bottom = max(piece.right, right), max(piece.top, top), min(piece.bottom, bottom)
        piece.letters[look] = piece.letters.get(look, 0) + len(word)
        return
    if abs(raw.FPDFText_GetCharAngle(text_page, first)) > SLANTED:
        return
    _, y = ctypes.c_double(), ctypes.c_double(bottom)
    raw.FPDFText_GetCharOrigin(text_page, first, ctypes.byref(_), ctypes.byref(y))
    piece = Line(word, left, bottom, right, top, *look, first_word=right - left, baseline=y.value)
    piece.letters[look] = len(word)
    pieces.append(piece)


def _without_note_mark(raw: Any, text_page: Any, word: str, first: int, last: int) -> str:
    """Return a word without the small number of a footnote at its end. Short words may be units ("km2", "CO2")."""
    bare = word.rstrip("0123456789")
    digits = len(word) - len(bare)
    if not 0 < digits <= MOST_NOTE_DIGITS or len(bare) < SHORTEST_NOTED or len(word) <= last - first:
        return word
    mark, own = (raw.FPDFText_GetFontSize(text_page, index) for index in (last, first))
    return bare if 0 < mark < SMALL_MARK * own else word


def _size(raw: Any, text_page: Any, index: int, height: float) -> float:
    """Return the size of letters in points; some files scale letters of one point, so their height counts as well."""
    size = float(raw.FPDFText_GetFontSize(text_page, index))
    return round(size if size > 2 else height, 1)

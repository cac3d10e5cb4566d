"""The sentences of a row of items. A quotation belongs to the sentence that names its source."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.marks.items import QUOTE, Items
from worker.extract.quotation import Span
from worker.extract.vocabulary import words

LONGEST = 400
"""At most this many items make a sentence. Longer sentences are cut, so that the time stays linear in the text."""
ENDS = frozenset({".", "?", "!", "…"})
ABBREVIATIONS = words(
    """
    mr mrs ms dr sen sens rep reps gov govs gen col lt sgt capt maj adm prof rev hon st sr jr messrs
    mt ft no vs v inc corp co ltd jan feb mar apr aug sept sep oct nov dec ariz calif conn del fla
    ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis
    wyo etc al ph fr supt atty asst dept
    """
)
STARTERS = words(
    """
    the he she it they we i but and in on at this that these those his her their its a an if when
    while as for according however meanwhile after before also there what who why how
    """
)

ATTRIBUTED = words("he she they i we")
"""Starters that rather begin the attribution of the quotation before them."""


@dataclass(slots=True)
class Sentence:
    """Items `[first, last)` of a row; `paragraph` is the number of its paragraph, from 0."""

    first: int
    last: int
    paragraph: int


def sentences(row: Items, paragraphs: Sequence[Span]) -> list[Sentence]:
    """Return the sentences of the row, in order. A sentence goes on in the next paragraph only inside a quotation."""
    in_order: list[Sentence] = []
    first, paragraph, current = 0, 0, 0
    words, size = row.words, len(row)
    begins = [begin for begin, _ in paragraphs[1:]]
    for number, start in enumerate(row.starts):
        moved = False
        while paragraph < len(begins) and start >= begins[paragraph]:
            moved = number == 0 or row.ends[number - 1] <= begins[paragraph]
            paragraph += 1
        if moved:
            if number > first:
                in_order.append(Sentence(first, number, current))
            first = number
        current = paragraph
        word = words[number]
        may_end = word in ENDS or word[-1] == "." or word == QUOTE
        if number + 1 < size and ((may_end and ends(row, number, first)) or number - first >= LONGEST):
            in_order.append(Sentence(first, number + 1, paragraph))
            first = number + 1
    if first < len(row):
        in_order.append(Sentence(first, len(row), current))
    return in_order


def ends(row: Items, number: int, first: int) -> bool:
    """True if the sentence that began at `first` ends with item `number`, which must not be the row's last item."""
    word, following = row.words[number], row.words[number + 1]
    begins = row.capital[number + 1] or following == QUOTE or following[0].isdigit() or following in "([-–—•"
    if word in ENDS:
        if not begins or row.starts[number + 1] == row.ends[number]:
            return False
        before = row.words[number - 1] if number > first else ""
        if before == "x" and number - 1 > first and row.words[number - 2] == "on":
            return True  # the site
        return word != "." or not (before in ABBREVIATIONS or (len(before) == 1 and before.isalpha()))
    if word == QUOTE:
        return ends_with_quote(row, number, first)
    if word.endswith(".") and len(word) > 2:
        return following in STARTERS and row.capital[number + 1]
    return False


def ends_with_quote(row: Items, number: int, first: int) -> bool:
    """True if a quoted region ends its sentence."""
    following = row.words[number + 1]
    final = final_sign(row, number)
    if final in ".…":
        return row.capital[number + 1] or following == QUOTE
    if final in "?!":
        return following == QUOTE or (row.capital[number + 1] and following in STARTERS and following not in ATTRIBUTED)
    if number == first and row.capital[number + 1] and final not in ",;:-–—":
        return following in STARTERS and following not in ATTRIBUTED and following != "the"  # a sub-heading in marks
    return False


def final_sign(row: Items, number: int) -> str:
    """Return the last character inside the marks of a quoted region; closing brackets and inner marks are skipped."""
    region = row.regions[number]
    assert region is not None
    return row.text[region.segments[-1][0] : region.segments[-1][1]].rstrip(" \t\n\r'’”\")]")[-1:] or " "

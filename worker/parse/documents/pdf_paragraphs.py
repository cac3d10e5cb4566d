"""Making paragraphs of the lines of PDF pages: running heads go, hyphens at line ends are joined."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from worker.parse.documents.document import Paragraph, Role
from worker.parse.documents.pdf_layout import Line
from worker.parse.documents.pdf_page import HYPHEN

EDGE_LINES = 3  # running heads and page numbers are in so many first and last lines of a page
EDGE = 0.12  # and in this share of the height of the page at its top and bottom
SAME_HEIGHT = 4.0  # a running head has the same place on each page, give or take so many points
PAGE_NUMBER = re.compile(
    r"(?i)\W{0,3}(?:(?:page|p|pg|seite|s|p[aá]g(?:ina)?|sida|side|str(?:ona)?|bladzijde|blz)\.?:? )?\d{1,4}"
    r"(?:\s?(?:/|\||of|von|de|sur|van|di|av|af|z)\s?\d{1,4})?\W{0,3}|[ivxl]{1,7}"
)
INDENT = 0.8  # a line begins a paragraph if it begins so many sizes of its letters further right than its column
WIDE_GAP = 1.35  # or if the distance to the line before is so many times that of most lines
OTHER_SIZE = 0.08  # or if its letters have another size by this share
SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]{0,3}$")
BULLET = re.compile(r"(?:[•▪●◦‣⁃■–—*\ue000-\uf8ff]|\d{1,2}[.)]|[a-z]\))\s\S")
MARKS = re.compile(r"^[•▪●◦‣⁃■\ue000-\uf8ff]\s+")  # the fonts of symbols have theirs in the private use area
NOTE = re.compile(r"\d{1,3}(?=[^\d.,:%/-])|[*†‡§]\s?\w")
LINE_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\ufffe]$")
LAST_WORD = re.compile(r"([^\W\d_]{1,40})[-\u00ad\u2010\ufffe]$")
FIRST_WORD = re.compile(r"[^\W\d_]{1,40}")


def paragraphs(pages: list[list[Line]], heights: list[float]) -> list[Paragraph]:
    """Return the paragraphs of the lines of all pages."""
    kept = _without_running_heads(pages, heights)
    usual = _usual_size(line for page in kept for line in page)
    kept = [_without_footnotes(page, usual) for page in kept]
    words = Counter(word.casefold() for page in kept for line in page for word in re.findall(r"[\w-]{3,60}", line.text))
    found: list[Paragraph] = []
    for block in _blocks(kept):
        text = _text(block, words)
        if text:
            found.append(_paragraph(block, text, usual))
    return found


def _paragraph(block: list[Line], text: str, usual: float) -> Paragraph:
    size = max(line.size for line in block)
    is_prominent = size > usual * (1 + OTHER_SIZE) or (all(line.is_bold for line in block) and size >= usual)
    role = Role.ITEM if MARKS.match(text) else Role.TEXT
    return Paragraph(MARKS.sub("", text), role, is_prominent, size)


def _usual_size(lines: Iterable[Line]) -> float:
    """Return the size that most letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_running_heads(pages: list[list[Line]], heights: list[float]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that come again on other pages, and without page numbers."""
    edges = [_edges(page, height) for page, height in zip(pages, heights, strict=True)]
    seen = Counter((key, round(line.top / SAME_HEIGHT)) for edge in edges for key, line in edge.values())
    kept: list[list[Line]] = []
    for page, edge in zip(pages, edges, strict=True):
        repeated = {place for place, (key, line) in edge.items() if _count(seen, key, line) > 1}
        numbers = {place for place, (_, line) in edge.items() if PAGE_NUMBER.fullmatch(line.text)}
        dropped = repeated | numbers
        kept.append([line for place, line in enumerate(page) if place not in dropped])
    return kept


def _without_footnotes(page: list[Line], usual: float) -> list[Line]:
    """Return the lines of a page without the small ones below all others, if the first of them has a number."""
    lowest = min((line.bottom for line in page if line.size > usual * (1 - OTHER_SIZE)), default=0.0)
    notes = sorted((line for line in page if line.top < lowest), key=lambda line: -line.top)
    return [line for line in page if line.top >= lowest] if notes and NOTE.match(notes[0].text) else page


def _edges(page: list[Line], height: float) -> dict[int, tuple[str, Line]]:
    """Return the lines at the edges of a page by their places, each with its text without numbers."""
    by_height = sorted(range(len(page)), key=lambda place: -page[place].top)
    outer = set(by_height[:EDGE_LINES] + by_height[-EDGE_LINES:])
    inside = range(int(height * EDGE), int(height * (1 - EDGE)) + 1)
    return {
        place: (re.sub(r"\d+", "#", page[place].text.casefold()), page[place])
        for place in outer
        if not inside.start <= page[place].bottom <= inside.stop or not inside.start <= page[place].top <= inside.stop
    }


def _count(seen: Counter[tuple[str, int]], key: str, line: Line) -> int:
    place = round(line.top / SAME_HEIGHT)
    return seen[key, place - 1] + seen[key, place] + seen[key, place + 1]


def _blocks(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph, which may go on in the next column or on the next page."""
    block: list[Line] = []
    for page in pages:
        for column in _by_column(page):
            left, right = _margins(column)
            pitch = _pitch(column)
            for place, line in enumerate(column):
                before = column[place - 1] if place else None
                if block and _begins(line, before, block[-1], (left, right), pitch):
                    yield block
                    block = []
                block.append(line)
    if block:
        yield block


def _by_column(page: list[Line]) -> Iterator[list[Line]]:
    column: list[Line] = []
    for line in page:
        if column and line.column != column[-1].column:
            yield column
            column = []
        column.append(line)
    if column:
        yield column


def _margins(column: list[Line]) -> tuple[float, float]:
    """Return the left and the right edge that most lines of a column have."""
    lefts = Counter(round(line.left) for line in column)
    rights = sorted(line.right for line in column)
    return float(lefts.most_common(1)[0][0]), rights[int(0.9 * (len(rights) - 1))]


def _pitch(column: list[Line]) -> float:
    """Return the usual distance of two lines, from baseline to baseline: the median of the shorter ones."""
    distances = [upper.baseline - lower.baseline for upper, lower in pairwise(column)]
    near = [distance for distance in distances if distance > 0]
    return median(sorted(near)[: max(1, (len(near) * 3 + 3) // 4)]) if len(near) > 1 else 1e9


def _begins(line: Line, before: Line | None, last: Line, margins: tuple[float, float], pitch: float) -> bool:
    """True if a line begins a paragraph. `before` is the line above it in its column, `last` the last line read."""
    left, right = margins
    if abs(line.size - last.size) > OTHER_SIZE * max(line.size, last.size) or BULLET.match(line.text):
        return True
    if LINE_HYPHEN.search(last.text):
        return False
    if before is None:  # the first line of a column or page: only an unfinished sentence goes on there
        return SENTENCE_END.search(last.text) is not None or line.is_bold != last.is_bold
    if line.is_bold != before.is_bold and (line.is_bold or SENTENCE_END.search(before.text) is None):
        return True
    if before.baseline - line.baseline > WIDE_GAP * pitch:
        return True
    is_indented = line.left - left > INDENT * line.size
    if is_indented and before.left - left <= INDENT * line.size / 2:
        return True
    room = right - before.right
    return room > line.first_word + line.size and not _is_centred(before, line)


def _is_centred(first: Line, second: Line) -> bool:
    """True if two lines have the same middle, as lines of a headline have, but not the same left edge."""
    middle = abs((first.left + first.right) - (second.left + second.right)) / 2
    return middle < first.size / 2 and abs(first.left - second.left) > first.size


def _text(block: list[Line], words: "Counter[str]") -> str:
    """Return the text of a paragraph. A hyphen at a line end goes if the rest of the document writes one word."""
    text = ""
    for line in block:
        if not text:
            text = line.text
        elif LINE_HYPHEN.search(text):
            text = _joined(text, line.text, words)
        else:
            text = f"{text} {line.text}"
    return " ".join(text.replace(HYPHEN, "-").replace("\u00ad", "").split())


def _joined(text: str, following: str, words: "Counter[str]") -> str:
    """Return two lines as one, the first of which ends with a hyphen."""
    before, after = LAST_WORD.search(text[-60:]), FIRST_WORD.match(following)
    if before is None or after is None or not after[0][0].islower():
        return f"{text[:-1]}-{following}"  # a name such as "Baden-Württemberg"
    whole, hyphened = (f"{before[1]}{joint}{after[0]}".casefold() for joint in ("", "-"))
    if words[hyphened] > words[whole] or (before[1].isupper() and len(before[1]) > 1):
        return f"{text[:-1]}-{following}"
    return f"{text[:-1]}{following}"

"""The order in which the lines of a page are read: columns are told apart by the gaps between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_FRAGMENTS = 4000  # a page with more pieces of lines is read in the order of its file
FEWEST_LINES = 3  # each of two columns has at least this many lines
SHORTEST_LINE = 12  # and its lines have on average this many characters; the cells of a table have fewer
SAME_LINE = 0.5  # pieces of one line overlap by this share of their height
CROSSING = 2.0  # a line crosses a gap if it has this many points on each of its sides
MOST_COLUMNS = 12  # look for at most this many columns on a page


@dataclass(slots=True)
class Line:
    """A line, or a piece of one, with its box in points (`top` grows to the top of the page) and its letters."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    is_bold: bool = False
    first_word: float = 0.0  # the width of its first word
    baseline: float = 0.0  # the height of the line that its letters stand on
    column: int = 0  # lines of one column have the same number
    letters: dict[tuple[float, bool], int] = field(default_factory=dict)  # how many have this size and are bold

    def settle(self) -> None:
        """Give the line the size and weight that most of its letters have."""
        self.size, self.is_bold = max(self.letters, key=self.letters.__getitem__, default=(self.size, self.is_bold))

    @property
    def height(self) -> float:
        """The height of the letters."""
        return max(0.1, self.top - self.bottom)


def in_reading_order(fragments: list[Line]) -> list[Line]:
    """Return the lines of a page, column by column, with the pieces of each line joined."""
    if len(fragments) > MOST_FRAGMENTS:
        return fragments
    lines: list[Line] = []
    for number, column in enumerate(_columns(sorted(fragments, key=lambda each: -each.top), MOST_COLUMNS)):
        for line in _joined(column):
            line.column = number
            lines.append(line)
    return lines


def _columns(fragments: list[Line], budget: int) -> Iterator[list[Line]]:
    """Yield the pieces of each column, from top to bottom; `fragments` are sorted by their tops."""
    gap = _best_gap(fragments) if budget > 1 else None
    if gap is None:
        yield fragments
        return
    for is_split, band in _bands(fragments, gap):
        if is_split:
            yield from _columns([each for each in band if _middle(each) < gap], budget // 2)
            yield from _columns([each for each in band if _middle(each) >= gap], budget // 2)
        else:
            yield from _columns(band, budget // 2)


def _best_gap(fragments: list[Line]) -> float | None:
    """Return the place between two columns that most lines respect; None if there is one column."""
    starts: dict[int, int] = {}
    for each in fragments:
        starts[round(each.left)] = starts.get(round(each.left), 0) + 1
    leftmost = min((each.left for each in fragments), default=0.0)
    frequent = sorted((start for start in starts if start > leftmost + 20), key=lambda start: -starts[start])[:30]
    best, most = None, 0
    for start in frequent:
        if starts[start] < FEWEST_LINES - 1:
            break
        place = start - CROSSING - 0.5
        count = sum(len(band) for is_split, band in _bands(fragments, place) if is_split)
        if count > most:
            best, most = place, count
    return best


def _bands(fragments: list[Line], place: float) -> Iterator[tuple[bool, list[Line]]]:
    """Yield the runs of lines from top to bottom that have, or have not, two columns around a place."""
    band: list[Line] = []
    plain: list[Line] = []
    for each in [*fragments, None]:
        if each is not None and not (each.left < place - CROSSING and each.right > place + CROSSING):
            is_beside = not band and plain and plain[-1].right > place and _in_one_row(plain[-1], each)
            (plain if is_beside else band).append(each)
            continue
        beside: list[Line] = []  # such as the bullet before the line
        while each is not None and band and _in_one_row(band[-1], each):
            beside.append(band.pop())
        if _has_two_columns(band, place):
            if plain:
                yield False, plain
            yield True, band
            plain = []
        else:
            plain += band
        band = []
        if each is not None:
            plain += [*beside, each]
    if plain:
        yield False, plain


def _has_two_columns(band: list[Line], place: float) -> bool:
    """True if there are lines of text, and no cells of a table, on both sides of a place."""
    for side in ([each for each in band if _middle(each) < place], [each for each in band if _middle(each) >= place]):
        if len(side) < FEWEST_LINES or sum(len(each.text) for each in side) < SHORTEST_LINE * len(side):
            return False
    return True


def _middle(line: Line) -> float:
    return (line.left + line.right) / 2


def _in_one_row(first: Line, second: Line) -> bool:
    """True if two pieces belong to one line."""
    shared = min(first.top, second.top) - max(first.bottom, second.bottom)
    return shared > SAME_LINE * min(first.height, second.height)


def _joined(column: list[Line]) -> list[Line]:
    """Return the lines of one column from top to bottom, each joined from its pieces from left to right."""
    rows: list[list[Line]] = []
    for each in column:
        row = rows[-1] if rows else []
        if row and _in_one_row(row[0], each):
            row.append(each)
        else:
            rows.append([each])
    return [_one(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _one(row: list[Line]) -> Line:
    """Return one line of its pieces."""
    largest = max(row, key=lambda piece: len(piece.text))
    return Line(
        " ".join(piece.text for piece in row),
        row[0].left,
        min(piece.bottom for piece in row),
        max(piece.right for piece in row),
        max(piece.top for piece in row),
        largest.size,
        all(piece.is_bold for piece in row),
        row[0].first_word,
        largest.baseline,
    )

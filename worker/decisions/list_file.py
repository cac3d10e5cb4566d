"""Reads a list of speakers that people bring: a table with the columns name, aliases, role, qid, from, to.

Only `name` is needed; other columns are ignored. All functions are pure.
"""

import calendar
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from worker.decisions.names import JOINERS, MOST_CHARACTERS, UNFIT, checked, same
from worker.parse.decoding import decode
from worker.reasons import Refused
from worker.store.decisions import Undecidable

COLUMNS = ("name", "aliases", "role", "qid", "from", "to")
DELIMITERS = ",;\t|"
MOST_ROWS = 200_000
"""At most so many rows are read from one file."""
MOST_ALIASES = 100
"""At most so many aliases are read from one row."""
LONGEST_WRITTEN_OUT = 2_000
"""A name has at most so many bytes once its ligatures are written out: PostgreSQL's indexes take about 2,700."""
LONGEST_CELL = 1_000_000
"""At most so many characters are read as one cell."""

ALIASES = re.compile(r"[|;]")
QID = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(?P<qid>Q[1-9][0-9]{0,17})", re.IGNORECASE)
DAY = re.compile(
    r"\+?(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2}))?(?:-(?P<day>[0-9]{2}))?(?:T00:00:00(?:\.0+)?(?:Z|\+00:00)?)?"
)
"""A year, a month or a day, also as Wikidata writes them: `1994-01-20T00:00:00Z`, `+1994-00-00T00:00:00Z`."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a list, checked. `line` is the line of the file in which it begins, from 1."""

    line: int
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None
    qid: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(slots=True)
class ListFile:
    """The good rows of a file, a sentence for each bad one, and remarks about the whole file."""

    rows: list[ListedRow] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(raw: bytes) -> ListFile:
    """Read the bytes of a list. Raise `Undecidable` with a sentence if they are no table with a column `name`."""
    try:
        decoded = decode(raw)
    except Refused as error:
        raise Undecidable(f"The list cannot be read: {error.message}") from None
    result = ListFile(remarks=[f"The list: {warning}" for warning in decoded.warnings])
    lines = io.StringIO(decoded.text, newline="").readlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda sign: _columns_known(first, sign))
    csv.field_size_limit(LONGEST_CELL)
    table = _table(lines, delimiter, result)
    _, header = next(table, (0, []))
    places = _places(header)
    ignored = [name for name in header if name.strip() and name.strip().lower() not in COLUMNS]
    if ignored:
        result.remarks.append(f"These columns of the list are not used: {', '.join(ignored)[:MOST_CHARACTERS]}.")
    for line, cells in table:
        if len(result.rows) + len(result.bad) >= MOST_ROWS:
            raise Undecidable(f"The list has more than {MOST_ROWS:,} rows; cut it into several files.")
        try:
            result.rows.append(_row(line, cells, places, len(header)))
        except Undecidable as error:
            result.bad.append(f"Line {line}: {error}")
    return result


def _table(lines: Sequence[str], delimiter: str, result: ListFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the line in which it begins."""
    rows = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            result.bad.append(f"Line {line}: the table breaks off here ({error}); look at its quotation marks.")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _columns_known(first: str, delimiter: str) -> int:
    names = {cell.strip().strip('"').lower() for cell in first.split(delimiter)}
    return len(names.intersection(COLUMNS))


def _places(header: Sequence[str]) -> dict[str, int]:
    """Return the place of each known column."""
    names = [name.strip().lower() for name in header]
    if "name" not in names:
        raise Undecidable(
            f"The list has no column called name. Its first row must name its columns, as in: {','.join(COLUMNS)}."
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise Undecidable(f"Several columns of the list are called {twice[0]}; keep one.")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _row(line: int, cells: Sequence[str], places: dict[str, int], width: int) -> ListedRow:
    """Return a checked row; raise `Undecidable` with a sentence if it is bad."""
    if any(cell.strip() for cell in cells[width:]):
        raise Undecidable(
            f"it has {len(cells)} cells, and the first row has {width}; put a cell with a separator in quotation marks."
        )

    def cell(column: str) -> str:
        place = places.get(column)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    if not cell("name"):
        raise Undecidable("it has no name; give one.")
    name = listed_name(cell("name"))
    written = [alias for alias in ALIASES.split(cell("aliases")) if alias.strip()]
    if len(written) > MOST_ALIASES:  # before they are checked: a cell may have half a million
        raise Undecidable(f"it has {len(written)} aliases; give at most {MOST_ALIASES}.")
    aliases = [listed_name(alias) for alias in written]
    first_day, last_day = _day(cell("from"), "from", last=False), _day(cell("to"), "to", last=True)
    if first_day is not None and last_day is not None and last_day < first_day:
        raise Undecidable(f"it ends ({last_day}) before it begins ({first_day}); exchange from and to.")
    own = dict.fromkeys(alias for alias in aliases if not same(alias, name))
    return ListedRow(line, name, (*own,), _role(cell("role")), _qid(cell("qid")), first_day, last_day)


def listed_name(text: str) -> str:
    """Return a name as `checked` does; raise `Undecidable` also if no index of the tables could hold it."""
    name = checked(text)
    if len(unicodedata.normalize("NFKD", name).encode()) > LONGEST_WRITTEN_OUT:
        raise Undecidable(f"the name {name[:20]!r} … is too long once its ligatures are written out; shorten it.")
    return name


def _role(text: str) -> str | None:
    role = " ".join(text.split())
    if len(role) > MOST_CHARACTERS:
        raise Undecidable(f"its role has {len(role):,} characters; give at most {MOST_CHARACTERS}.")
    if any(unicodedata.category(letter) in UNFIT and letter not in JOINERS for letter in role):
        raise Undecidable("its role contains a character that cannot be seen; leave it out.")
    return role or None


def _qid(text: str) -> str | None:
    if not text:
        return None
    found = QID.fullmatch(text)
    if found is None:
        raise Undecidable(f"its qid is {text[:40]!r}; give a number of Wikidata such as Q42, or nothing.")
    return found["qid"].upper()


def _day(text: str, column: str, *, last: bool) -> date | None:
    """Return the first or the last day of a year, a month or a day; None for an empty cell."""
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(found[part] or 0) for part in ("year", "month", "day"))
        if not month:
            month, day = (12, 31) if last else (1, 1)
        elif not day:
            day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except ValueError:  # calendar raises an error of its own for a month that does not exist; it is a ValueError
        raise Undecidable(
            f"its {column} is {text[:40]!r}; give a year, a month or a day: 1994, 1994-01 or 1994-01-20."
        ) from None

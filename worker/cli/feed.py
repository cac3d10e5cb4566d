"""What `onrecord up` prints: one line for each file, and the summary of who said what."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine, text

from worker.cli.plural import counted
from worker.cli.underway import Underway
from worker.report.printable import printable
from worker.store.db.engine import single_statements
from worker.store.db.many_rows import numbers
from worker.store.states import DOCUMENT_OPEN, ENDED, FILE_OPEN, STATE_OF_MEMBER, TAKEN_IN, State, listed

COLOURS = {"stored": "green", "duplicate": "cyan", "quarantined": "red"}

NOW = text("""SELECT clock_timestamp()""")

# This is asked five times a second, so it must cost next to nothing while no file ends.
JUST_ENDED = text(f"""
SELECT id FROM files
WHERE state IN {listed(ENDED)} AND finished_at >= :since AND NOT (id = ANY(CAST(:printed AS bigint[])))
ORDER BY finished_at, id LIMIT 200
""")  # noqa: S608
ENDED_FILES = text(f"""
SELECT f.id, f.shown, f.state, f.reason, f.message, f.note, f.members, f.members_stored, f.finished_at,
       (SELECT o.shown FROM files o WHERE o.id = f.duplicate_of) AS original,
       (SELECT count(*) FROM file_documents fd JOIN documents d ON d.id = fd.document_id
          JOIN report.quotes q ON q.article_id = d.article_id
         WHERE fd.file_id = f.id) AS quotes,
       f.members_quarantined,
       CASE WHEN f.members_quarantined > 0 THEN
         (SELECT concat(f.shown, ':' || fd.member, ' (', coalesce(fd.reason, d.reason), ')')
            FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
           WHERE fd.file_id = f.id AND {STATE_OF_MEMBER} = '{State.QUARANTINED}' ORDER BY fd.position LIMIT 1)
       END AS refused
FROM files f
WHERE f.id = ANY(CAST(:files AS bigint[])) AND f.finished_at IS NOT NULL ORDER BY f.finished_at, f.id
""")  # noqa: S608

OPEN = text(f"""
SELECT (SELECT count(*) FROM files JOIN inboxes i ON i.id = inbox_id WHERE i.name = ANY(:inboxes)
          AND state IN {listed(FILE_OPEN)}) AS files,
       (SELECT count(*) FROM documents WHERE state IN {listed(DOCUMENT_OPEN)}) AS documents,
       (SELECT count(*) FROM files JOIN inboxes i ON i.id = inbox_id WHERE i.name = ANY(:inboxes)
          AND after <> 'keep' AND after_done_at IS NULL AND after_reason IS NULL AND current
          AND state IN {listed(TAKEN_IN)} AND members_quarantined = 0) AS leaving
""")  # noqa: S608

COUNTS = text("""
SELECT count(*) AS files, coalesce(sum(members_quarantined), 0) AS members,
       count(*) FILTER (WHERE state = 'stored') AS stored, count(*) FILTER (WHERE state = 'duplicate') AS duplicate,
       count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
       count(*) FILTER (WHERE state = 'ignored') AS ignored
FROM files WHERE current
""")

LATEST_QUOTES = text("""
SELECT coalesce(q.speaker, q.source_text, '(unknown)') AS speaker, concat_ws(': ', q.cue, q.quote) AS said, q.file
FROM report.quotes q WHERE q.kind <> 'indirect'
ORDER BY q.article_id DESC, q.start_char LIMIT :limit
""")

LONGEST = 140
"""Show so many characters of a quotation in the summary; `onrecord quotes` shows all."""

EVER = datetime.min.replace(tzinfo=UTC)
LATE = timedelta(seconds=10)
"""Wait at most this long for a transaction to commit after it has written the end of a file.

A file whose transaction commits later gets no line.
"""


class EndedFile(NamedTuple):
    """A file that has ended, as `ENDED_FILES` returns it."""

    id: int
    shown: str
    state: str
    reason: str | None
    message: str | None
    note: str | None
    members: int
    members_stored: int
    finished_at: datetime
    original: str | None
    quotes: int
    members_quarantined: int
    refused: str | None
    """The first of these members, and its reason code."""


@dataclass
class Feed:
    """Prints a line for every file that has ended since the last call of `look`."""

    engine: Engine
    console: Console
    inboxes: list[str]
    since: datetime = EVER
    printed: dict[int, datetime] = field(default_factory=dict)
    underway: Underway = field(init=False)

    def __post_init__(self) -> None:
        self.underway = Underway(self.engine, self.console)

    def skip_past(self) -> None:
        """From now on, print only files that end after this moment of the database's clock."""
        with self.engine.connect() as connection:
            self.since = connection.execute(NOW).scalar_one()

    def look(self) -> int:
        """Print a line for each file that has ended since the last call; return the number of these lines.

        How far other files are is shown, too.
        """
        with single_statements(self.engine) as connection:
            since = {"since": self.since, "printed": numbers(self.printed)}
            ended = connection.execute(JUST_ENDED, since).scalars().all()
            rows = connection.execute(ENDED_FILES, {"files": numbers(ended)}) if ended else ()
            files = [EndedFile(*row) for row in rows]
        for file in files:
            self.console.print(line(file), highlight=False, soft_wrap=True)
            self.printed[file.id] = file.finished_at
        if files:
            self.since = max(self.since, max(self.printed.values()) - LATE)
            self.printed = {file_id: ended for file_id, ended in self.printed.items() if ended >= self.since}
        self.underway.look()
        return len(files)

    def still_open(self) -> int:
        """Return how many files and documents have not ended, or are still to be archived or deleted."""
        with single_statements(self.engine) as connection:
            row = connection.execute(OPEN, {"inboxes": self.inboxes}).one()
        return int(row.files + row.documents + row.leaving)

    def summary(self, limit: int = 12) -> int:
        """Print up to `limit` quotations, and the counts. Return how many files and members are quarantined."""
        self.underway.stop()
        with self.engine.connect() as connection:
            quotes = connection.execute(LATEST_QUOTES, {"limit": limit}).all()
            counts = connection.execute(COUNTS).one()
        if quotes:
            table = Table(title="Who said what (latest articles)", title_justify="left", expand=True)
            table.add_column("speaker", style="bold", overflow="fold", max_width=28)
            table.add_column("quotation", overflow="fold", ratio=1)
            table.add_column("file", style="dim", overflow="ellipsis", no_wrap=True, max_width=16)
            for quote in quotes:
                # As Text, since rich would read a plain string with brackets as markup.
                cells = (cut(quote.speaker or ""), cut(quote.said or ""), quote.file or "")
                table.add_row(*(Text(printable(cell)) for cell in cells))
            self.console.print(table)
        self.console.print(
            f"{counted(counts.files, 'file')}: {counts.stored} stored, {counts.duplicate} duplicate,"
            f" {counts.quarantined} quarantined, {counts.ignored} ignored.",
            highlight=False,
        )
        return int(counts.quarantined + counts.members)


def cut(words: str) -> str:
    """Return the words; of many words, only the first `LONGEST` characters."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …"


def line(file: EndedFile) -> Text:
    """Return the line of one file. It is a Text, since rich would read a plain string with brackets as markup."""
    outcome = ""
    if file.state == "stored":
        articles = f"{counted(file.members_stored, 'article')}, " if file.members > 1 else ""
        told = file.message if file.members == 1 else file.note
        outcome = (
            articles + counted(file.quotes, "quotation") + refused(file) + (f". {printable(told)}" if told else "")
        )
    elif file.state == "duplicate" and file.original:
        outcome = f"of {printable(file.original)}"
    elif file.reason:
        outcome = f"{file.reason}: {printable(file.message or '')}"
    return Text.assemble((file.state, COLOURS.get(file.state, "dim")), f"  {printable(file.shown)}  {outcome}".rstrip())


def refused(file: EndedFile) -> str:
    """Return the words about the members of a stored file that are quarantined; empty if there are none."""
    if not file.refused:
        return ""
    others = ", …" if file.members_quarantined > 1 else ""
    return f"; {counted(file.members_quarantined, 'member')} quarantined: {printable(file.refused)}{others}"

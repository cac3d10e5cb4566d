"""What `onrecord up` prints: a line a file, and the summary of who said what."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine, Row, text

from worker.report.printable import printable
from worker.store.states import DOCUMENT_OPEN, FILE_OPEN, TAKEN_IN, listed

COLOURS = {"stored": "green", "duplicate": "cyan", "quarantined": "red"}

ENDED = text(
    """
    SELECT f.id, f.shown, f.state, f.reason, f.message, f.members, f.members_stored, f.finished_at,
           (SELECT o.shown FROM files o WHERE o.id = f.duplicate_of) AS original,
           (SELECT count(*) FROM file_documents fd JOIN documents d ON d.id = fd.document_id
              JOIN quotes q ON q.article_id = d.article_id AND q.current AND NOT q.rejected
             WHERE fd.file_id = f.id) AS quotes
    FROM files f
    WHERE f.finished_at >= :since AND NOT (f.id = ANY(:printed)) ORDER BY f.finished_at, f.id LIMIT 200
    """
)

EVER = datetime.min.replace(tzinfo=UTC)
LATE = timedelta(seconds=10)
"""How long a transaction may take to commit after it has written when a file ended; longer ones get no line."""

OPEN = text(
    "SELECT (SELECT count(*) FROM files JOIN inboxes i ON i.id = inbox_id WHERE i.name = ANY(:inboxes)"  # noqa: S608
    f"   AND state IN {listed(FILE_OPEN)}) AS files,"
    f" (SELECT count(*) FROM documents WHERE state IN {listed(DOCUMENT_OPEN)}) AS documents,"
    " (SELECT count(*) FROM files JOIN inboxes i ON i.id = inbox_id WHERE i.name = ANY(:inboxes)"
    "   AND after <> 'keep' AND after_done_at IS NULL AND after_reason IS NULL AND current"
    f"   AND state IN {listed(TAKEN_IN)} AND members_quarantined = 0) AS leaving"
)

COUNTS = text(
    "SELECT count(*) AS files, coalesce(sum(members_quarantined), 0) AS members,"
    " count(*) FILTER (WHERE state = 'stored') AS stored, count(*) FILTER (WHERE state = 'duplicate') AS duplicate,"
    " count(*) FILTER (WHERE state = 'quarantined') AS quarantined,"
    " count(*) FILTER (WHERE state = 'ignored') AS ignored"
    " FROM files WHERE current"
)

SAID = text(
    """
    SELECT coalesce(q.speaker, q.source_text, '(unknown)') AS speaker, q.kind, q.quote, q.file
    FROM report.quotes q WHERE q.kind <> 'indirect'
    ORDER BY q.article_id DESC, q.start_char LIMIT :limit
    """
)


@dataclass
class Feed:
    """Prints every file that has ended since the last look."""

    engine: Engine
    console: Console
    inboxes: list[str]
    since: datetime = EVER
    printed: dict[int, datetime] = field(default_factory=dict)

    def skip_past(self) -> None:
        """Begin with what ends from now on, by the database's clock."""
        with self.engine.connect() as connection:
            self.since = connection.execute(text("SELECT clock_timestamp()")).scalar_one()

    def look(self) -> int:
        """Print what has ended; the number of lines."""
        with self.engine.connect() as connection:
            rows = connection.execute(ENDED, {"since": self.since, "printed": [*self.printed]}).all()
        for row in rows:
            self.console.print(line(row), highlight=False, soft_wrap=True)
            self.printed[row.id] = row.finished_at
        if rows:
            self.since = max(self.since, max(self.printed.values()) - LATE)
            self.printed = {one: when for one, when in self.printed.items() if when >= self.since}
        return len(rows)

    def still_open(self) -> int:
        """Files and documents that have not ended, and files that are still to be archived or deleted."""
        with self.engine.connect() as connection:
            row = connection.execute(OPEN, {"inboxes": self.inboxes}).one()
        return int(row.files + row.documents + row.leaving)

    def summary(self, limit: int = 12) -> int:
        """Print a small table of who said what, and the counts; the number of quarantined files and members."""
        with self.engine.connect() as connection:
            said = connection.execute(SAID, {"limit": limit}).all()
            counts = connection.execute(COUNTS).one()
        if said:
            widest = max(len(row.speaker) for row in said)
            table = Table(title="Who said what (latest articles)", title_justify="left", expand=True)
            table.add_column("speaker", style="bold", no_wrap=True, min_width=min(widest, 28))
            table.add_column("quotation", overflow="ellipsis", no_wrap=True, ratio=1)
            table.add_column("file", style="dim", overflow="ellipsis", no_wrap=True, max_width=16)
            for row in said:
                # As Text, since what looks like markup in an article is none.
                table.add_row(*(Text(printable(cell or "")) for cell in (row.speaker, row.quote, row.file)))
            self.console.print(table)
        self.console.print(
            f"{counted(counts.files, 'file')}: {counts.stored} stored, {counts.duplicate} duplicate,"
            f" {counts.quarantined} quarantined, {counts.ignored} ignored.",
            highlight=False,
        )
        return int(counts.quarantined + counts.members)


def line(row: Row[Any]) -> Text:
    """One file's line; as Text, since what looks like markup in a file's name is none."""
    rest = ""
    if row.state == "stored":
        many = f"{counted(row.members_stored, 'article')}, " if row.members > 1 else ""
        rest = many + counted(row.quotes, "quotation")
    elif row.state == "duplicate" and row.original:
        rest = f"of {printable(row.original)}"
    elif row.reason:
        rest = f"{row.reason}: {printable(row.message or '')}"
    return Text.assemble((row.state, COLOURS.get(row.state, "dim")), f"  {printable(row.shown)}  {rest}".rstrip())


def counted(number: int, what: str) -> str:
    """A number and its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

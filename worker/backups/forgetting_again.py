"""Forgets in a restored database what people had forgotten after its backup was made.

The marks come from the file in HOME (`marks_file`) and from the database that is being replaced.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine, text

from worker.backups import marks_file
from worker.backups.errors import BackupError
from worker.decisions import forgetting
from worker.store import marks, vacuuming
from worker.store.marks import DatedMark

REASON = "forgotten before the backup was restored"

HAS_MARKS = text("""SELECT to_regclass('public.forgotten') IS NOT NULL""")
HAS_FORGOTTEN = text("""SELECT EXISTS (SELECT FROM decisions WHERE kind = 'forget')""")
HAS_DECISIONS = text("""SELECT to_regclass('public.decisions') IS NOT NULL""")


def demand_marks(old: Engine) -> None:
    """Raise `BackupError` if the old database has decisions to forget that are not stored as marks yet."""
    with old.connect() as connection:
        if connection.execute(HAS_MARKS).scalar() or not connection.execute(HAS_DECISIONS).scalar():
            return
        if connection.execute(HAS_FORGOTTEN).scalar():
            raise BackupError(
                "Articles were forgotten in the database, and its schema is too old to say which.",
                "Run `onrecord migrate` first, so that they stay forgotten. Nothing was changed.",
            )


def forget_again(old: Engine, new: Engine, file: Path | None, who: str, tell: Callable[[str], None]) -> None:
    """Apply the marks of the old database and of `file` to the new one, and remove what has them."""
    with marks_of(old) as of_old:
        decision = forgetting.apply_marks(
            new, chain(of_old, marks_file.in_force(file) if file else ()), who=who, reason=REASON
        )
    removed = forgetting.remove(new)  # also what the backup had begun to remove
    if decision is not None or removed.articles or removed.documents:
        number = f" (decision {decision})" if decision else ""
        articles = "1 article" if len(removed.articles) == 1 else f"{len(removed.articles):,} articles"
        tell(f"Forgot again {articles} that people had forgotten after the backup was made{number}.")
        vacuuming.vacuum(new)


@contextmanager
def marks_of(engine: Engine) -> Iterator[Iterator[DatedMark]]:
    """Yield the marks of a database; none if its schema has none."""
    with engine.connect() as connection:
        has_marks = connection.execute(HAS_MARKS).scalar()
        yield marks.every(connection) if has_marks else iter(())

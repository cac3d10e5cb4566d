"""Carries out `onrecord speakers import`: reads a list of speakers, and tells what it joins, names and proposes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from worker.cli.answers import remark, write_line
from worker.cli.connection import owner_engine
from worker.cli.decide import progress
from worker.cli.errors import Complaint
from worker.cli.plural import counted
from worker.cli.progress import progress_bar
from worker.cli.signature import user_name
from worker.decisions import importing
from worker.decisions.importing import Imported, PreparedRow
from worker.decisions.list_file import ListFile, read
from worker.speakers.across import unlisting

MOST_BYTES = 64_000_000
"""At most so large a file is read."""
SHOWN = 50
"""Print at most so many lines of a kind; the others are counted."""


def carry_out(file: Path, reason: str | None, *, dry_run: bool, skip_bad: bool) -> None:
    """Import a list; with `dry_run`, only tell what the import would do. Complain if rows are bad, unless skipped."""
    listed = _read(file)
    for sentence in listed.remarks:
        remark(sentence)
    _tell_bad(listed, skip_bad=skip_bad)
    with _rows("reading the list") as show:
        prepared = importing.prepare(listed.rows, show)
    signature = {"who": user_name(), "reason": (reason or "").strip() or f"the list {file.name}"}
    with owner_engine() as engine:
        with _rows("importing") as show:
            result = importing.carry_out(
                engine, prepared, _stored_name(file), **signature, is_rehearsal=dry_run, on_progress=show
            )
        with progress() as show:
            unlisting.finish(engine, show)
    _tell(result, prepared, dry_run=dry_run)


def _read(file: Path) -> ListFile:
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}.", "Give the path of a CSV file.") from None
    if len(raw) > MOST_BYTES:
        raise Complaint(f"{file} has more than {MOST_BYTES // 1_000_000} MB.", "Cut it into several files.")
    return read(raw)


def _stored_name(file: Path) -> str:
    return file.name.encode("utf-8", "backslashreplace").decode()


def _tell_bad(listed: ListFile, *, skip_bad: bool) -> None:
    for sentence in listed.bad[:SHOWN]:
        remark(sentence)
    if len(listed.bad) > SHOWN:
        remark(f"And {len(listed.bad) - SHOWN:,} more lines.")
    if listed.bad and not skip_bad:
        raise Complaint(
            f"{counted(len(listed.bad), 'row')} of the list {'is' if len(listed.bad) == 1 else 'are'} bad,"
            " and nothing was imported.",
            "Correct them, or give --skip-bad to import the other rows.",
        )
    if not listed.rows:
        raise Complaint("The list has no rows to import.", "Put one speaker on each line below the first row.")


@contextmanager
def _rows(task_name: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how many rows are done, on a line of stderr if that is a terminal."""
    with progress_bar() as bar:
        task = bar.add_task(task_name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(result: Imported, prepared: Sequence[PreparedRow], *, dry_run: bool) -> None:
    if not result.rows:
        write_line(f"All {len(prepared):,} rows are in force already; nothing changes.")
        return
    _list("joined", result.joins)
    _list("parted", result.parts)
    _list("named", result.names)
    _list("proposed", [f"{row.name} and {row.other}: {row.evidence}." for row in result.proposals])
    _list("claimed twice", result.claimed)
    undivided = (
        f"{name} has too many quotations to divide them by their dates; they stay where they are."
        for name in result.undivided
    )
    _list("not divided", [*undivided])
    known = f" ({result.known:,} more were in force already)" if result.known else ""
    counts = f"{len(result.joins):,} joined, {len(result.names):,} named, {len(result.proposals):,} proposed"
    if dry_run:
        write_line(f"{counted(result.rows, 'row')} would be imported{known}: {counts}. Nothing is stored (--dry-run).")
    else:
        undoing = f"onrecord decisions undo {result.decision} --reason WHY"
        write_line(f"{counted(result.rows, 'row', 'are')} imported{known}: {counts}. (Take it back: {undoing})")


def _list(what: str, lines: Sequence[str]) -> None:
    for line in lines[:SHOWN]:
        write_line(f"{what}: {line}")
    if len(lines) > SHOWN:
        write_line(f"{what}: {len(lines) - SHOWN:,} more")

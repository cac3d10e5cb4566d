"""`onrecord check`: asks the tables whether everything in them is as it must be, and repairs what can be repaired."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import write_line
from worker.cli.connection import owner_engine
from worker.cli.options import KEEP
from worker.cli.progress import progress_bar

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.checks.repair import Repaired
    from worker.store.checking.question import Answer, Question

SECONDS = 600
"""Stop asking after so many seconds, unless --seconds gives another number."""

WRONG = 3
"""The exit code if rows are wrong, or if a question could not be answered."""


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Repair what can be repaired, then check again.")] = False,
    seconds: Annotated[int, typer.Option("--seconds", min=1, help="Check for at most so many seconds.")] = SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check that everything in the tables is as it must be.

    It asks each of its questions about all rows, in one snapshot, while everything else goes on. Exit code 0: nothing
    is wrong, 3: rows are wrong, or a question could not be answered in time. With --repair, numbers are counted again,
    people's decisions are applied again, and rows that belong to nothing are deleted; each repair is printed.
    """
    from worker.store.db import schema

    with owner_engine() as engine:
        schema.demand(engine)
        repairs = list(mended(engine, seconds, quiet=as_json)) if repair else []
        answers = asked(engine, seconds)
        remember(engine, answers)
    if as_json:
        write_json(answers, repairs)
    else:
        show(answers)
    if any(not answer.is_well and not answer.leftover for answer in answers):
        raise typer.Exit(WRONG)


def mended(engine: "Engine", seconds: int, *, quiet: bool) -> "Iterator[Repaired]":
    """Repair what can be repaired; print and yield each repair."""
    from worker.checks.repair import REPAIRS, repair

    with progress(len(REPAIRS)) as on_question:
        for repaired in repair(engine, seconds, on_question):
            if not quiet:
                rows = f"{repaired.count} {one_or_more(repaired.question.rows, repaired.count)}"
                write_line(f"repaired   {repaired.question.name}: {rows}. {repaired.question.meaning}")
            yield repaired


def asked(engine: "Engine", seconds: int) -> "list[Answer]":
    """Ask all questions; show on a terminal which one is being asked."""
    from worker.checks.check import QUESTIONS, ask_all

    with progress(len(QUESTIONS)) as on_question:
        return ask_all(engine, seconds, on_question)


def remember(engine: "Engine", answers: "Sequence[Answer]") -> None:
    """Store the answers for `onrecord doctor`."""
    from worker.checks.steps import merged
    from worker.store.checking import latest

    with engine.begin() as connection:
        for answer in merged(answers):
            latest.record(connection, answer)


@contextmanager
def progress(total: int) -> "Iterator[Callable[[int, Question], None]]":
    """Yield a function that shows which of `total` questions is asked; nothing is shown if stderr is no terminal."""
    from rich.progress import MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("", total=total)
        yield lambda place, question: bar.update(task, completed=place, description=question.name)


def show(answers: "Sequence[Answer]") -> None:
    """Print the answers that are not well, and a last line that sums up."""
    from worker.checks.repair import REPAIRS

    for answer in answers:
        if answer.is_well:
            continue
        if answer.count is None:
            write_line(f"unanswered {answer.name}: there was not enough time.")
            continue
        word = "leftover" if answer.leftover else "wrong"
        write_line(f"{word:<10} {answer.name}: {answer.meaning} {rows_of(answer)}")
    wrong = [answer for answer in answers if answer.count and not answer.leftover]
    unanswered = [answer for answer in answers if answer.count is None]
    result = "they found nothing wrong" if unanswered and not wrong else summary(wrong)
    write_line(f"{len(answers) - len(unanswered)} of {len(answers)} questions were answered; {result}.")
    if any(answer.name in REPAIRS for answer in answers if answer.count):
        print("Repair what can be repaired: onrecord check --repair")
    if any(answer.name not in REPAIRS for answer in wrong):
        names = ", ".join(answer.name for answer in wrong if answer.name not in REPAIRS)
        write_line(
            f"No command can repair {names}: restore a backup from before (docs/how-to.md), or report it as a defect."
        )
    if unanswered:
        write_line(f"Give it more time: onrecord check --seconds {SECONDS * 6}")


def summary(wrong: "Sequence[Answer]") -> str:
    """Return how many rows are wrong, as the end of a sentence."""
    if not wrong:
        return "nothing is wrong"
    rows = sum(answer.count or 0 for answer in wrong)
    return f"{len(wrong)} of them found {rows} rows that are wrong" if rows > 1 else "1 row is wrong"


def rows_of(answer: "Answer") -> str:
    """Return the rows of an answer: what they are, their first ids, and how many more there are."""
    ids = ", ".join(str(number) for number in answer.ids)
    count = answer.count or 0
    others = f" and {count - len(answer.ids)} more" if count > len(answer.ids) else ""
    return f"({one_or_more(answer.rows, count)} {ids}{others})"


def one_or_more(noun: str, count: int) -> str:
    """Return the noun for so many rows: `quote` for one, `quotes` for more."""
    if count != 1:
        return noun
    return {"stories": "story", "indexes": "index"}.get(noun, noun.removesuffix("s"))


def write_json(answers: "Sequence[Answer]", repairs: "Sequence[Repaired]") -> None:
    """Print one line of JSON."""
    import json

    from worker.report.printable import printable_json

    values = {
        "well": all(answer.is_well or answer.leftover for answer in answers),
        "repaired": [{"name": repaired.question.name, "count": repaired.count} for repaired in repairs],
        "questions": [answer.to_json() for answer in answers],
    }
    sys.stdout.write(printable_json(json.dumps(values, ensure_ascii=False)) + "\n")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=KEEP)(check)

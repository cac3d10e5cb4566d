"""The check of what the tables hold: what the last `onrecord check`, or the weekly check, found."""

from sqlalchemy import Connection

from worker.checks.steps import BY_NAME
from worker.cli.checks.finding import Finding, ok, problem, warning
from worker.store.checking.latest import Latest, latest

NAMED = 3
"""At most this many questions are named in one line."""


def check_tables(connection: Connection) -> Finding:
    """Return what the latest answers to the questions of `onrecord check` say."""
    answers = {answer.name: answer for answer in latest(connection) if answer.name in BY_NAME}
    wrong = [answer for answer in answers.values() if answer.number and not BY_NAME[answer.name].leftover]
    if wrong:
        return problem("tables", f"The last check found rows that are wrong: {listed(wrong)}.", "Run `onrecord check`.")
    missing = len(BY_NAME) - len(answers)
    if missing:
        message = f"{missing} of {len(BY_NAME)} questions about the tables have not been asked yet."
        return ok("tables", f"{message} Beat asks one a minute; `onrecord check` asks all of them now.")
    oldest = min(answer.started_at for answer in answers.values())
    unanswered = [answer for answer in answers.values() if answer.number is None]
    if unanswered:
        message = f"{len(unanswered)} questions about the tables took too long and were not answered."
        return warning("tables", message, "Run `onrecord check --seconds 3600`.")
    return ok("tables", f"All questions of `onrecord check` were asked since {oldest:%Y-%m-%d}; nothing is wrong.")


def listed(wrong: list[Latest]) -> str:
    """Return the questions that found wrong rows, with the number of rows and the day."""
    named = [f"{answer.number} of {answer.name} ({answer.started_at:%Y-%m-%d})" for answer in wrong[:NAMED]]
    more = [f"{len(wrong) - NAMED} more questions"] if len(wrong) > NAMED else []
    return ", ".join([*named, *more])

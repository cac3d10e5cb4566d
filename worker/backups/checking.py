"""Asks the questions of `onrecord check` of a restored database, before it takes the place of the old one."""

from collections.abc import Callable

from sqlalchemy import Engine

from worker.backups.errors import BackupError
from worker.checks.check import check
from worker.checks.repair import repair

MOST_NAMES = 5
"""At most so many questions stand in the message."""


def demand_well(engine: Engine, tell: Callable[[str], None]) -> None:
    """Repair what can be derived from other rows. Raises `BackupError` if rows are wrong after that.

    A question that could not be answered in time is said; it is no error.
    """
    answers = check(engine)
    if any(answer.count for answer in answers):
        for repaired in repair(engine):
            tell(f"Repaired {repaired.count} {repaired.question.rows}: {repaired.question.meaning}")
        answers = check(engine)
    unanswered = [answer.name for answer in answers if answer.count is None]
    if unanswered:
        names = ", ".join(unanswered)
        tell(f"There was no time to check {names}. Run `onrecord check --seconds 3600` when it is restored.")
    wrong = [answer for answer in answers if answer.count]
    if wrong:
        sentences = " ".join(f"{answer.name}: {answer.meaning}" for answer in wrong[:MOST_NAMES])
        more = f" And {len(wrong) - MOST_NAMES} more." if len(wrong) > MOST_NAMES else ""
        raise BackupError(
            f"Rows of the backup are wrong, and cannot be repaired. {sentences}{more}",
            "Restore another backup, or add --unchecked to restore this one as it is. Nothing was changed.",
        )

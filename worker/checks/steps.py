"""The check of the tables in small steps: beat rings every minute, and one question is asked, if one is due."""

import time
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Engine

from worker.checks import texts
from worker.checks.check import snapshot
from worker.store.checking import latest
from worker.store.checking.latest import Due
from worker.store.checking.question import Answer, Question, answer, ask, limit
from worker.store.checking.questions import QUESTIONS as IN_SQL

SECONDS = 20.0
"""Ask one question for at most so many seconds; a question that takes longer is not answered by the steps."""

TEXTS = Question(
    "texts",
    "The places of quotations, the hash or the sketch of an article do not agree with its text.",
    "articles and quotes",
)
"""Stands for all questions for which every article must be read; a step reads as many articles as it can."""

QUESTIONS = (*IN_SQL, TEXTS)
"""The questions of the steps, in their order."""

BY_NAME = {question.name: question for question in QUESTIONS}


def step(engine: Engine, hours: float) -> Answer | None:
    """Ask the next question that was last asked more than `hours` ago, and store the answer.

    Return the answer, or None if no question is due, or if reading the texts goes on. If two processes do this at the
    same time, they ask the same question twice, which harms nothing.
    """
    with engine.begin() as connection:
        due = latest.due(connection, list(BY_NAME), hours)
    if due is None:
        return None
    last = None
    if due.name == TEXTS.name:
        found, last = _read_on(engine, due)
    else:
        with snapshot(engine) as connection:
            found = ask(connection, BY_NAME[due.name], SECONDS)
    with engine.begin() as connection:
        latest.record(connection, found, ended=last is None, goes_on=due.goes_on, position=last or 0)
    return found if last is None else None


def merged(answers: Sequence[Answer]) -> list[Answer]:
    """Return answers to all questions as answers to the questions of the steps: one for all that read the texts."""
    others = [given for given in answers if given.name in BY_NAME]
    of_texts = [given for given in answers if given.name not in BY_NAME]
    ids = [f"{given.name} {number}" for given in of_texts for number in given.ids]
    counts = [given.count for given in of_texts if given.count is not None]
    seconds = max((given.seconds for given in of_texts), default=0.0)
    count = sum(counts) if sum(counts) or len(counts) == len(of_texts) else None
    return [*others, replace(answer(TEXTS, ids, 0, seconds), count=count)]


def _read_on(engine: Engine, due: Due) -> tuple[Answer, int | None]:
    """Read the texts of further articles; return what was found so far, and the last article (None: no more)."""
    started = time.monotonic()
    with snapshot(engine) as connection:
        limit(connection, SECONDS)
        reading = texts.read(connection, due.position, SECONDS)
    wrong = [f"{name} {number}" for name, ids in reading.wrong.items() for number in ids]
    seconds = due.seconds + time.monotonic() - started
    found = answer(TEXTS, [*due.ids, *wrong], due.number + len(wrong), seconds)
    return found, None if reading.ended else reading.last

"""Asks all questions about the tables in one snapshot, while everything else goes on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from worker.checks import texts
from worker.store.checking.question import Answer, Question, answer, ask, limit, unanswered
from worker.store.checking.questions import QUESTIONS as IN_SQL
from worker.store.db.conflicts import QUERY_CANCELED, state_of

QUESTIONS: tuple[Question, ...] = (*IN_SQL, *texts.QUESTIONS)
"""Every question, in the order in which they are asked."""

SECONDS = 600.0
"""Stop asking after so many seconds, unless the caller gives another bound."""
SHARE = 0.25
"""Give up a single question after this share of the whole time, so that the others are asked too."""

Progress = Callable[[int, Question], None]
"""Called before each question with its place (from 1) in `QUESTIONS`."""


def check(engine: Engine, seconds: float = SECONDS) -> list[Answer]:
    """Ask all questions; return the answers that are not well: rows are wrong, or there was no time to answer.

    Leftovers (rows that are only not needed any more) are not returned; `ask_all` returns them too.
    """
    return [answer for answer in ask_all(engine, seconds) if not answer.is_well and not answer.leftover]


def ask_all(
    engine: Engine, seconds: float = SECONDS, on_question: Progress = lambda _place, _question: None
) -> list[Answer]:
    """Ask all questions in one snapshot, for `seconds` at most; return all answers in the order of `QUESTIONS`.

    It takes no lock that another transaction waits for.
    """
    with snapshot(engine) as connection:
        return answers(connection, seconds, on_question)


def answers(
    connection: Connection, seconds: float = SECONDS, on_question: Progress = lambda _place, _question: None
) -> list[Answer]:
    """Ask all questions in the caller's transaction, for `seconds` at most."""
    until = time.monotonic() + seconds
    given: list[Answer] = []
    for place, question in enumerate(IN_SQL, start=1):
        on_question(place, question)
        left = min(until - time.monotonic(), seconds * SHARE)
        given.append(ask(connection, question, left) if left > 0 else unanswered(question, 0.0))
    on_question(len(IN_SQL) + 1, texts.QUESTIONS[0])
    return given + ask_texts(connection, until - time.monotonic())


def ask_texts(connection: Connection, seconds: float) -> list[Answer]:
    """Answer the questions for which every article must be read, for `seconds` at most."""
    started = time.monotonic()
    try:
        limit(connection, max(seconds, 1.0))
        reading = texts.read(connection, 0, seconds)
    except DBAPIError as error:
        if state_of(error) != QUERY_CANCELED:
            raise
        reading = texts.Reading()
    took = time.monotonic() - started
    return [
        answer(question, wrong, len(wrong), took) if reading.ended or wrong else unanswered(question, took)
        for question in texts.QUESTIONS
        for wrong in (reading.wrong[question.name],)
    ]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, and in which every query sees the tables as they are now."""
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection

"""The questions about the tables: each query runs, and a database in which everything is well gives no finding."""

from sqlalchemy import Engine

from worker.checks.check import QUESTIONS, ask_all


def test_an_empty_database_is_well(engine: Engine) -> None:
    answers = ask_all(engine)
    assert [answer.name for answer in answers] == [question.name for question in QUESTIONS]
    assert [str(answer) for answer in answers if not answer.is_well] == []

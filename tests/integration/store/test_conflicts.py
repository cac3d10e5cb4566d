"""A final transaction that fails on a conflict is run again as a whole; one with another error is not."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from worker.store.db.conflicts import TRIES, Conflict, retry_on_conflict, state_of

NOTED = "INSERT INTO outlets (name, key) VALUES ('The Bugle', 'bugle')"


class Work:
    """Writes a row, then fails once for each failure, and succeeds after the last."""

    def __init__(self, *failures: str) -> None:
        self.failures = [*failures]
        self.runs = 0

    def __call__(self, connection: Connection) -> int:
        self.runs += 1
        connection.execute(text(NOTED))
        if self.failures:
            failure = self.failures.pop(0)
            if failure == "conflict":
                raise Conflict("somebody else was faster")
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{failure}', MESSAGE = 'no'; END $$"))
        return self.runs


def rows(engine: Engine) -> int:
    """Return how many rows the work has stored."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM outlets")).scalar_one())


@pytest.mark.parametrize("failure", ["conflict", "40001", "40P01", "55P03", "23505"])
def test_a_conflict_is_run_again_and_leaves_its_work_once(engine: Engine, failure: str) -> None:
    assert retry_on_conflict(engine, Work(failure, failure)) == 3
    assert rows(engine) == 1


@pytest.mark.parametrize("failure", ["conflict", "40001"])
def test_in_the_end_it_gives_up_and_leaves_nothing(engine: Engine, failure: str) -> None:
    work = Work(*[failure] * TRIES)
    with pytest.raises(Conflict if failure == "conflict" else DBAPIError):
        retry_on_conflict(engine, work)
    assert work.runs == TRIES
    assert rows(engine) == 0


@pytest.mark.parametrize("failure", ["42P01", "57014", "53100"])
def test_an_error_or_an_outage_is_not_run_again(engine: Engine, failure: str) -> None:
    work = Work(failure)
    with pytest.raises(DBAPIError) as caught:
        retry_on_conflict(engine, work)
    assert state_of(caught.value) == failure
    assert work.runs == 1
    assert rows(engine) == 0

"""Variables of other programs, settings of a role or a database, and a pooler change nothing."""

import re
from collections.abc import Iterator, Mapping

import pytest
from psycopg import sql

from tests.faults.ground import Ground
from tests.faults.newsroom import Newsroom
from tests.outside import client_of
from tests.pooler import Pooler
from tests.surroundings import HOSTILE
from worker.embedded.postgres import DATABASE, OWNER
from worker.store.queues import QUEUES

STRANGERS = 5
ROLE_SETTINGS = {
    "DateStyle": "German",
    "IntervalStyle": "sql_standard",
    "TimeZone": "Pacific/Kiritimati",
    "search_path": "report",
    "client_encoding": "LATIN1",
    "bytea_output": "escape",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "off",
    "transform_null_equals": "on",
    "quote_all_identifiers": "on",
    "gin_fuzzy_search_limit": "1",
    "statement_timeout": "200ms",
    "transaction_timeout": "400ms",
    "lock_timeout": "1ms",
    "idle_session_timeout": "500ms",
    "idle_in_transaction_session_timeout": "10ms",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
    "synchronous_commit": "off",
}


@pytest.mark.scenario(45, "variables of libpq and Celery, each with a hostile value")
def test_variables_of_other_programs_change_nothing(newsroom: Newsroom) -> None:
    other_broker = re.sub(r"virtual_host=0|/0$", lambda found: found[0].replace("0", "7"), newsroom.broker_url)
    assert other_broker != newsroom.broker_url
    urls = dict.fromkeys(("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"), other_broker)
    with client_of(newsroom.broker_url) as client:
        client.select(7)
        for queue in QUEUES:
            client.lpush(queue, *["a message of another program"] * STRANGERS)
        newsroom.settings |= HOSTILE | urls
        newsroom.open("watch", "worker", "beat")
        newsroom.fault("hostile variable", len(HOSTILE))
        newsroom.drop_all(range(5))
        newsroom.healed()
        newsroom.check()
        assert [client.llen(queue) for queue in QUEUES] == [STRANGERS] * len(QUEUES)


def spoil(ground: Ground, settings: Mapping[str, str]) -> None:
    """Give the role and the database settings of which each would break something."""
    with ground.postgres.connect() as connection:
        for of, name in (("ROLE", OWNER), ("DATABASE", DATABASE)):
            for setting, value in settings.items():
                statement = sql.SQL("ALTER {} {} SET {} = {}").format(
                    sql.SQL(of), sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
                )
                connection.execute(statement)


@pytest.mark.scenario(46, "every setting of the role and of the database, each with a hostile value")
def test_settings_of_the_role_change_nothing(grounded: Newsroom, ground: Ground) -> None:
    spoil(ground, ROLE_SETTINGS)
    grounded.fault("hostile setting", len(ROLE_SETTINGS))
    grounded.open("watch", "worker", "beat")
    grounded.drop_all(range(5))
    grounded.healed()
    grounded.check()
    for name in grounded.processes:
        assert "does not answer" not in grounded.processes[name].said()


@pytest.fixture
def pooler(ground: Ground, request: pytest.FixtureRequest) -> Iterator[Pooler]:
    """A pooler that lends whole sessions, or one for each transaction."""
    lending = Pooler(ground.postgres.socket, OWNER, DATABASE, request.param)
    yield lending
    lending.close()


@pytest.mark.parametrize("pooler", ["session"], indirect=True)
@pytest.mark.long
@pytest.mark.scenario(47, "a pooler that lends whole sessions, and refuses libpq's options")
def test_a_pooler_of_sessions_changes_nothing(grounded: Newsroom, pooler: Pooler) -> None:
    grounded.settings |= dict.fromkeys(("ONRECORD_DATABASE_URL", "ONRECORD_REPORT_URL"), pooler.url)
    grounded.open("watch", "worker", "beat")
    grounded.fault("a pooler instead of the server")
    grounded.drop_all(range(5))
    grounded.healed()
    grounded.check()


@pytest.mark.parametrize("pooler", ["transaction"], indirect=True)
@pytest.mark.long
@pytest.mark.scenario(60, "workers behind a pooler that lends sessions for one transaction, with settings of others")
def test_workers_can_do_with_a_pooler_of_transactions(grounded: Newsroom, pooler: Pooler, ground: Ground) -> None:
    # Time limits are left out: the pooler's own sessions would end by them.
    spoil(ground, {name: value for name, value in ROLE_SETTINGS.items() if not name.endswith("_timeout")})
    grounded.open("watch", "beat")
    grounded.open("worker", ONRECORD_DATABASE_URL=pooler.url, ONRECORD_PREPARE="0")
    grounded.fault("a pooler of transactions instead of the server")
    grounded.drop_all(range(5))
    grounded.healed()
    grounded.check()

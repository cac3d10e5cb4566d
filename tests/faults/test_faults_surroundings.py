"""Variables of other programs, settings of a role or a database, and a pooler change nothing."""

import re
from collections.abc import Iterator

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


@pytest.mark.scenario(46, "every setting of the role and of the database, each with a hostile value")
def test_settings_of_the_role_change_nothing(grounded: Newsroom, ground: Ground) -> None:
    with ground.postgres.connect() as connection:
        for of, name in (("ROLE", OWNER), ("DATABASE", DATABASE)):
            for setting, value in ROLE_SETTINGS.items():
                statement = sql.SQL("ALTER {} {} SET {} = {}").format(
                    sql.SQL(of), sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
                )
                connection.execute(statement)
    grounded.fault("hostile setting", len(ROLE_SETTINGS))
    grounded.open("watch", "worker", "beat")
    grounded.drop_all(range(5))
    grounded.healed()
    grounded.check()
    for name in grounded.processes:
        assert "does not answer" not in grounded.processes[name].said()


@pytest.fixture
def pooler(ground: Ground) -> Iterator[Pooler]:
    """A pooler that lends whole sessions."""
    lending = Pooler(ground.postgres.socket, OWNER, DATABASE, "session")
    yield lending
    lending.close()


@pytest.mark.long
@pytest.mark.scenario(47, "a pooler that lends whole sessions, and refuses libpq's options")
def test_a_pooler_of_sessions_changes_nothing(grounded: Newsroom, pooler: Pooler) -> None:
    grounded.settings |= dict.fromkeys(("ONRECORD_DATABASE_URL", "ONRECORD_REPORT_URL"), pooler.url)
    grounded.open("watch", "worker", "beat")
    grounded.fault("a pooler instead of the server")
    grounded.drop_all(range(5))
    grounded.healed()
    grounded.check()

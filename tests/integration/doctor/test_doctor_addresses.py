"""Wrong URLs: each piece of a URL is wrong once, with real servers and with no server at the address."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.faults.ground import free_port
from tests.integration.doctor.conftest import MakeSettings, Scratch, lines_of
from worker.cli.checks.broker import check_broker
from worker.cli.checks.database import check_database, check_reader
from worker.store.db.engine import make_engine

BOUND = 30.0
NOWHERE = "no-such-host.invalid"

Place = Callable[[Scratch, int], str]


def socket_url(scratch: Scratch, user: str, database: str) -> str:
    """Return the URL of the server's socket; there the server asks no user for a password."""
    return f"postgresql://{user}@/{database}?host={scratch.postgres.layout.sockets}&port={scratch.postgres.port}"


POSTGRES: dict[str, tuple[Place, str]] = {
    "no address": (lambda _s, _p: "nonsense", "is not an address of PostgreSQL. It looks like postgresql://"),
    "scheme": (lambda _s, _p: "mysql://u:hidden@h/d", "begins with mysql://, which is not PostgreSQL."),
    "port no number": (lambda _s, _p: "postgresql://u:hid/den@h:x/d", "is not an address of PostgreSQL."),
    "host": (
        lambda _s, _p: f"postgresql://u:hidden@{NOWHERE}/d",
        "cannot be resolved: correct the name, or repair DNS.",
    ),
    "port": (lambda _s, _p: f"postgresql://u:hidden@127.0.0.1:{free_port()}/d", "Nothing listens there"),
    "socket": (lambda _s, _p: "postgresql://u@/d?host=/no/such/folder", "There is no such socket"),
    "password": (
        lambda s, _p: f"postgresql://onrecord_reader:hidden@127.0.0.1:{s.postgres.port}/onrecord",
        "The user or the password in {url} is wrong",
    ),
    "not let in": (
        lambda s, _p: f"postgresql://onrecord:hidden@127.0.0.1:{s.postgres.port}/onrecord",
        "The server refuses this way of logging in: see its pg_hba.conf",
    ),
    "user": (lambda s, _p: socket_url(s, "nobody", "onrecord"), "There is no such user"),
    "database": (lambda s, _p: socket_url(s, "onrecord", "nothing"), "There is no such database"),
    "not PostgreSQL": (
        lambda s, _p: f"postgresql://u:hidden@127.0.0.1:{s.stranger}/d",
        "The server there is not PostgreSQL",
    ),
    "silent": (lambda _s, port: f"postgresql://u:hidden@127.0.0.1:{port}/d", "No answer came"),
}


@pytest.mark.parametrize("fault", POSTGRES)
def test_a_wrong_database_url_is_explained(
    fault: str, scratch: Scratch, silent: int, make_settings: MakeSettings
) -> None:
    place, expected = POSTGRES[fault]
    start = time.monotonic()
    (line,) = lines_of(check_database(make_settings(database_url=place(scratch, silent))))
    assert time.monotonic() - start < BOUND
    assert line.startswith("problem database: ONRECORD_DATABASE_URL")
    assert expected.format(url="ONRECORD_DATABASE_URL") in line
    assert "hidden" not in line


@pytest.mark.parametrize("fault", ["scheme", "host", "port", "password", "database", "silent"])
def test_a_wrong_report_url_is_explained(
    fault: str, scratch: Scratch, silent: int, make_settings: MakeSettings
) -> None:
    place, expected = POSTGRES[fault]
    (line,) = lines_of(check_reader(make_settings(report_url=place(scratch, silent))))
    assert line.startswith("problem reader: ONRECORD_REPORT_URL")
    assert expected.format(url="ONRECORD_REPORT_URL") in line
    assert "hidden" not in line


def test_a_report_url_of_another_database_is_found(scratch: Scratch, make_settings: MakeSettings) -> None:
    (line,) = lines_of(check_reader(make_settings(report_url=socket_url(scratch, "onrecord_report", "onrecord"))))
    assert line.startswith("problem reader: Questions are asked of the database onrecord of another server")


def test_a_report_url_of_somebody_who_may_write_is_told(make_settings: MakeSettings) -> None:
    (line,) = lines_of(check_reader(make_settings(report_url=make_settings().database_url)))
    assert line == (
        "warning reader: Questions are asked as onrecord. Let ONRECORD_REPORT_URL log in as onrecord_report."
    )


def test_a_database_that_takes_no_writes_is_told(make_settings: MakeSettings) -> None:
    url = make_settings().database_url
    engine = make_engine(url)
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    engine.dispose()
    lines = lines_of(check_database(make_settings()))
    assert any(line.startswith("problem database: PostgreSQL") and "takes no writes" in line for line in lines), lines


BROKER: dict[str, tuple[Place, str]] = {
    "no address": (lambda _s, _p: "localhost", "is not an address of a broker. It looks like redis://"),
    "scheme": (lambda _s, _p: "http://u:hidden@h/0", "begins with http://, which is no broker that is known."),
    "valkey": (lambda _s, _p: "valkey://h/0", "Valkey is reached by redis://."),
    "driver": (lambda _s, _p: "sqs://u:hidden@h/0", "begins with sqs://, whose driver does not come with Onrecord."),
    "port no number": (lambda _s, _p: "redis://:hid:den@h:x/0", "The port in ONRECORD_BROKER_URL is not a number."),
    "host": (lambda _s, _p: f"redis://:hidden@{NOWHERE}/0", "The host name in ONRECORD_BROKER_URL cannot be resolved"),
    "port": (lambda _s, _p: f"redis://:hidden@127.0.0.1:{free_port()}/0", "Nothing listens there: start the broker"),
    "rabbit's port": (lambda _s, _p: f"amqp://u:hidden@127.0.0.1:{free_port()}//", "Nothing listens there"),
    "socket": (lambda _s, _p: "redis+socket:///no/such/socket", "There is no such socket"),
    "database": (lambda s, _p: f"redis://127.0.0.1:{s.valkey.port}/99", "There is no such database"),
    "database's name": (lambda s, _p: f"redis://127.0.0.1:{s.valkey.port}/news", "There is no such database"),
    "not Redis": (
        lambda s, _p: f"redis://:hidden@127.0.0.1:{s.postgres.port}/0",
        "The server there is not the kind of broker that ONRECORD_BROKER_URL names",
    ),
    "not RabbitMQ": (
        lambda s, _p: f"amqp://u:hidden@127.0.0.1:{s.stranger}//",
        "The server there is not the kind of broker that ONRECORD_BROKER_URL names",
    ),
    "silent": (lambda _s, port: f"redis://:hidden@127.0.0.1:{port}/0", "No answer came"),
    "another stranger": (lambda s, _p: f"redis://:hidden@127.0.0.1:{s.stranger}/0", "is not the kind of broker that"),
    "silent rabbit": (lambda _s, port: f"amqp://u:hidden@127.0.0.1:{port}//", "No answer came"),
}


@pytest.mark.parametrize("fault", BROKER)
def test_a_wrong_broker_url_is_explained(
    fault: str, scratch: Scratch, silent: int, make_settings: MakeSettings
) -> None:
    place, expected = BROKER[fault]
    start = time.monotonic()
    (line,) = lines_of(check_broker(make_settings(broker_url=place(scratch, silent))))
    assert time.monotonic() - start < BOUND
    assert line.startswith("problem broker: ")
    assert expected in line
    assert "hidden" not in line

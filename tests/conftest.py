"""A real PostgreSQL and a real Valkey for every test that asks for them.

`ONRECORD_TEST_DATABASE_URL` and `ONRECORD_TEST_BROKER_URL` name servers to use instead of the embedded servers. The
user of the database URL must have the right to create databases and roles. The tests empty the broker.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, make_url, text

from tests.outside import client_of
from worker.embedded import process
from worker.embedded.home import find_home
from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers
from worker.settings import settings
from worker.store.db import schema
from worker.store.db.engine import make_engine

TEMPLATE = "onrecord_template"

hypothesis.settings.register_profile(
    "onrecord", deadline=None
)  # a slow example on a busy machine is no error of the code
hypothesis.settings.load_profile("onrecord")


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Remove the developer's own settings, so that they have no effect on the tests; let Ctrl-C have its effect."""
    for name in [name for name in os.environ if name.startswith("ONRECORD_") and "_TEST_" not in name]:
        del os.environ[name]
    settings.cache_clear()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; our processes inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[str, str]]:
    """The URLs of a PostgreSQL and of a broker, for the whole session."""
    database_url, broker_url = (os.environ.get(f"ONRECORD_TEST_{name}_URL") for name in ("DATABASE", "BROKER"))
    if database_url and broker_url:
        yield database_url, broker_url
        return
    folder = Path(tempfile.mkdtemp(prefix="onrecord-tests-"))
    folder.chmod(0o711)
    home = find_home(folder / ".onrecord", create=True)
    try:
        with embedded_servers(home, durable=False) as running:
            yield database_url or running.database_url, broker_url or running.broker_url
        for left in process._left_running:  # or Python warns of processes that have not quite ended yet
            with contextlib.suppress(subprocess.TimeoutExpired):
                left.wait(30)
    finally:
        erase(home)
        shutil.rmtree(folder, ignore_errors=True)


def with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template(servers: tuple[str, str]) -> str:
    """The name of a migrated database; each test gets a copy of it."""
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    name = f"{TEMPLATE}_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    migrating = make_engine(with_database(servers[0], name))
    schema.upgrade(migrating)
    migrating.dispose()
    return name


@pytest.fixture
def database_url(servers: tuple[str, str], template: str) -> Iterator[str]:
    """The URL of a fresh, migrated database that only this test uses."""
    name = f"onrecord_test_{os.getpid()}"
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield with_database(servers[0], name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the database of this test."""
    test_engine = make_engine(database_url, pool_size=5)
    yield test_engine
    test_engine.dispose()


@pytest.fixture
def broker_url(servers: tuple[str, str]) -> str:
    """The URL of an empty broker."""
    url = servers[1]
    if url.startswith(("redis", "valkey")):
        with client_of(url) as client:
            client.flushall()
    return url

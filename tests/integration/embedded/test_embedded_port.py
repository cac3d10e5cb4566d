"""The TCP port: only the reader may log in, with its password."""

import os
import signal
import socket
import stat
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import psutil
import psycopg
import pytest

from worker.embedded.errors import ServerFailed
from worker.embedded.reader import reader_password
from worker.embedded.servers import embedded_servers


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_only_the_reader_comes_in_and_only_with_its_password(used_home: Path, free_port: int) -> None:
    with embedded_servers(used_home, valkey=False, port=free_port, durable=False) as servers:
        assert servers.grant_reader_login() is False  # the migrations make the role
        with servers.postgres.connect() as connection:
            connection.execute("create role onrecord_reader")
            connection.execute("alter role onrecord password 'owner'")
        assert servers.grant_reader_login() is True

        assert servers.reader_url is not None
        with psycopg.connect(servers.reader_url) as connection:
            assert connection.execute("select current_user").fetchone() == ("onrecord_reader",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host="127.0.0.1", port=free_port, dbname="onrecord", user="onrecord_reader", password="x")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(host="127.0.0.1", port=free_port, dbname="onrecord", user="onrecord_reader")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(host="127.0.0.1", port=free_port, dbname="onrecord", user="onrecord", password="owner")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(host="127.0.0.1", port=free_port, dbname="postgres", user="onrecord_reader", password="x")


def test_analysts_who_change_the_role_all_the_time(used_home: Path, free_port: int) -> None:
    with embedded_servers(used_home, valkey=False, port=free_port, durable=False) as servers:
        with servers.postgres.connect() as connection, suppress(psycopg.errors.DuplicateObject):
            connection.execute("create role onrecord_reader")
        servers.grant_reader_login()
        ending, url = Event(), str(servers.reader_url)

        def change_the_role() -> None:
            while not ending.is_set():
                with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as analyst:
                    while not ending.is_set():
                        analyst.execute("alter role onrecord_reader set work_mem = '1MB'")

        analysts = [Thread(target=change_the_role) for _ in range(6)]
        for analyst in analysts:
            analyst.start()
        try:
            assert [servers.grant_reader_login() for _ in range(20)] == [True] * 20
        finally:
            ending.set()
            for analyst in analysts:
                analyst.join()


def test_a_companion_that_has_died_is_started_again(used_home: Path, free_port: int) -> None:
    with embedded_servers(used_home, valkey=False, port=free_port, durable=False, supervise=True) as servers:
        with servers.postgres.connect() as connection, suppress(psycopg.errors.DuplicateObject):
            connection.execute("create role onrecord_reader")
        servers.grant_reader_login()
        living = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
        companions = [child for child in living if "companion.py" in str(child.cmdline())]
        companion = max(companions, key=psutil.Process.create_time)  # those of other tests are about to end
        companion.kill()
        companion.wait(10)
        servers.ensure()
        with psycopg.connect(str(servers.reader_url), connect_timeout=10) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_the_password_is_private_and_stays(used_home: Path) -> None:
    password = reader_password(used_home)
    assert len(password) >= 32
    assert reader_password(used_home) == password
    assert stat.S_IMODE((used_home / "secrets").stat().st_mode) == 0o600


def test_a_command_that_joins_learns_the_port(used_home: Path, free_port: int) -> None:
    with embedded_servers(used_home, valkey=False, port=free_port, durable=False) as first:
        second = embedded_servers(used_home, valkey=False, durable=False)
        with second, second.postgres.connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
            assert second.database_url == first.database_url
            assert second.reader_url == first.reader_url
    with embedded_servers(used_home, valkey=False, durable=False) as alone:
        assert alone.reader_url is None


def test_a_taken_port_is_named(used_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerFailed, match=f"Port {port}.*ONRECORD_EMBEDDED_PORT"):
            embedded_servers(used_home, valkey=False, port=port, durable=False).__enter__()


def test_the_port_is_open_again_after_a_crash_of_the_server(used_home: Path, free_port: int) -> None:
    with embedded_servers(used_home, valkey=False, port=free_port, durable=False, supervise=True) as servers:
        pid = servers.postgres.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        servers.ensure()
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(host="127.0.0.1", port=free_port, dbname="onrecord", user="onrecord_reader", password="x")

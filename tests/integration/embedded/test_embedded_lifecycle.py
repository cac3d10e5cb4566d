"""The servers start and stop, and start again however they ended."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
import redis
from kombu import Connection
from sqlalchemy import create_engine, text

from worker.embedded.errors import HomeUnusable, ServerFailed
from worker.embedded.layout import lay_out
from worker.embedded.servers import Servers, embedded_servers


def query(servers: Servers, statement: str) -> object:
    with servers.postgres.connect() as connection:
        answer = connection.execute(statement)
        return answer.fetchone()[0] if answer.description else None  # type: ignore[index]


def test_servers_run_inside_the_with_and_not_after(used_home: Path) -> None:
    with embedded_servers(used_home, durable=False) as servers:
        engine = create_engine(servers.database_url)
        with engine.connect() as connection:
            assert connection.execute(text("select current_user, current_database()")).one() == ("onrecord", "onrecord")
        engine.dispose()
        with Connection(servers.broker_url) as broker:
            queue = broker.SimpleQueue("bell")
            queue.put({"id": 1})
            message = queue.get(timeout=5)
            assert message.payload == {"id": 1}
            message.ack()
            queue.close()
        # The servers have their own sessions, so Ctrl-C at our terminal does not reach them.
        assert os.getsid(servers.postgres.pid()) != os.getsid(0)  # type: ignore[arg-type]
        assert os.getsid(servers.valkey.pid()) != os.getsid(0)  # type: ignore[arg-type]
    assert not servers.postgres.running()
    assert not servers.valkey.running()
    assert not servers.postgres.socket.exists()
    assert not servers.valkey.socket.exists()


def test_the_database_sorts_accents_and_keeps_data(used_home: Path) -> None:
    with embedded_servers(used_home, valkey=False, durable=False) as servers:
        query(servers, "create extension pg_trgm")
        assert query(servers, "select similarity('Évian', 'évian')") == 1.0
        query(servers, "create table found as select 7 as number")
        assert not servers.valkey.running()
    begun = time.monotonic()
    with embedded_servers(used_home, valkey=False, durable=False) as servers:
        assert query(servers, "select number from found") == 7
    assert time.monotonic() - begun < 10.0


def test_settings_are_safe_ones(used_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")  # the caller's environment does not reach the server
    monkeypatch.setenv("PGDATA", "/nowhere")
    with embedded_servers(used_home) as servers:
        assert query(servers, "show fsync") == "on"
        assert query(servers, "show jit") == "off"
        assert query(servers, "show listen_addresses") == ""
        assert query(servers, "show timezone") == "UTC"
        client = redis.Redis(unix_socket_path=str(servers.valkey.socket), decode_responses=True)
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}
        client.close()


def test_killed_servers_are_started_again_with_all_that_was_committed(used_home: Path) -> None:
    with embedded_servers(used_home) as servers:
        query(servers, "create table kept as select 7 as number")
        killed = servers.postgres.pid(), servers.valkey.pid()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)  # type: ignore[arg-type]
        deadline = time.monotonic() + 10
        while (servers.postgres.running() or servers.valkey.running()) and time.monotonic() < deadline:
            time.sleep(0.01)
        servers.ensure()
        assert query(servers, "select number from kept") == 7
        assert servers.valkey.answers()
        assert servers.postgres.pid() != killed[0]
        assert servers.valkey.pid() != killed[1]


def test_a_stale_pid_of_a_living_process_is_no_obstacle(used_home: Path) -> None:
    with embedded_servers(used_home, durable=False) as servers:
        pass
    account = servers.layout.account
    stranger = subprocess.Popen(
        ["sleep", "60"], user=account.uid if account else None, extra_groups=[] if account else None, cwd="/"
    )
    try:
        for server in (servers.postgres, servers.valkey):
            name = "postmaster.pid" if server is servers.postgres else "valkey.pid"
            (server.folder / name).write_text(f"{stranger.pid}\n{server.folder}\n1\n5432\n/nowhere\n\n1 1\nready\n")
        with embedded_servers(used_home, durable=False) as again:
            assert again.postgres.pid() != stranger.pid
            assert query(again, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_deleted_socket_is_noticed(used_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.embedded.server.SOCKET_SECONDS", 0.2)
    with embedded_servers(used_home, postgres=False, durable=False) as servers:
        servers.valkey.socket.unlink()
        servers.ensure()
        assert servers.valkey.answers()


def test_a_damaged_append_only_file_is_put_aside(used_home: Path) -> None:
    with embedded_servers(used_home, postgres=False, durable=False) as servers:
        pass
    for file in (servers.valkey.folder / "appendonlydir").iterdir():
        file.write_bytes(b"nonsense")
    with embedded_servers(used_home, postgres=False, durable=False) as servers:
        assert servers.valkey.answers()
    assert (servers.valkey.folder / "damaged").is_dir()


def test_another_major_version_is_refused_with_the_way_to_move(used_home: Path) -> None:
    with embedded_servers(used_home, valkey=False, durable=False) as servers:
        pass
    version = servers.postgres.folder / "PG_VERSION"
    major = version.read_text()
    version.write_text("17\n")
    with pytest.raises(HomeUnusable, match=r"PostgreSQL 17.*onrecord backup.*onrecord restore"):
        servers.ensure()
    version.write_text(major)
    assert not servers.postgres.running()


def test_an_interrupted_initdb_leaves_nothing_that_looks_whole(home: Path) -> None:
    partial = home / "postgres.partial"
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18\n")
    with embedded_servers(home, valkey=False, durable=False) as servers:
        assert query(servers, "select 1") == 1
    assert not partial.exists()


def test_a_large_log_is_put_aside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.embedded.process.MAX_LOG_BYTES", 10)
    log = lay_out(home).logs / "valkey.log"
    log.write_text("a line of a former run\n")
    with embedded_servers(home, postgres=False, durable=False):
        assert log.with_suffix(".log.1").read_text() == "a line of a former run\n"
        assert "former run" not in log.read_text()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(home: Path) -> None:
    with embedded_servers(home, valkey=False, durable=False) as servers:
        pass
    (servers.postgres.folder / "global" / "pg_control").unlink()
    with pytest.raises(ServerFailed, match="pg_control"):
        servers.ensure()


def test_a_refusal_is_told_at_once(home: Path) -> None:
    """It is no sign that the server is still starting, so nobody waits for it."""
    with embedded_servers(home, durable=False, valkey=False) as servers:
        query(servers, "alter role onrecord nologin")
        with pytest.raises(ServerFailed, match=r"does not let us in: .*not permitted to log in"):
            servers.postgres.ensure()


def test_valkey_that_takes_no_writes_counts_as_running(home: Path) -> None:
    with (
        embedded_servers(home, postgres=False) as servers,
        redis.Redis(unix_socket_path=str(servers.valkey.socket)) as client,
    ):
        client.config_set("maxclients", 100)
        client.config_set("min-replicas-to-write", 1)
        assert servers.valkey.answers()
        client.acl_setuser("default", enabled=True, passwords=["+secret"], reset_passwords=True)
        with pytest.raises(ServerFailed, match="does not let us in"):
            servers.valkey.answers()

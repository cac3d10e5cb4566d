"""How many pool processes pay: cores, control groups, memory, open files. A large machine is simulated."""

import resource
from pathlib import Path

import pytest

from worker import machine
from worker.embedded import connections
from worker.settings import Settings

GIGABYTE = 1_000_000_000


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with 64 cores, 256 GB and a hard limit of a million open files; its control groups limit nothing."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)), raising=False)
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 256 * GIGABYTE // 4096}.__getitem__)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1_000_000))
    monkeypatch.setattr(machine, "limits", lambda *_: iter(()))
    return monkeypatch


def test_a_large_machine_starts_no_more_than_pays(large: pytest.MonkeyPatch) -> None:
    assert machine.cores() == 64
    assert machine.pool_processes() == machine.MOST_PROCESSES == 32
    assert Settings(_env_file=None).concurrency == 32
    assert Settings(_env_file=None, concurrency=64).concurrency == 64, "whoever wants more may have more"


def test_cores_memory_and_open_files_are_limits(large: pytest.MonkeyPatch) -> None:
    large.setattr(resource, "getrlimit", lambda _: (256, 256))
    assert machine.pool_processes() == 32
    large.setattr(resource, "getrlimit", lambda _: (64, 128))
    assert machine.pool_processes() == 10
    large.setattr("os.sched_getaffinity", lambda _: {5, 9}, raising=False)
    assert machine.pool_processes() == 2
    large.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": GIGABYTE // 2 // 4096}.__getitem__)
    assert machine.pool_processes() == 1
    large.setattr(resource, "getrlimit", lambda _: (16, 16))
    assert machine.pool_processes() == 1, "one process always"


def test_a_container_gets_its_share(large: pytest.MonkeyPatch) -> None:
    allowed = {"cpu.max": ["350000 100000", "max 100000"], "memory.max": ["max", str(6 * GIGABYTE)], "pids.max": []}
    large.setattr(machine, "limits", lambda name, _: iter(allowed[name]))
    assert (machine.cores(), machine.memory(), machine.pool_processes()) == (4, 6 * GIGABYTE, 4)
    allowed["pids.max"] = ["max", "20"]
    assert machine.pool_processes() == 3


def test_the_worker_of_compose_fits_into_its_container(large: pytest.MonkeyPatch) -> None:
    allowed = {"cpu.max": [], "memory.max": [str(4 << 30)], "pids.max": ["100"]}  # as docker-compose.yml says
    large.setattr(machine, "limits", lambda name, _: iter(allowed[name]))
    processes = machine.pool_processes()
    assert processes == 10
    assert connections.ours(processes) < 100, "PostgreSQL's default of max_connections"


def test_limits_of_control_groups_are_read_from_the_inner_to_the_outer(tmp_path: Path) -> None:
    own = tmp_path / "cgroup"
    own.write_text("4:memory:/old\n0::/system.slice/onrecord.service\n")
    inner = tmp_path / "system.slice" / "onrecord.service"
    inner.mkdir(parents=True)
    (inner / "cpu.max").write_text("max 100000\n")
    (inner.parent / "cpu.max").write_text("200000 100000\n")
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    found = list(machine.limits("cpu.max", "cpu/cpu.cfs_quota_us", tmp_path, own))
    assert found == ["max 100000", "200000 100000", "-1"]
    assert list(machine.limits("cpu.max", "older", tmp_path, tmp_path / "none")) == []


def test_connections_follow_the_processes() -> None:
    assert connections.allowed(2) == 99
    # Every pool process, and the one that reads again, may hold three at once; without readers there is room for all.
    assert connections.ours(64) == 3 * 65 + 50
    assert connections.allowed(64) - connections.ours(64) == connections.READERS

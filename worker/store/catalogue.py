"""Rows that many articles share and that are looked up by name: outlets and extractor versions.

They are made in short transactions of their own, before an article's final one, so that two final transactions never
wait for each other here.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert

from worker.store.db.engine import light_transaction
from worker.store.tables.models import ExtractorVersion, Outlet


def outlet_key(name: str) -> str:
    """An outlet's name folded for look-up: case and white space do not matter, nor a leading `www.`."""
    return " ".join(name.casefold().split()).removeprefix("www.")


_found: WeakKeyDictionary[Engine, dict[tuple[object, ...], int]] = WeakKeyDictionary()
"""What was looked up before, for each engine: these rows never go, and a process meets few of them."""
MOST = 10_000


def _remembered(engine: Engine) -> dict[tuple[object, ...], int]:
    found = _found.setdefault(engine, {})
    if len(found) >= MOST:
        found.clear()
    return found


def outlet_id(engine: Engine, name: str | None) -> int | None:
    """The outlet of that name, made if need be; None for no name."""
    if not name or not outlet_key(name):
        return None
    key = outlet_key(name)
    remembered = _remembered(engine)
    if (key,) not in remembered:
        remembered[(key,)] = _outlet(engine, name, key)
    return remembered[(key,)]


def _outlet(engine: Engine, name: str, key: str) -> int:
    with light_transaction(engine) as connection:
        found = connection.execute(select(Outlet.id).where(Outlet.key == key)).scalar()
        if found is None:
            connection.execute(insert(Outlet).values(name=name.strip(), key=key).on_conflict_do_nothing())
            found = connection.execute(select(Outlet.id).where(Outlet.key == key)).scalar_one()
        return int(found)


def version_id(engine: Engine, name: str, mode: str, model_hash: str | None, generation: int) -> int:
    """The row of one extractor version, made if need be."""
    remembered = _remembered(engine)
    key = (mode, model_hash, generation)
    if key not in remembered:
        remembered[key] = _version(engine, name, mode, model_hash, generation)
    return remembered[key]


def _version(engine: Engine, name: str, mode: str, model_hash: str | None, generation: int) -> int:
    wanted = (
        ExtractorVersion.mode == mode,
        func.coalesce(ExtractorVersion.model_hash, "") == (model_hash or ""),
        ExtractorVersion.generation == generation,
    )
    with engine.begin() as connection:
        found = connection.execute(select(ExtractorVersion.id).where(*wanted)).scalar()
        if found is None:
            values = {"name": name, "mode": mode, "model_hash": model_hash, "generation": generation}
            connection.execute(insert(ExtractorVersion).values(values).on_conflict_do_nothing())
            found = connection.execute(select(ExtractorVersion.id).where(*wanted)).scalar_one()
        return int(found)

"""Rows that many articles share and that are looked up by name: outlets and extractor versions.

These rows are added in short, separate transactions before an article's final transaction, so that two final
transactions never wait for each other because of such rows.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text

from worker.store.db.engine import light_transaction

OUTLET = text("""SELECT id FROM outlets WHERE key = :key""")
ADD_OUTLET = text("""INSERT INTO outlets (name, key) VALUES (:name, :key) ON CONFLICT DO NOTHING""")

VERSION = text(
    """
    SELECT id FROM extractor_versions
    WHERE mode = :mode AND coalesce(model_hash, '') = coalesce(CAST(:model_hash AS text), '')
      AND generation = :generation
    """
)
ADD_VERSION = text(
    """
    INSERT INTO extractor_versions (name, mode, model_hash, generation)
    VALUES (:name, :mode, :model_hash, :generation) ON CONFLICT DO NOTHING
    """
)

MOST_REMEMBERED = 10_000
"""Keep at most this many ids in memory for one engine; then forget them, and look them up again."""

_ids: WeakKeyDictionary[Engine, dict[tuple[object, ...], int]] = WeakKeyDictionary()
"""The ids looked up before, for each engine; there are few outlets and versions.

Versions are never deleted. An outlet is deleted if a person has everything of it forgotten; the foreign keys then
refuse its id, and the caller must call `look_up_again`.
"""


def _remembered(engine: Engine) -> dict[tuple[object, ...], int]:
    ids = _ids.setdefault(engine, {})
    if len(ids) >= MOST_REMEMBERED:
        ids.clear()
    return ids


def look_up_again(engine: Engine) -> None:
    """Forget the ids that were looked up before."""
    _ids.pop(engine, None)


def outlet_key(name: str) -> str:
    """Return an outlet's name folded for look-up: differences in case, white space and a leading `www.` vanish."""
    return " ".join(name.casefold().split()).removeprefix("www.")


def outlet_id(engine: Engine, name: str | None) -> int | None:
    """Return the id of the outlet with that name, and add the outlet if it is new; None if there is no name."""
    key = outlet_key(name or "")
    if not name or not key:
        return None
    ids = _remembered(engine)
    if (key,) not in ids:
        ids[(key,)] = _outlet(engine, name, key)
    return ids[(key,)]


def _outlet(engine: Engine, name: str, key: str) -> int:
    with light_transaction(engine) as connection:
        outlet = connection.execute(OUTLET, {"key": key}).scalar()
        if outlet is None:
            connection.execute(ADD_OUTLET, {"name": name.strip(), "key": key})
            outlet = connection.execute(OUTLET, {"key": key}).scalar_one()
        return int(outlet)


def version_id(engine: Engine, name: str, mode: str, model_hash: str | None, generation: int) -> int:
    """Return the id of an extractor version, and add the version if it is new."""
    ids = _remembered(engine)
    key = (mode, model_hash, generation)
    if key not in ids:
        ids[key] = _version(engine, name, mode, model_hash, generation)
    return ids[key]


def _version(engine: Engine, name: str, mode: str, model_hash: str | None, generation: int) -> int:
    values = {"name": name, "mode": mode, "model_hash": model_hash, "generation": generation}
    with engine.begin() as connection:
        version = connection.execute(VERSION, values).scalar()
        if version is None:
            connection.execute(ADD_VERSION, values)
            version = connection.execute(VERSION, values).scalar_one()
        return int(version)

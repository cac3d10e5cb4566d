"""Takes the rows of an import away that a person undid, in batches, and lets the machine decide again without them.

The first batch is part of the transaction that undoes the import; `finish` does the others. If its process dies, the
next decision or the next round of housekeeping goes on.
"""

import time
from collections.abc import Callable, Collection
from functools import partial

from sqlalchemy import Connection, Engine

from worker.dedupe import statements
from worker.speakers.across import moving
from worker.speakers.across.placing import MOST_FORMS, place
from worker.store import forms as form_rows
from worker.store import lists, moves
from worker.store.db import decision_lock
from worker.store.db.engine import single_statements
from worker.store.forms import StoredForm

LEAST, MOST = 20, 2_000
"""At least and at most so many rows are taken away in one transaction."""


def finish(engine: Engine, on_progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Take away what is left of undone imports, and do what decisions left to be moved (`moving.finish`).

    Errors of the database are raised; what is left then is done by the next call.
    """
    with single_statements(engine) as connection:
        if not moves.any_left(connection):
            return
    size = LEAST
    while _is_any_left(engine):
        taken, seconds = decision_lock.holding(engine, partial(_timed, size=size))
        moving.finish(engine)
        if taken == size:
            size = int(min(MOST, max(LEAST, min(2.0 * size, size * moving.BATCH_SECONDS / max(seconds, 0.001)))))
    moving.finish(engine, on_progress)


def take_away(connection: Connection, most: int) -> int:
    """Take up to so many rows of undone imports away; return how many.

    The machine decides again about every speaker that they touched. The caller holds the decision lock.
    """
    rows = lists.of_undone(connection, most)
    take(connection, rows)
    return len(rows)


def take(connection: Connection, rows: Collection[int]) -> None:
    """Take these rows of imports away, and let the machine decide again."""
    if not rows:
        return
    keys, of_rows = lists.keys_of(connection, rows), lists.listed_of(connection, rows)
    roles = lists.roles_of(connection, rows)
    gone: dict[int, list[StoredForm]] = {}
    forms = form_rows.forms_listed(connection, of_rows, MOST_FORMS * MOST)
    given = {form: {role.lower() for role in roles.get(form.listed or 0, ())} for form in forms}
    form_rows.set_roles(connection, {form: form.roles - given[form] for form in forms if form.roles & given[form]})
    for form in forms:
        gone.setdefault(form.listed or 0, []).append(form)
    lists.remove(connection, rows)
    quotes = sorted(place(connection, keys, gone).quotes)
    statements.refresh(connection, quotes)


def _timed(connection: Connection, size: int) -> tuple[int, float]:
    began = time.monotonic()
    return take_away(connection, size), time.monotonic() - began


def _is_any_left(engine: Engine) -> bool:
    with single_statements(engine) as connection:
        return bool(lists.of_undone(connection, 1))

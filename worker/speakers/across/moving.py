"""Moves forms between speakers, and quotes between statements: at once, or in batches if a speaker has many quotes.

A speaker may have 100,000 quotes. A transaction that moved them all would hold up every article for many seconds. So it
changes only the speaker and its forms, and stores what is left to be done (`worker.store.moves`). `finish` then does it
in batches; the keys of the statements come last (`worker.store.lagging_keys`). If its process dies, the next decision
or the next round of housekeeping goes on where it stopped.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from worker.dedupe import statements, wording
from worker.store import attributions, lagging_keys, moves
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.db import decision_lock
from worker.store.db.engine import single_statements

AT_ONCE = 500
"""At most this many quotes are moved in the transaction that decides about them; more are left to `finish`."""
BATCH_SECONDS = 0.15
"""Aim at batches of so many seconds. An article has up to four transactions, and each may have to wait for a batch."""
LEAST, MOST = 200, 5_000
"""At least and at most so many quotes are in a batch."""
KEYS_A_QUOTE = 2
"""Move so many keys in a batch for each quote that a batch could have; both take about as long.

The statements that 10,000 keys meet are about as many as `worker.dedupe.wording` remembers.
"""
KEYS_OF_A_STATEMENT = wording.KEYS + 1
"""A statement has at most so many keys."""


class Work(NamedTuple):
    """What one transaction did: a kind of work, and the number of quotes that it looked at."""

    kind: str
    size: int
    done: float
    """How many quotes are done by it: a quote is half done when it has moved, and done when its statement's keys have.

    It is an estimate, since some statements have fewer than `KEYS_OF_A_STATEMENT` keys.
    """


def move(connection: Connection, name: str, source: int, target: int) -> list[int]:
    """Move a form, with the quotes stored under it, from speaker `source` to `target`.

    Return the ids of the quotes that were moved now, whose statements the caller is to refresh. It is empty if they are
    many: then `finish` moves them, and refreshes their statements.
    """
    moves.move_on(connection, name, source, target)
    form_rows.move_form(connection, name, source, target)
    quotes = attributions.some_under_form(connection, name, source, 0, AT_ONCE + 1)
    if len(quotes) > AT_ONCE:
        moves.add_move(connection, name, source, target)
        return []
    attributions.move(connection, name, source, target, quotes)
    form_rows.recount(connection, target, name)
    return quotes


def settle_statements(connection: Connection, speakers: Collection[int]) -> None:
    """Move the quotes of some speakers, whose root changed, to statements of their present owner; many are left."""
    quotes: list[int] = []
    for speaker_id in speakers:
        quotes += attributions.some_of_speaker(connection, speaker_id, 0, AT_ONCE + 1)
    if len(quotes) > AT_ONCE:
        moves.add_speakers(connection, sorted(speakers))
    else:
        statements.refresh(connection, quotes)


def finish(engine: Engine, on_progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Do in batches what `move` and `settle_statements` left to be done, whoever left it.

    `on_progress` is called after each batch with the number of quotes that are done, and the number of all. Errors of
    the database are raised; what is left then is done by the next call.
    """
    with single_statements(engine) as connection:
        if not moves.any_left(connection):
            return
        total = moves.quotes_left(connection)
    done, sizes = 0.0, Counter[str]()
    while (batch := decision_lock.holding(engine, partial(_timed_batch, sizes=sizes))) is not None:
        work, seconds = batch
        done += work.done
        on_progress(min(int(done), total), total)
        size = _size(sizes, work.kind)
        if work.size == size:
            sizes[work.kind] = int(min(MOST, max(LEAST, min(2.0 * size, size * BATCH_SECONDS / max(seconds, 0.001)))))
    on_progress(total, total)


def _size(sizes: Mapping[str, int], kind: str) -> int:
    """Return how many quotes the next batch of a kind has; the first one of each kind is small."""
    return max(LEAST, sizes[kind])


def _timed_batch(connection: Connection, sizes: Mapping[str, int]) -> tuple[Work, float] | None:
    """Do one batch; return what it did, and its seconds. None: nothing is left."""
    began = time.monotonic()
    work = _batch(connection, sizes)
    return None if work is None else (work, time.monotonic() - began)


def _batch(connection: Connection, sizes: Mapping[str, int]) -> Work | None:
    if (move := moves.next_move(connection)) is not None:
        count = _move_some(connection, move, _size(sizes, "move"))
        return Work("move", count, count / 2)
    if (speaker := moves.next_speaker(connection)) is not None:
        count = _settle_some(connection, speaker, _size(sizes, "settle"))
        return Work("settle", count, count / 2)
    if (lagging := lagging_keys.next_owner(connection)) is not None:
        return _settle_keys(connection, lagging, sizes)
    return None


def _move_some(connection: Connection, move: moves.Move, size: int) -> int:
    quotes = attributions.some_under_form(connection, move.name, move.source, move.after_quote, size)
    if quotes:
        attributions.move(connection, move.name, move.source, move.target, quotes)
        statements.refresh(connection, quotes, keys_later=True)
        moves.pass_move(connection, move, quotes[-1])
    elif move.after_quote:
        moves.pass_move(connection, move, 0)  # look once more from the beginning
    else:
        moves.end_move(connection, move)
        form_rows.recount(connection, move.target, move.name)
        speaker_rows.rename_by_use(connection, [move.target])
    return len(quotes)


def _settle_some(connection: Connection, speaker: moves.SpeakerToSettle, size: int) -> int:
    quotes = attributions.some_of_speaker(connection, speaker.speaker_id, speaker.after_quote, size)
    if quotes:
        statements.refresh(connection, quotes, keys_later=True)
        moves.pass_speaker(connection, speaker.speaker_id, quotes[-1])
    else:
        moves.end_speaker(connection, speaker.speaker_id)
    return len(quotes)


def _settle_keys(connection: Connection, lagging: lagging_keys.Lagging, sizes: Mapping[str, int]) -> Work:
    """Let keys follow their statements; then let the quotes stored meanwhile join the statements with these keys."""
    size = _size(sizes, "keys")
    last = lagging_keys.last_hash(connection, lagging, KEYS_A_QUOTE * size)
    if last is not None:
        statements.join_those_met(connection, lagging, last)
        moved = lagging_keys.move(connection, lagging, last)
        return Work("keys", size, moved / KEYS_OF_A_STATEMENT / 2)
    quotes = lagging_keys.quotes_since(connection, lagging, _size(sizes, "rejoin"))
    if quotes:
        statements.rejoin(connection, quotes)
        lagging_keys.pass_quote(connection, lagging.owner, quotes[-1])
    else:
        lagging_keys.end(connection, lagging.owner)
    return Work("rejoin", len(quotes), 0.0)

"""Rows of moves that are not finished: work on a large speaker that a transaction left to be done in batches.

A form whose move is stored here belongs to its new speaker already, and new articles find it there. Only quotes that
were stored under it before still name the old speaker. Statements of a speaker to be settled still belong to the owner
that they had before. Both tables are empty almost always.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

ANY_LEFT = text(
    """
    SELECT EXISTS (SELECT FROM form_moves) OR EXISTS (SELECT FROM speakers_to_settle)
        OR EXISTS (SELECT FROM keys_to_settle)
        OR EXISTS (SELECT FROM decisions u JOIN list_rows r ON r.decision_id = u.undoes)
    """
)
QUOTES_LEFT = text(
    """
    SELECT (SELECT count(*) FROM form_moves m JOIN quote_speakers s
              ON s.speaker_id = m.source AND s.name = m.name AND s.quote_id > m.after_quote)
         + (SELECT count(*) FROM speakers_to_settle p JOIN quote_speakers s
              ON s.speaker_id = p.speaker_id AND s.quote_id > p.after_quote)
    """
)

# A form that is moved on while its quotes are still moved: they go to its newest speaker; if that is the speaker that
# they still name, they are there.
ARRIVED = text("""DELETE FROM form_moves WHERE target = :source AND name = :name AND source = :target""")
MOVE_ON = text("""UPDATE form_moves SET target = :target WHERE target = :source AND name = :name""")
ADD_MOVE = text(
    """
    INSERT INTO form_moves (source, target, name) VALUES (:source, :target, :name)
    ON CONFLICT (source, name) DO UPDATE SET target = excluded.target, after_quote = 0
    """
)
NEXT_MOVE = text("""SELECT id, name, source, target, after_quote FROM form_moves ORDER BY id LIMIT 1""")
PASS_MOVE = text("""UPDATE form_moves SET after_quote = :quote WHERE id = :id""")
END_MOVE = text("""DELETE FROM form_moves WHERE id = :id""")

ADD_SPEAKERS = text(
    """
    INSERT INTO speakers_to_settle (speaker_id) SELECT unnest(CAST(:speakers AS bigint[]))
    ON CONFLICT (speaker_id) DO UPDATE SET after_quote = 0
    """
)
NEXT_SPEAKER = text("""SELECT speaker_id, after_quote FROM speakers_to_settle ORDER BY speaker_id LIMIT 1""")
PASS_SPEAKER = text("""UPDATE speakers_to_settle SET after_quote = :quote WHERE speaker_id = :speaker""")
END_SPEAKER = text("""DELETE FROM speakers_to_settle WHERE speaker_id = :speaker""")


class Move(NamedTuple):
    """A form whose quotes are to go from one speaker to another; those up to `after_quote` have gone."""

    id: int
    name: str
    source: int
    target: int
    after_quote: int


class SpeakerToSettle(NamedTuple):
    """A speaker whose quotes are to go to statements of their present owner; those up to `after_quote` have gone."""

    speaker_id: int
    after_quote: int


def any_left(connection: Connection) -> bool:
    """True if a move is not finished, or if rows of an undone import are still to be taken away."""
    return bool(connection.execute(ANY_LEFT).scalar_one())


def quotes_left(connection: Connection) -> int:
    """Return how many quotes are still to be looked at; the time grows with this number."""
    return int(connection.execute(QUOTES_LEFT).scalar_one())


def move_on(connection: Connection, name: str, source: int, target: int) -> None:
    """Let unfinished moves that bring this form to `source` bring it to `target`."""
    values = {"name": name, "source": source, "target": target}
    connection.execute(ARRIVED, values)
    connection.execute(MOVE_ON, values)


def add_move(connection: Connection, name: str, source: int, target: int) -> None:
    """Store that the quotes under this form of `source` are to go to `target`."""
    connection.execute(ADD_MOVE, {"name": name, "source": source, "target": target})


def next_move(connection: Connection) -> Move | None:
    """Return an unfinished move; None if there is none."""
    row = connection.execute(NEXT_MOVE).first()
    return Move(*row) if row is not None else None


def pass_move(connection: Connection, move: Move, quote_id: int) -> None:
    """Store that the quotes of a move up to this one are moved; 0: that all are to be looked at again."""
    connection.execute(PASS_MOVE, {"id": move.id, "quote": quote_id})


def end_move(connection: Connection, move: Move) -> None:
    """Store that a move is finished."""
    connection.execute(END_MOVE, {"id": move.id})


def add_speakers(connection: Connection, speakers: list[int]) -> None:
    """Store that the statements of some speakers are to be settled."""
    connection.execute(ADD_SPEAKERS, {"speakers": numbers(speakers)})


def next_speaker(connection: Connection) -> SpeakerToSettle | None:
    """Return a speaker whose statements are to be settled; None if there is none."""
    row = connection.execute(NEXT_SPEAKER).first()
    return SpeakerToSettle(*row) if row is not None else None


def pass_speaker(connection: Connection, speaker_id: int, quote_id: int) -> None:
    """Store that a speaker's quotes up to this one are settled."""
    connection.execute(PASS_SPEAKER, {"speaker": speaker_id, "quote": quote_id})


def end_speaker(connection: Connection, speaker_id: int) -> None:
    """Store that all statements of a speaker are settled."""
    connection.execute(END_SPEAKER, {"speaker": speaker_id})

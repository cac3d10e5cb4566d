"""Rows of attributions: each says that one speaker said one quote, and under which form of the speaker's name.

A speaker may have 100,000 quotes and more. So work on all of them goes in batches: list the ids of the quotes once, and
pass so many of them at a time. If the work is interrupted, list them again; only those that are left are listed.
"""

from collections.abc import Collection

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers

QUOTES_OF = text(
    """
    SELECT DISTINCT quote_id FROM quote_speakers
    WHERE speaker_id = ANY(CAST(:speakers AS bigint[]))
    ORDER BY quote_id
    """
)
QUOTES_UNDER_FORM = text(
    """
    SELECT quote_id FROM quote_speakers
    WHERE speaker_id = :speaker AND name = :name
    ORDER BY quote_id
    """
)
SOME_OF_SPEAKER = text(
    """
    SELECT quote_id FROM quote_speakers WHERE speaker_id = :speaker AND quote_id > :after
    ORDER BY quote_id LIMIT :most
    """
)
SOME_UNDER_FORM = text(
    """
    SELECT quote_id FROM quote_speakers WHERE speaker_id = :speaker AND name = :name AND quote_id > :after
    ORDER BY quote_id LIMIT :most
    """
)

UNDER_FORM = """
    speaker_id = :speaker AND name = :name AND quote_id = ANY(CAST(:quotes AS bigint[]))
"""
# If one joint source named both speakers, only one of its two rows is kept, at the place of the first.
REMOVE_SECOND_ROW = text(
    f"""
    DELETE FROM quote_speakers s
    WHERE {UNDER_FORM}
      AND EXISTS (SELECT FROM quote_speakers t WHERE t.quote_id = s.quote_id AND t.speaker_id = :target)
    RETURNING quote_id, position
    """
)
KEEP_PLACE = text(
    """
    UPDATE quote_speakers SET position = :position
    WHERE quote_id = :quote AND speaker_id = :target AND position > :position
    """
)
MOVE = text(f"""UPDATE quote_speakers SET speaker_id = :target WHERE {UNDER_FORM}""")


def of_speakers(connection: Connection, speakers: Collection[int]) -> list[int]:
    """Return the ids of the quotes of some speakers, in ascending order."""
    return list(connection.execute(QUOTES_OF, {"speakers": numbers(speakers)}).scalars())


def under_form(connection: Connection, name: str, speaker_id: int) -> list[int]:
    """Return the ids of the quotes that a speaker said under one form of the name, in ascending order."""
    return list(connection.execute(QUOTES_UNDER_FORM, {"speaker": speaker_id, "name": name}).scalars())


def some_of_speaker(connection: Connection, speaker_id: int, after: int, most: int) -> list[int]:
    """Return the ids of up to `most` quotes of a speaker, in ascending order, beginning after the quote `after`."""
    values = {"speaker": speaker_id, "after": after, "most": most}
    return list(connection.execute(SOME_OF_SPEAKER, values).scalars())


def some_under_form(connection: Connection, name: str, speaker_id: int, after: int, most: int) -> list[int]:
    """Return what `some_of_speaker` returns, but only quotes that are stored under one form of the name."""
    values = {"speaker": speaker_id, "name": name, "after": after, "most": most}
    return list(connection.execute(SOME_UNDER_FORM, values).scalars())


def move(connection: Connection, name: str, source: int, target: int, quotes: Collection[int]) -> None:
    """Attribute some quotes to speaker `target`, as far as `source` said them under this form of the name."""
    values = {"speaker": source, "target": target, "name": name, "quotes": numbers(quotes)}
    for second in connection.execute(REMOVE_SECOND_ROW, values).all():
        place = {"quote": second.quote_id, "position": second.position, "target": target}
        connection.execute(KEEP_PLACE, place)
    connection.execute(MOVE, values)

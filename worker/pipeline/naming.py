"""From what was found in one article to rows: speakers joined across articles, statements looked up."""

from sqlalchemy import Connection, select

from worker.dedupe import statements
from worker.dedupe.statements import StatementInput
from worker.pipeline.reading import Reading
from worker.speakers import across
from worker.store.quotes import QuoteInput, SpeakerInput
from worker.store.tables.models import Speaker


def join_speakers(connection: Connection, reading: Reading) -> dict[int, int]:
    """The speaker of each entity that says something: index of entity → row in `speakers`.

    Takes the locks on surnames, so it comes first in a final transaction: two of them then wait here and nowhere else.
    """
    speaking = sorted({index for given in reading.resolution.attributions for index in given.entities})
    joined = across.join(connection, [reading.resolution.entities[index] for index in speaking])
    return dict(zip(speaking, joined, strict=True))


def name(connection: Connection, reading: Reading, speakers: dict[int, int], story_id: int) -> list[QuoteInput]:
    """Every quotation with its speakers and its statement."""
    entities = reading.resolution.entities
    spoken = [
        tuple(
            SpeakerInput(speakers[index], entities[index].name, given.evidence, given.confidence)
            for index in given.entities
        )
        for given in reading.resolution.attributions
    ]
    roots = _roots(connection, set(speakers.values()))
    inputs = [
        StatementInput(min((roots[one.speaker_id] for one in said), default=-story_id), quotation.text)
        for quotation, said in zip(reading.quotations, spoken, strict=True)
    ]
    assigned = statements.assign(connection, inputs)
    return [
        QuoteInput(quotation, given.source_kind.value, said, statement)
        for quotation, given, said, statement in zip(
            reading.quotations, reading.resolution.attributions, spoken, assigned, strict=True
        )
    ]


def _roots(connection: Connection, speakers: set[int]) -> dict[int, int]:
    """Each speaker's root: itself, or the one a person or a later join has merged it into."""
    if not speakers:
        return {}
    rows = connection.execute(select(Speaker.id, Speaker.merged_into).where(Speaker.id.in_(speakers)))
    return {row.id: row.merged_into or row.id for row in rows}


def pairs(found: list[QuoteInput]) -> set[tuple[int, str]]:
    """The (speaker, name form) pairs an article uses."""
    return {(one.speaker_id, one.name) for item in found for one in item.speakers}

"""Prepares the quotations of one article for the tables: joins speakers across articles, and finds statements."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from worker.dedupe import statements
from worker.dedupe.comparer import Comparer
from worker.dedupe.lookup import StatementInput
from worker.dedupe.wording import said
from worker.pipeline.extractor import Reading
from worker.speakers import across
from worker.store.forms import StoredForm
from worker.store.quotes import QuoteInput, SpeakerInput


def parse_names(reading: Reading) -> None:
    """Parse the names of the speakers, which takes up to a millisecond each; `join_speakers` then finds them parsed."""
    for index in {index for attribution in reading.resolution.attributions for index in attribution.entities}:
        entity = reading.resolution.entities[index]
        across.read_name(entity.name, entity.kind)


def join_speakers(connection: Connection, reading: Reading, published_at: str | None) -> dict[int, StoredForm]:
    """Return the name of each entity that says something, with its speaker: index of entity → stored form.

    `published_at` is the article's date and time as it was parsed (ISO 8601, with a zone), if it is known.

    This takes the locks on surnames, so it must come before all writes of a final transaction: then two final
    transactions wait for each other only here.
    """
    speaking = sorted({index for attribution in reading.resolution.attributions for index in attribution.entities})
    day = datetime.fromisoformat(published_at).astimezone(UTC).date() if published_at else None
    joined = across.join_forms(connection, [reading.resolution.entities[index] for index in speaking], day)
    return dict(zip(speaking, joined, strict=True))


def name(
    connection: Connection, reading: Reading, speakers: dict[int, StoredForm], story_id: int, compare: Comparer
) -> list[QuoteInput]:
    """Return every quotation with its speakers and its statement. Raise `Uncompared` if comparisons are missing."""
    entities, attributions = reading.resolution.entities, reading.resolution.attributions
    spoken = [
        tuple(
            SpeakerInput(speakers[index].speaker_id, entities[index].name, attribution.evidence, attribution.confidence)
            for index in attribution.entities
        )
        for attribution in attributions
    ]
    roots = {form.speaker_id: form.root for form in speakers.values()}
    inputs = [
        StatementInput(
            min((roots[speaker.speaker_id] for speaker in by), default=-story_id),
            said(quotation.text, quotation.denied),
        )
        for quotation, by in zip(reading.quotations, spoken, strict=True)
    ]
    assigned = statements.assign(connection, inputs, compare)
    return [
        QuoteInput(quotation, attribution.source_kind.value, by, statement, attribution.speaks_for)
        for quotation, attribution, by, statement in zip(
            reading.quotations, attributions, spoken, assigned, strict=True
        )
    ]


def pairs(quotations: list[QuoteInput]) -> set[tuple[int, str]]:
    """Return the (speaker, name form) pairs that an article uses."""
    return {(speaker.speaker_id, speaker.name) for quotation in quotations for speaker in quotation.speakers}

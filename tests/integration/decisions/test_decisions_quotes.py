"""Decisions about quotes are applied again after every re-processing, and can be undone."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from tests.integration.dedupe.newsroom import Said, Story, extract_again, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from tests.integration.speakers.test_speakers_orders import outcome
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.pipeline.reconcile import reconcile
from worker.speakers.within.resolution import EntityKind
from worker.store import decisions
from worker.store.decisions import Undecidable
from worker.store.tables.models import Quote, QuoteSpeaker, Speaker, SpeakerName, Statement

ONE = "We expect the agreement to be achieved before the end of this year"
TWO = "There are countries with interests outside their borders"
LAVROV, RAISI = person("Sergey Lavrov"), person("Ebrahim Raisi")
WHO: dict[str, Any] = {"who": "ada", "reason": "I was there"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def press(connection: Connection, *quotations: Said) -> tuple[int, list[int]]:
    article = store(connection, Story(prose(1, 60), quotations))
    return article, current(connection)


def current(connection: Connection) -> list[int]:
    return list(connection.execute(select(Quote.id).where(Quote.current).order_by(Quote.start_char)).scalars())


def speakers(connection: Connection, quote_id: int) -> Sequence[tuple[str, bool]]:
    query = (
        select(Speaker.name, QuoteSpeaker.by_hand)
        .join(Speaker, Speaker.id == QuoteSpeaker.speaker_id)
        .where(QuoteSpeaker.quote_id == quote_id)
        .order_by(QuoteSpeaker.position)
    )
    return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def kind(connection: Connection, quote_id: int) -> str:
    return connection.execute(select(Quote.source_kind).where(Quote.id == quote_id)).scalar_one()


def counts(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(SpeakerName.name, SpeakerName.articles).where(SpeakerName.status == "joined"))
    return {row.name: row.articles for row in rows}


def owners(connection: Connection) -> set[str | None]:
    query = "SELECT s.name FROM statements t LEFT JOIN speakers s ON s.id = t.owner"
    return set(connection.execute(text(query)).scalars())


def test_the_speaker_a_person_names_is_kept(connection: Connection) -> None:
    article, (quote,) = press(connection, Said(ONE, [RAISI]))
    quote_decisions.set_speaker(connection, quote, "Sergey Lavrov", **WHO)
    assert speakers(connection, quote) == [("Sergey Lavrov", True)]
    assert counts(connection) == {"Ebrahim Raisi": 0, "Sergey Lavrov": 1}
    assert owners(connection) == {"Sergey Lavrov"}
    ids = extract_again(connection, article, [Said(ONE, [RAISI])])
    assert speakers(connection, ids[0]) == [("Ebrahim Raisi", False)]
    quote_decisions.apply(connection, article)
    assert speakers(connection, ids[0]) == [("Sergey Lavrov", True)]
    assert counts(connection) == {"Ebrahim Raisi": 0, "Sergey Lavrov": 1}
    assert owners(connection) == {"Sergey Lavrov"}


def test_a_quote_that_changed_a_little_is_still_the_one_decided_about(connection: Connection) -> None:
    article, (quote, other) = press(connection, Said(ONE, [RAISI]), Said(TWO, [RAISI]))
    quote_decisions.set_speaker(connection, quote, "Sergey Lavrov", **WHO)
    longer, shorter = extract_again(connection, article, [Said(TWO, [RAISI]), Said(ONE.removeprefix("We "), [RAISI])])
    # As if the pairing of old and new quotes had lost this quote: the decision finds it by its span.
    connection.execute(text("UPDATE decisions SET quote_id = 4711"))
    quote_decisions.apply(connection, article)
    assert speakers(connection, shorter) == [("Sergey Lavrov", True)]
    assert speakers(connection, longer) == [("Ebrahim Raisi", False)]
    assert other == longer


def test_a_decision_about_a_quote_that_is_gone_waits_for_its_return(connection: Connection) -> None:
    article, (quote, _) = press(connection, Said(ONE, [RAISI]), Said(TWO, [RAISI]))
    quote_decisions.reject(connection, quote, **WHO)
    extract_again(connection, article, [Said(TWO, [RAISI])], 2)
    quote_decisions.apply(connection, article)
    first, _ = extract_again(connection, article, [Said(ONE, [RAISI]), Said(TWO, [RAISI])], 3)
    quote_decisions.apply(connection, article)
    rejected = connection.execute(select(Quote.id).where(Quote.current, Quote.rejected)).scalars().all()
    assert rejected == [first]


def test_no_speaker(connection: Connection) -> None:
    _, (quote,) = press(connection, Said(ONE, [RAISI]))
    decision_id = quote_decisions.no_speaker(connection, quote, **WHO)
    assert speakers(connection, quote) == []
    assert kind(connection, quote) == "none"
    story = connection.execute(text("SELECT story_id FROM articles")).scalar_one()
    assert set(connection.execute(select(Statement.owner)).scalars()) == {-story}
    speaker_decisions.undo(connection, decision_id, **WHO)
    assert speakers(connection, quote) == [("Ebrahim Raisi", False)]
    assert kind(connection, quote) == "person"
    assert owners(connection) == {"Ebrahim Raisi"}
    assert counts(connection) == {"Ebrahim Raisi": 1}


def test_a_rejected_quote_leaves_the_reports(connection: Connection) -> None:
    _, (quote,) = press(connection, Said(ONE, [RAISI]))
    rejected = quote_decisions.reject(connection, quote, **WHO)
    count = text("SELECT count(*) FROM report.quotes")
    assert connection.execute(count).scalar_one() == 0
    speaker_decisions.undo(connection, rejected, **WHO)
    assert connection.execute(count).scalar_one() == 1


def test_a_stored_decision_to_restore_is_carried_out(connection: Connection) -> None:
    article, (quote,) = press(connection, Said(ONE, [RAISI]))
    quote_decisions.reject(connection, quote, **WHO)
    rejection = decisions.of_article(connection, article)[0]
    about = {"quote_id": quote, "article_id": article}
    decisions.record(connection, "restore", value=rejection.value, **about, **WHO)  # type: ignore[arg-type]
    quote_decisions.apply(connection, article)
    assert connection.execute(text("SELECT count(*) FROM report.quotes")).scalar_one() == 1


def test_decisions_are_undone_in_any_order(connection: Connection) -> None:
    _, (quote,) = press(connection, Said(ONE, [RAISI, LAVROV]))
    before = outcome(connection)
    first = quote_decisions.set_speaker(connection, quote, "Ann One", **WHO)
    second = quote_decisions.set_speaker(connection, quote, "Foreign Ministry", kind=EntityKind.BODY, **WHO)
    assert (speakers(connection, quote), kind(connection, quote)) == ([("Foreign Ministry", True)], "body")
    speaker_decisions.undo(connection, first, **WHO)
    assert speakers(connection, quote) == [("Foreign Ministry", True)]
    speaker_decisions.undo(connection, second, **WHO)
    assert speakers(connection, quote) == [("Ebrahim Raisi", False), ("Sergey Lavrov", False)]
    used = [row for row in outcome(connection)[5] if row[2] in ("Ann One", "Foreign Ministry")]
    assert used == []
    assert outcome(connection)[2:] == before[2:]


def test_undone_it_is_what_the_newest_extractor_says(connection: Connection) -> None:
    article, (quote,) = press(connection, Said(ONE, [RAISI]))
    decision_id = quote_decisions.set_speaker(connection, quote, "Ann One", **WHO)
    extract_again(connection, article, [Said(ONE, [LAVROV])])
    quote_decisions.apply(connection, article)
    assert speakers(connection, quote) == [("Ann One", True)]
    speaker_decisions.undo(connection, decision_id, **WHO)
    assert speakers(connection, quote) == [("Sergey Lavrov", False)]


def test_a_name_means_the_speaker_known_by_it(connection: Connection) -> None:
    _, (_, other) = press(connection, Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
    lavrov = connection.execute(select(Speaker.id).where(Speaker.name == "Sergey Lavrov")).scalar_one()
    speaker_decisions.rename(connection, lavrov, "The Foreign Minister", **WHO)
    quote_decisions.set_speaker(connection, other, "The Foreign Minister", **WHO)
    query = select(QuoteSpeaker.speaker_id).where(QuoteSpeaker.quote_id == other)
    assert connection.execute(query).scalar_one() == lavrov
    reconcile(connection)
    assert connection.execute(query).scalar_one() == lavrov


def test_later_articles_find_the_name_that_a_person_gave(connection: Connection) -> None:
    _, [quote] = press(connection, Said(ONE, [LAVROV]))
    [(speaker,)] = connection.execute(select(Speaker.id))
    speaker_decisions.rename(connection, speaker, "Dieter Holm", **WHO)
    quote_decisions.set_speaker(connection, quote, speaker, **WHO)
    store(connection, Story(prose(2, 60), [Said(TWO, [person("Dieter F. Holm")])]))
    names = connection.execute(select(SpeakerName.speaker_id, SpeakerName.name).order_by(SpeakerName.name)).all()
    assert (speaker, "Dieter F. Holm") in names


def test_an_article_without_decisions_costs_one_query(connection: Connection) -> None:
    article, _ = press(connection, Said(ONE, [LAVROV]))
    queries: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda c, cursor, query, *rest: queries.append(query))
    quote_decisions.apply(connection, article)
    assert len(queries) == 1


def test_what_cannot_be_decided(connection: Connection) -> None:
    _, (quote,) = press(connection, Said(ONE, [RAISI]))
    with pytest.raises(Undecidable, match="no current quote 99"):
        quote_decisions.reject(connection, 99, **WHO)
    with pytest.raises(Undecidable, match="visible character"):
        quote_decisions.set_speaker(connection, quote, " ", **WHO)


def speaker_ids(connection: Connection, quote_id: int) -> list[int]:
    return list(connection.execute(select(QuoteSpeaker.speaker_id).where(QuoteSpeaker.quote_id == quote_id)).scalars())


def ids(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(SpeakerName.name, SpeakerName.speaker_id).where(SpeakerName.status == "joined"))
    return {row.name: row.speaker_id for row in rows}


def read_again(connection: Connection, article: int, *said: Said, generation: int) -> list[int]:
    extract_again(connection, article, said, generation)
    quote_decisions.apply(connection, article)
    reconcile(connection)
    return current(connection)


def test_a_number_means_this_speaker_whatever_others_are_called(connection: Connection) -> None:
    said = (Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
    article, (quote, _) = press(connection, *said)
    first, second = (ids(connection)[name] for name in ("Sergey Lavrov", "Ebrahim Raisi"))
    for speaker in (first, second):
        speaker_decisions.rename(connection, speaker, "John Smith", **WHO)
    decided = quote_decisions.set_speaker(connection, quote, second, **WHO)
    assert speaker_ids(connection, quote) == [second]
    rejected = quote_decisions.reject(connection, quote, **WHO)
    speaker_decisions.undo(connection, rejected, **WHO)
    assert speaker_ids(connection, quote) == [second]
    quote, _ = read_again(connection, article, *said, generation=2)
    assert speaker_ids(connection, quote) == [second]
    speaker_decisions.undo(connection, decided, **WHO)
    assert speakers(connection, quote) == [("John Smith", False)]
    assert speaker_ids(connection, quote) == [first]


def test_a_number_stays_through_a_merge_and_its_undoing(connection: Connection) -> None:
    said = (Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
    article, (quote, _) = press(connection, *said)
    first, second = (ids(connection)[name] for name in ("Sergey Lavrov", "Ebrahim Raisi"))
    (merge,) = speaker_decisions.merge(connection, [second], first, **WHO)
    quote_decisions.set_speaker(connection, quote, second, **WHO)
    speaker_decisions.undo(connection, merge, **WHO)
    quote, _ = read_again(connection, article, *said, generation=2)
    assert speaker_ids(connection, quote) == [second]
    assert owners(connection) == {"Ebrahim Raisi"}


def test_a_correction_follows_a_form_that_is_split_off_and_its_undoing(connection: Connection) -> None:
    said = (Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
    article, (quote, _) = press(connection, *said)
    store(connection, Story(prose(2, 60), [Said(ONE, [person("Sergei Lavrov")])]))
    reconcile(connection)
    old = ids(connection)["Sergey Lavrov"]
    quote_decisions.set_speaker(connection, quote, old, **WHO)
    name = connection.execute(select(QuoteSpeaker.name).where(QuoteSpeaker.quote_id == quote)).scalar_one()
    split, new = speaker_decisions.split(connection, old, name, **WHO)
    quote, *_ = read_again(connection, article, *said, generation=2)
    assert speaker_ids(connection, quote) == [new]
    speaker_decisions.undo(connection, split, **WHO)
    quote, *_ = read_again(connection, article, *said, generation=3)
    assert speaker_ids(connection, quote) == [old]


def test_a_correction_outlives_the_row_of_its_speaker(connection: Connection) -> None:
    article, (quote,) = press(connection, Said(ONE, [LAVROV]))
    quote_decisions.set_speaker(connection, quote, "Ebrahim Raisi", **WHO)
    connection.execute(text("UPDATE decisions SET speaker_id = 99"))
    (quote,) = read_again(connection, article, Said(ONE, [LAVROV]), generation=2)
    assert speakers(connection, quote) == [("Ebrahim Raisi", True)]


def test_a_speaker_that_a_person_chose_keeps_its_forms(connection: Connection) -> None:
    article, (quote, _) = press(connection, Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
    with pytest.raises(Undecidable, match="no speaker 99"):
        quote_decisions.set_speaker(connection, quote, 99, **WHO)
    chosen = ids(connection)["Ebrahim Raisi"]
    quote_decisions.set_speaker(connection, quote, chosen, **WHO)
    assert decisions.pinned(connection, [chosen]) == {chosen}
    assert article

"""Decisions about speakers stay in force when more articles come in, and can be undone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select, text

from tests.integration.dedupe.newsroom import Said, Story, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from tests.integration.speakers.test_speakers_orders import outcome
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.pipeline.reconcile import reconcile
from worker.speakers import across
from worker.store.decisions import Undecidable
from worker.store.tables.models import Decision, Speaker, SpeakerName, Statement

SAID = "We expect the agreement to be achieved before the end of this year"
WHO = {"who": "ada", "reason": "I know them"}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def print_all(connection: Connection, *names: str) -> dict[str, int]:
    """Store an article for each name, all with the same quotation; return the speaker's id for each name."""
    number = connection.execute(text("SELECT count(*) FROM articles")).scalar_one()
    for place, name in enumerate(names):
        store(connection, Story(prose(number + place, 60), [Said(SAID, [person(name)])]))
    reconcile(connection)
    return {name: speaker(connection, name) for name in names}


def speaker(connection: Connection, name: str) -> int:
    query = select(SpeakerName.speaker_id).where(SpeakerName.name == name, SpeakerName.status == "joined")
    return int(connection.execute(query).scalar_one())


def root(connection: Connection, speaker_id: int) -> int | None:
    return connection.execute(select(Speaker.merged_into).where(Speaker.id == speaker_id)).scalar_one()


def statements(connection: Connection) -> list[tuple[int, int]]:
    """Return the owner of each statement, and the number of its quotes."""
    query = (
        "SELECT st.owner, count(*) FROM statements st JOIN quotes q ON q.statement_id = st.id GROUP BY st.id ORDER BY 1"
    )
    assert (
        connection.execute(
            text("SELECT count(*) FROM statement_keys k, statements s WHERE s.id = statement_id AND k.owner <> s.owner")
        ).scalar_one()
        == 0
    )
    return [tuple(row) for row in connection.execute(text(query))]


def proposed(connection: Connection) -> list[tuple[int, int]]:
    rows = connection.execute(
        select(SpeakerName.speaker_id, SpeakerName.other_id).where(SpeakerName.status == "proposed")
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def last(connection: Connection) -> int:
    return int(connection.execute(select(Decision.id).order_by(Decision.id.desc()).limit(1)).scalar_one())


def test_a_merge_makes_speakers_and_their_statements_one(connection: Connection) -> None:
    ids = print_all(connection, "Ali Bagheri", "Ali Bagheri Kani")
    first_speaker, second_speaker = ids.values()
    assert proposed(connection) == [(first_speaker, second_speaker)]
    speaker_decisions.merge(connection, [second_speaker], first_speaker, **WHO)
    assert (root(connection, first_speaker), root(connection, second_speaker)) == (None, first_speaker)
    assert statements(connection) == [(first_speaker, 2)]
    assert proposed(connection) == []
    print_all(connection, "Ali Bagheri Kani")
    assert speaker(connection, "Ali Bagheri Kani") == second_speaker
    assert statements(connection) == [(first_speaker, 3)]
    speaker_decisions.undo(connection, last(connection), **WHO)
    assert root(connection, second_speaker) is None
    assert statements(connection) == [(first_speaker, 1), (second_speaker, 2)]
    assert proposed(connection) == [(first_speaker, second_speaker)]


def test_merges_point_to_roots_whatever_order_they_were_made_and_undone_in(connection: Connection) -> None:
    a, b, c, d = print_all(connection, "Ann One", "Bea Two", "Cat Three", "Dot Four").values()
    (first,) = speaker_decisions.merge(connection, [b], a, **WHO)
    (second,) = speaker_decisions.merge(connection, [d], c, **WHO)
    (third,) = speaker_decisions.merge(connection, [a], c, **WHO)
    assert [root(connection, speaker_id) for speaker_id in (a, b, c, d)] == [c, c, None, c]
    assert statements(connection) == [(c, 4)]
    with pytest.raises(Undecidable, match="one speaker already"):
        speaker_decisions.merge(connection, [b], d, **WHO)
    speaker_decisions.undo(connection, first, **WHO)
    assert [root(connection, speaker_id) for speaker_id in (a, b, c, d)] == [c, None, None, c]
    speaker_decisions.undo(connection, third, **WHO)
    assert [root(connection, speaker_id) for speaker_id in (a, b, c, d)] == [None, None, None, c]
    speaker_decisions.undo(connection, second, **WHO)
    assert statements(connection) == [(speaker_id, 1) for speaker_id in (a, b, c, d)]


def test_the_canonical_name_of_a_merge_is_the_most_used_form_of_all(connection: Connection) -> None:
    print_all(connection, "Kate Smith", "Catherine Jones", "Catherine Jones")
    first_speaker, second_speaker = speaker(connection, "Kate Smith"), speaker(connection, "Catherine Jones")
    speaker_decisions.merge(connection, [second_speaker], first_speaker, **WHO)
    assert connection.execute(select(Speaker.name).where(Speaker.id == first_speaker)).scalar_one() == "Catherine Jones"
    speaker_decisions.undo(connection, last(connection), **WHO)
    assert connection.execute(select(Speaker.name).where(Speaker.id == first_speaker)).scalar_one() == "Kate Smith"


def test_a_form_split_off_never_comes_back(connection: Connection) -> None:
    before = print_all(connection, "Sergey Lavrov", "Sergei Lavrov")
    assert len(set(before.values())) == 1
    _, new = speaker_decisions.split(connection, before["Sergey Lavrov"], "Sergei Lavrov", **WHO)
    assert statements(connection) == [(before["Sergey Lavrov"], 1), (new, 1)]
    after = print_all(connection, "Sergei Lavrov", "Sergey Lavrov")
    assert after == {"Sergei Lavrov": new, "Sergey Lavrov": before["Sergey Lavrov"]}
    assert proposed(connection) == []
    assert across.join(connection, [person("Sergej Lavrov")])[0] not in after.values()
    speaker_decisions.undo(connection, last(connection), **WHO)
    assert set(print_all(connection, "Sergei Lavrov", "Sergey Lavrov").values()) == {before["Sergey Lavrov"]}
    assert statements(connection) == [(before["Sergey Lavrov"], 6)]


def test_later_articles_follow_a_split_also_if_a_correction_gives_the_form_to_the_old_speaker(
    connection: Connection,
) -> None:
    store(connection, Story(prose(1, 60), [Said("The first words were said", [person("Sergey Lavrov")])]))
    store(connection, Story(prose(2, 60), [Said("The second words were said", [person("Sergei Lavrov")])]))
    store(connection, Story(prose(3, 60), [Said("The third words were said", [person("Ada Lo")])]))
    old = connection.execute(select(Speaker.id).order_by(Speaker.id).limit(1)).scalar_one()
    _, new = speaker_decisions.split(connection, old, "Sergei Lavrov", **WHO)
    speaker_decisions.rename(connection, old, "Sergei Lavrov", **WHO)
    third = connection.execute(text("SELECT max(id) FROM quotes")).scalar_one()
    quote_decisions.set_speaker(connection, third, old, who="ada", reason="heard it")
    store(connection, Story(prose(4, 60), [Said("The fourth words were said", [person("Sergei Lavrov")])]))
    latest = text("SELECT speaker_id FROM quote_speakers ORDER BY quote_id DESC LIMIT 1")
    assert connection.execute(latest).scalar_one() == new


def test_splitting_what_cannot_be_split_says_why(connection: Connection) -> None:
    (lavrov,) = print_all(connection, "Sergey Lavrov").values()
    with pytest.raises(Undecidable, match="only form"):
        speaker_decisions.split(connection, lavrov, "Sergey Lavrov", **WHO)
    with pytest.raises(Undecidable, match="never named 'Petrov'; the forms are: Sergey Lavrov"):
        speaker_decisions.split(connection, lavrov, "Petrov", **WHO)
    with pytest.raises(Undecidable, match="no speaker 99"):
        speaker_decisions.split(connection, 99, "Petrov", **WHO)


def test_a_form_of_a_merged_speaker_can_be_split_off(connection: Connection) -> None:
    first_speaker, second_speaker = print_all(connection, "Ann One", "Bea Two").values()
    speaker_decisions.merge(connection, [second_speaker], first_speaker, **WHO)
    _, new = speaker_decisions.split(connection, first_speaker, "Bea Two", **WHO)
    assert statements(connection) == [(first_speaker, 1), (new, 1)]
    assert set(print_all(connection, "Bea Two").values()) == {new}


def test_a_refused_proposal_is_not_made_again(connection: Connection) -> None:
    first_speaker, second_speaker = print_all(connection, "Ali Bagheri", "Ali Bagheri Kani").values()
    for _ in range(2):
        speaker_decisions.refuse(connection, second_speaker, first_speaker, **WHO)
    assert proposed(connection) == []
    refused = select(SpeakerName.speaker_id, SpeakerName.other_id, SpeakerName.name)
    assert connection.execute(refused.where(SpeakerName.status == "refused")).all() == [
        (first_speaker, second_speaker, None)
    ]
    for name in ("Ali Bagheri", "Ali Bagheri Kani"):
        roles = person(name, "iran's chief negotiator")
        store(connection, Story(prose(70 + len(name), 60), [Said(SAID, [roles])]))
    reconcile(connection)
    assert proposed(connection) == []
    assert speaker(connection, "Ali Bagheri") == first_speaker != speaker(connection, "Ali Bagheri Kani")
    speaker_decisions.undo(connection, last(connection), **WHO)
    speaker_decisions.undo(connection, last(connection) - 2, **WHO)
    assert speaker(connection, "Ali Bagheri") == speaker(connection, "Ali Bagheri Kani")


def test_a_chosen_name_outlasts_use(connection: Connection) -> None:
    (lavrov,) = print_all(connection, "Sergei Lavrov").values()
    first = speaker_decisions.rename(connection, lavrov, "Sergey Viktorovich Lavrov", **WHO)
    second = speaker_decisions.rename(connection, lavrov, "S. Lavrov", **WHO)
    print_all(connection, "Sergei Lavrov", "Sergey Lavrov")
    name = select(Speaker.name).where(Speaker.id == lavrov)
    assert connection.execute(name).scalar_one() == "S. Lavrov"
    speaker_decisions.undo(connection, second, **WHO)
    assert connection.execute(name).scalar_one() == "Sergey Viktorovich Lavrov"
    speaker_decisions.undo(connection, first, **WHO)
    assert connection.execute(name).scalar_one() == "Sergei Lavrov"
    with pytest.raises(Undecidable, match="at least one visible"):
        speaker_decisions.rename(connection, lavrov, "  ", **WHO)


def test_undoing_is_done_once_and_not_undone(connection: Connection) -> None:
    (lavrov,) = print_all(connection, "Sergei Lavrov").values()
    renaming = speaker_decisions.rename(connection, lavrov, "S. Lavrov", **WHO)
    undoing = speaker_decisions.undo(connection, renaming, **WHO)
    with pytest.raises(Undecidable, match="undone already"):
        speaker_decisions.undo(connection, renaming, **WHO)
    with pytest.raises(Undecidable, match="make the decision again"):
        speaker_decisions.undo(connection, undoing, **WHO)
    with pytest.raises(Undecidable, match="no decision 99"):
        speaker_decisions.undo(connection, 99, **WHO)


def test_doing_and_undoing_everything_leaves_what_the_machine_made(connection: Connection) -> None:
    ids = print_all(connection, "Sergey Lavrov", "Sergei Lavrov", "Ali Bagheri", "Ali Bagheri Kani", "Ann One")
    before = outcome(connection)
    decisions = speaker_decisions.merge(
        connection, [ids["Ali Bagheri Kani"], ids["Ann One"]], ids["Sergey Lavrov"], **WHO
    )
    speaker_decisions.split(connection, ids["Sergey Lavrov"], "Sergei Lavrov", **WHO)
    decisions += [last(connection), speaker_decisions.rename(connection, ids["Ann One"], "X", **WHO)]
    assert outcome(connection) != before
    for decision in decisions:
        speaker_decisions.undo(connection, decision, **WHO)
    after = outcome(connection)
    assert after == before


def test_statements_that_coincide_keep_the_lowest_number(connection: Connection) -> None:
    first_speaker, second_speaker = print_all(connection, "Ann One", "Bea Two").values()
    lowest = min(connection.execute(select(Statement.id)).scalars())
    speaker_decisions.merge(connection, [first_speaker], second_speaker, **WHO)
    assert list(connection.execute(select(Statement.id)).scalars()) == [lowest]
    assert statements(connection) == [(second_speaker, 2)]

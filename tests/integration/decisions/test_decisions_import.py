"""An imported list joins, names and proposes; it holds for later articles, and is undone by one command."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.integration.dedupe.newsroom import Said, Story, body, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from tests.integration.speakers.test_speakers_orders import outcome
from worker.decisions import importing
from worker.decisions import speakers as speaker_decisions
from worker.decisions.deciding import decide
from worker.decisions.importing import Imported, carry_out, import_rows, prepare
from worker.decisions.list_file import read
from worker.pipeline.reconcile import reconcile
from worker.speakers import across
from worker.speakers.across import unlisting
from worker.speakers.within.resolution import Entity
from worker.store.checking.question import ask
from worker.store.checking.speakers import QUESTIONS
from worker.store.decisions import Undecidable

WHO: dict[str, Any] = {"who": "ada", "reason": "our list"}
ROLES = "SELECT name, roles FROM speaker_names WHERE status = 'joined' ORDER BY 1"
SAID = "We expect the agreement to be achieved before the end of this year"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection
        for question in QUESTIONS:
            if not question.leftover:
                assert ask(connection, question, 60).is_well, question.name


def bring(connection: Connection, *lines: str) -> Imported:
    found = read("\n".join(("name,aliases,role,qid,from,to", *lines)).encode())
    assert found.bad == []
    return import_rows(connection, prepare(found.rows), "people.csv", **WHO)


def print_all(connection: Connection, *speakers: Entity | str, on: str | None = None) -> None:
    """Store an article for each speaker, all with the same quotation, all published on one day."""
    number = connection.execute(text("SELECT count(*) FROM articles")).scalar_one()
    for place, speaker in enumerate(speakers):
        said = person(speaker) if isinstance(speaker, str) else speaker
        article = store(connection, Story(prose(number + place, 60), [Said(SAID, [said])]), day=day(on))
        moment = datetime.fromisoformat(on).replace(tzinfo=UTC) if on else None
        connection.execute(
            text("UPDATE articles SET published_at = :moment WHERE id = :id"), {"moment": moment, "id": article}
        )
    reconcile(connection)


def day(on: str | None) -> date | None:
    return date.fromisoformat(on) if on else None


def shown(connection: Connection) -> list[tuple[str, list[str], str | None, str | None]]:
    rows = connection.execute(text("SELECT speaker, names, qid, role FROM report.speakers ORDER BY 1, 2"))
    return [tuple(row) for row in rows]


def proposed(connection: Connection) -> set[tuple[str, str]]:
    query = "SELECT speaker, other FROM report.speaker_names WHERE status = 'proposed'"
    return {tuple(sorted(row)) for row in connection.execute(text(query))}


def test_a_list_joins_and_names_what_is_stored_and_the_report_shows_the_qid(connection: Connection) -> None:
    print_all(connection, "Andrew Grove", "Andy Grove", "Nobody Else")
    result = bring(connection, "Andrew S. Grove,Andrew Grove|Andy Grove,Intel chief,Q103579,,")
    assert shown(connection) == [
        ("Andrew S. Grove", ["Andrew Grove", "Andy Grove"], "Q103579", "Intel chief"),
        ("Nobody Else", ["Nobody Else"], None, None),
    ]
    assert result.joins == ["Andrew Grove and Andy Grove are one speaker: Andrew S. Grove (1)."]
    assert proposed(connection) == set()


def test_later_articles_find_the_speaker_by_an_alias_and_by_another_spelling(connection: Connection) -> None:
    bring(
        connection,
        "Luiz Inácio Lula da Silva,Lula;President Lula,brazilian president,http://www.wikidata.org/entity/Q37181,,",
    )
    print_all(connection, "Lula", "Luiz Inacio Lula da Silva", "Lula")
    assert shown(connection) == [
        ("Luiz Inácio Lula da Silva", ["Luiz Inacio Lula da Silva", "Lula"], "Q37181", "brazilian president")
    ]


def test_an_acronym_of_a_list_is_the_body(connection: Connection) -> None:
    print_all(connection, body("GM"), body("General Motors Corp"))
    bring(connection, "General Motors,GM|General Motors Corp,,Q81965,,")
    assert shown(connection) == [("General Motors", ["GM", "General Motors Corp"], "Q81965", None)]


def test_one_command_takes_everything_back(connection: Connection) -> None:
    print_all(connection, "Andrew Grove", "Andy Grove", "Syd Ryan", "Sid Ryan", "Weber", "Axel Weber", "Lula")
    before = outcome(connection), proposed(connection)
    roles = connection.execute(text(ROLES)).all()
    result = bring(
        connection,
        "Andrew Grove,Andy Grove,chief of Intel,Q1,,",
        "Sid Ryan,Syd Ryan|S. Ryan,union leader,Q2,,",
        "Axel A. Weber,Weber|Axel Weber,banker,Q3,,",
    )
    assert (outcome(connection), proposed(connection)) != before
    assert result.decision is not None
    speaker_decisions.undo(connection, result.decision, **WHO)
    assert (outcome(connection), proposed(connection)) == before
    assert connection.execute(text(ROLES)).all() == roles
    for table in ("list_rows", "list_names", "listed_speakers"):
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_the_same_list_again_changes_nothing(connection: Connection) -> None:
    print_all(connection, "Andrew Grove", "Andy Grove")
    rows = ("Andrew Grove,Andy Grove,,Q1,,", "Andrew Grove,Andy Grove,,Q1,,", "Sid Ryan,,,,,")
    first = bring(connection, *rows)
    assert (first.rows, first.known) == (2, 1)
    before = outcome(connection)
    assert bring(connection, *rows).decision is None
    assert outcome(connection) == before
    second = bring(connection, *rows, "Andrew Grove,A. Grove,,Q1,,")
    assert (second.rows, second.known) == (1, 3)
    assert second.decision is not None
    speaker_decisions.undo(connection, second.decision, **WHO)
    assert outcome(connection) == before


def test_a_name_that_two_rows_claim_is_proposed_and_not_joined(connection: Connection) -> None:
    print_all(connection, "Axel Weber", "Andrew Weber", "Weber")
    result = bring(connection, "Axel Weber,Weber,banker,Q1,,", "Andrew Weber,Weber,composer,Q2,,")
    assert result.claimed == ["Weber is a name of several rows: it joins none of them, and is proposed."]
    assert proposed(connection) == {("Axel Weber", "Weber"), ("Andrew Weber", "Weber")}
    assert len(shown(connection)) == 3
    assert result.decision is not None
    speaker_decisions.undo(connection, result.decision, **WHO)
    assert proposed(connection) == set()


def test_a_claimed_name_that_comes_later_is_proposed(connection: Connection) -> None:
    bring(connection, "Axel Weber,Weber,banker,Q1,,", "Andrew Weber,Weber,composer,Q2,,")
    print_all(connection, "Axel Weber", "Andrew Weber", "Weber")
    assert proposed(connection) == {("Axel Weber", "Weber"), ("Andrew Weber", "Weber")}
    assert len(shown(connection)) == 3


def test_two_of_one_name_with_two_qids_stay_two(connection: Connection) -> None:
    print_all(connection, "Sergei Ivanov", "Sergey Ivanov")
    assert len(shown(connection)) == 1
    result = bring(connection, "Sergei Ivanov,,minister,Q1,,", "Sergey Ivanov,,goalkeeper,Q2,,")
    assert shown(connection) == [
        ("Sergei Ivanov", ["Sergei Ivanov"], "Q1", "minister"),
        ("Sergey Ivanov", ["Sergey Ivanov"], "Q2", "goalkeeper"),
    ]
    assert result.parts == ["Sergei Ivanov (1) is 2 speakers: Sergei Ivanov and Sergey Ivanov."]
    assert result.decision is not None
    speaker_decisions.undo(connection, result.decision, **WHO)
    assert len(shown(connection)) == 1


POPES = (
    "Benedict XVI,the Pope|Pope,pope,Q2494,2005-04-19,2013-02-28",
    "Francis,Pope,pope,Q450675,2013-03-13,2025-04-21",
)


@pytest.mark.parametrize("first", ["articles", "list"])
def test_a_name_holds_only_in_its_time(connection: Connection, first: str) -> None:
    undated: tuple[str | None, ...] = ("2010-01-01", "2020-01-01", "1990-01-01", None)
    if first == "list":
        bring(connection, *POPES)
    for on in undated:
        print_all(connection, "Pope", on=on)
    if first == "articles":
        assert len(shown(connection)) == 1
        bring(connection, *POPES)
    assert shown(connection) == [
        ("Benedict XVI", ["Pope"], "Q2494", "pope"),
        ("Francis", ["Pope"], "Q450675", "pope"),
        ("Pope", ["Pope"], None, None),
    ]
    quotes = "SELECT speaker, quotes FROM report.speakers ORDER BY 1"
    assert connection.execute(text(quotes)).all() == [("Benedict XVI", 1), ("Francis", 1), ("Pope", 2)]
    print_all(connection, "Pope", on="2019-05-05")
    assert connection.execute(text(quotes)).all() == [("Benedict XVI", 1), ("Francis", 2), ("Pope", 2)]
    speaker_decisions.undo(connection, 1, **WHO)
    assert connection.execute(text(quotes)).all() == [("Pope", 5)]


def test_the_same_full_name_of_another_time_is_the_same_speaker(connection: Connection) -> None:
    bring(connection, "Sergey Lavrov,,foreign minister,Q58217,2004,")
    print_all(connection, "Sergey Lavrov", on="2001-01-01")
    assert shown(connection) == [("Sergey Lavrov", ["Sergey Lavrov"], None, None)]
    print_all(connection, "Sergey Lavrov", on="2005-01-01")
    assert shown(connection) == [("Sergey Lavrov", ["Sergey Lavrov"], "Q58217", "foreign minister")]


def test_single_decisions_outrank_a_list(connection: Connection) -> None:
    print_all(connection, "Sergey Lavrov", "Sergei Lavrov", "Sid Ryan")
    _, new = speaker_decisions.split(connection, 1, "Sergei Lavrov", **WHO)
    speaker_decisions.rename(connection, 2, "S. P. Ryan", **WHO)
    bring(connection, "Sergey Lavrov,Sergei Lavrov,minister,Q1,,", "Sid Ryan,,unionist,Q2,,")
    print_all(connection, "Sergei Lavrov")
    assert [row[:3] for row in shown(connection)] == [
        ("S. P. Ryan", ["Sid Ryan"], "Q2"),
        ("Sergei Lavrov", ["Sergei Lavrov"], None),
        ("Sergey Lavrov", ["Sergey Lavrov"], "Q1"),
    ]
    assert across.join(connection, [person("Sergei Lavrov")]) == [new]


def test_the_role_of_a_list_is_evidence_for_other_names(connection: Connection) -> None:
    print_all(connection, "William Oduya", person("Bill Oduya", "kenyan foreign minister"))
    assert proposed(connection) == {("Bill Oduya", "William Oduya")}
    bring(connection, "William Oduya,,Kenyan foreign minister,Q5,,")
    assert [row[:3] for row in shown(connection)] == [("William Oduya", ["Bill Oduya", "William Oduya"], "Q5")]
    speaker_decisions.undo(connection, 1, **WHO)
    assert proposed(connection) == {("Bill Oduya", "William Oduya")}


def test_the_order_of_list_and_articles_does_not_matter(connection: Connection) -> None:
    rows = ("Andrew Grove,Andy Grove,,Q1,,", "Jean Alingue Bawoyeu,Jean Alingue|Jean Bawoyeu Alingue,,Q2,,")
    names = ("Andy Grove", "Jean Alingue", "Andrew Grove", "Jean Bawayou Alingue", "Jean Bawoyeu Alingue")
    print_all(connection, *names)
    result = bring(connection, *rows)
    before = shown(connection)
    assert result.decision is not None
    savepoint = connection.begin_nested()
    connection.execute(text("TRUNCATE articles, speakers, list_rows, listed_speakers CASCADE"))
    bring(connection, *rows)
    print_all(connection, *names)
    assert shown(connection) == before
    savepoint.rollback()


MANY = ("name,aliases,role,qid,from,to", *(f"Ada Number{n:02},Addy Number{n:02},,Q{n + 1},," for n in range(30)))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (importing, unlisting):
        monkeypatch.setattr(module, "LEAST", 4)
        monkeypatch.setattr(module, "MOST", 4)


def count(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


@pytest.mark.usefixtures("small_batches")
def test_a_long_list_is_imported_and_taken_back_in_batches_and_both_go_on_where_they_stopped(engine: Engine) -> None:
    with engine.begin() as connection:
        print_all(connection, *(f"{given} Number{n:02}" for n in range(30) for given in ("Ada", "Addy")))
        before = outcome(connection), proposed(connection)
    prepared = prepare(read("\n".join(MANY).encode()).rows)

    def stop(done: int, total: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(engine, prepared, "people.csv", **WHO, on_progress=stop)
    assert count(engine, "SELECT count(*) FROM list_rows") == 12
    result = carry_out(engine, prepared, "people.csv", **WHO)
    assert (result.decision, result.rows, result.known, len(result.joins)) == (1, 18, 12, 18)
    assert count(engine, "SELECT count(*) FROM report.speakers") == 30
    assert carry_out(engine, prepared, "people.csv", **WHO).decision is None
    decide(engine, lambda connection: speaker_decisions.undo(connection, 1, **WHO))
    assert count(engine, "SELECT count(*) FROM list_rows") == 26
    with pytest.raises(Undecidable, match="taken decision 1"), engine.begin() as connection:
        import_rows(connection, prepared, "people.csv", **WHO, into=1)
    unlisting.finish(engine)
    assert count(engine, "SELECT count(*) FROM list_names") == 0
    with engine.connect() as connection:
        assert (outcome(connection), proposed(connection)) == before


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("at_once", [1000, 10])
def test_a_rehearsal_stores_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(importing, "REHEARSED_AT_ONCE", at_once)
    with engine.begin() as connection:
        print_all(connection, "Ada Number03", "Addy Number03")
    prepared = prepare(read("\n".join(MANY).encode()).rows)
    result = carry_out(engine, prepared, "people.csv", **WHO, is_rehearsal=True)
    assert (result.rows, len(result.joins)) == (30, 1)
    assert count(engine, "SELECT count(*) FROM list_rows") == count(engine, "SELECT count(*) FROM decisions") == 0

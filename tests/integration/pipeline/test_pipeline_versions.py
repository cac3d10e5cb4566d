"""Versions of the items of agencies: later ones replace, withdrawals withhold, in whatever order and file they come."""

import io
import itertools
import threading
import time
import zipfile

import pytest
from sqlalchemy import Connection, text

from tests.integration.pipeline.articles import HARBOUR, ORCHARD
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.items import CANCELED, CORRECTED, FERRY, item, message, ninjs
from tests.integration.pipeline.test_pipeline_reprocess import again
from worker.bounded.parser import BoundedParser
from worker.decisions import forgetting
from worker.decisions.deciding import decide
from worker.decisions.forgetting import FileVersion
from worker.parse.format import Limits
from worker.pipeline.document import process_document
from worker.store import outcome
from worker.store import versions as version_rows
from worker.store.reprocessing import Selection

REPLACED = "The reports show a later version of this item instead; `report.withdrawals` names it."
WITHDRAWN = (
    "The agency has withdrawn this item, so the reports leave this version out; `report.withdrawals` names the notice."
)
NOTICE = "With this version the agency withdraws the item, so the reports leave all its versions out."


def shown(pipeline: Pipeline) -> list[str]:
    """Return by its first words about the post boat each article that is in the reports."""
    rows = pipeline.rows("SELECT text FROM report.articles ORDER BY article_id")
    return ["corrected" if "fifteen" in row[0] else "first" if "twelve" in row[0] else row[0][:20] for row in rows]


def messages(pipeline: Pipeline) -> dict[str, tuple[str, str | None]]:
    """Return state and message of each file."""
    return {row[0]: (row[1], row[2]) for row in pipeline.rows("SELECT file, state, message FROM report.files")}


PATIENCE = 60.0  # seconds: several parsers start at the same moment, perhaps on a busy machine
FIRST, SECOND = item(1, FERRY), item(2, CORRECTED)
KILL = item(3, None, status=CANCELED)
REVISED = item(4, CORRECTED)


@pytest.mark.parametrize("order", [("a.xml", "b.xml"), ("b.xml", "a.xml")])
def test_a_later_version_replaces_the_earlier_in_either_order(pipeline: Pipeline, order: tuple[str, str]) -> None:
    versions = {"a.xml": FIRST, "b.xml": SECOND}
    for name in order:
        pipeline.drop(name, versions[name])
    assert shown(pipeline) == ["corrected"]
    assert messages(pipeline) == {"a.xml": ("stored", REPLACED), "b.xml": ("stored", None)}
    assert pipeline.rows("SELECT what, file, revision, by_file, by_revision, reported FROM report.withdrawals") == [
        ("replaced", "a.xml", "0000000001", "b.xml", "0000000002", False)
    ]
    assert pipeline.rows("SELECT count(*) FROM articles") == [(2,)]
    assert pipeline.rows("SELECT count(*) FROM report.quotes WHERE file = 'a.xml'") == [(0,)]


@pytest.mark.parametrize("order", [("a.xml", "kill.xml"), ("kill.xml", "a.xml")])
@pytest.mark.parametrize("words", [None, FERRY, "EDITORS: Kill the story about the ferry; it was not confirmed."])
def test_a_withdrawal_takes_the_item_out_in_either_order(
    pipeline: Pipeline, order: tuple[str, str], words: str | None
) -> None:
    versions = {"a.xml": FIRST, "kill.xml": item(3, words, status=CANCELED)}
    for name in order:
        pipeline.drop(name, versions[name])
    assert shown(pipeline) == []
    told = messages(pipeline)
    assert told["a.xml"][1] == WITHDRAWN
    assert told["kill.xml"][1] == NOTICE
    assert {state for state, _ in told.values()} <= {"stored", "duplicate"}
    rows = pipeline.rows("SELECT what, file, by_file FROM report.withdrawals ORDER BY file")
    assert rows == [("withdrawn", "a.xml", "kill.xml"), ("withdrawn", "kill.xml", "kill.xml")]
    assert pipeline.rows("SELECT count(*) FROM report.quotes") == [(0,)]


@pytest.mark.parametrize("order", list(itertools.permutations(["a.xml", "kill.xml", "d.xml"])))
def test_what_is_revised_after_a_withdrawal_is_shown_in_every_order(pipeline: Pipeline, order: list[str]) -> None:
    versions = {"a.xml": FIRST, "kill.xml": KILL, "d.xml": REVISED}
    for name in order:
        pipeline.drop(name, versions[name])
    assert shown(pipeline) == ["corrected"]
    told = {name: message for name, (_, message) in messages(pipeline).items()}
    assert told == {"a.xml": REPLACED, "kill.xml": REPLACED, "d.xml": None}


def test_the_first_text_returns_with_a_later_version(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("kill.xml", KILL)
    pipeline.drop("again.xml", item(4, FERRY))
    assert shown(pipeline) == ["first"]
    assert pipeline.rows("SELECT current FROM articles ORDER BY id") == [(True,), (False,)]


def test_versions_are_found_in_messages_archives_and_lines(pipeline: Pipeline) -> None:
    other = item(7, ORCHARD, guid="urn:newsml:coast.example:20240305:apples", title="Apples are few")
    pipeline.drop("message.xml", message(FIRST, other))
    assert sorted(shown(pipeline)) == ["The apple harvest is", "first"]

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("items/1.xml", SECOND)
        archive.writestr("items/2.xml", item(1, HARBOUR, guid="urn:newsml:coast.example:20240306:harbour"))
    pipeline.drop("feed.zip", packed.getvalue())
    assert sorted(shown(pipeline)) == ["LISBON - The harbour", "The apple harvest is", "corrected"]
    members = pipeline.rows("SELECT member, message FROM report.members WHERE file = 'message.xml' ORDER BY position")
    assert members == [("1", REPLACED), ("2", None)]
    by = pipeline.rows("SELECT file, member, by_file, by_member FROM report.withdrawals")
    assert by == [("message.xml", "1", "feed.zip", "items/1.xml")]

    uri = "urn:newsml:coast.example:20240305:ferry"
    pipeline.drop("lines.json", ninjs("3", "It is not true.", uri=uri, status="canceled"))
    assert sorted(shown(pipeline)) == ["LISBON - The harbour", "The apple harvest is"]


def test_a_file_says_how_many_of_its_members_are_left_out(pipeline: Pipeline) -> None:
    pipeline.drop("message.xml", message(FIRST, SECOND))
    assert messages(pipeline)["message.xml"] == (
        "stored",
        "1 of 2 members are versions that the reports leave out; `report.withdrawals` lists them.",
    )


def test_a_text_that_another_source_has_stays(pipeline: Pipeline) -> None:
    pipeline.drop("page.txt", FERRY)
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("kill.xml", KILL)
    assert shown(pipeline) == ["first"]
    assert pipeline.rows("SELECT file, what, reported FROM report.withdrawals ORDER BY file") == [
        ("a.xml", "withdrawn", True),
        ("kill.xml", "withdrawn", False),
    ]
    pipeline.drop("page.txt", HARBOUR)  # now only the agency had it
    assert shown(pipeline) == ["LISBON - The harbour"]


def test_a_text_under_two_ids_stays_until_both_are_withdrawn(pipeline: Pipeline) -> None:
    other = "urn:newsml:other.example:20240305:ferry"
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("other.xml", item(1, FERRY, guid=other))
    pipeline.drop("kill.xml", KILL)
    assert shown(pipeline) == ["first"]
    pipeline.drop("kill-other.xml", item(2, None, guid=other, status=CANCELED))
    assert shown(pipeline) == []


def test_versions_are_ordered_by_their_items_and_not_by_the_path(pipeline: Pipeline) -> None:
    ferry, harbour = "urn:newsml:coast.example:20240305:ferry", "urn:newsml:coast.example:20240306:harbour"
    pipeline.drop("latest.txt", ninjs("2", CORRECTED, uri=ferry))
    pipeline.drop("latest.txt", ninjs("1", FERRY, uri=ferry))
    assert shown(pipeline) == ["corrected"]
    pipeline.drop("latest.txt", ninjs("1", HARBOUR, uri=harbour))
    assert sorted(shown(pipeline)) == ["LISBON - The harbour", "corrected"]
    pipeline.drop("latest.txt", ORCHARD)
    assert sorted(shown(pipeline)) == ["LISBON - The harbour", "The apple harvest is", "corrected"]
    pipeline.drop("latest.txt", FERRY)  # what is no version is replaced as at any path
    assert sorted(shown(pipeline)) == ["LISBON - The harbour", "corrected", "first"]


def test_equal_revisions_are_ordered_by_arrival(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", item(1, FERRY))
    pipeline.drop("b.xml", item(1, CORRECTED))
    assert shown(pipeline) == ["corrected"]


def test_other_ids_and_other_outlets_replace_nothing(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", item(1, FERRY, guid="17"))
    pipeline.drop("b.xml", item(2, HARBOUR, guid="17", provider="Valley Press"))
    pipeline.drop("c.xml", item(2, ORCHARD, guid="18"))
    assert len(shown(pipeline)) == 3
    pipeline.drop("d.xml", item(2, CORRECTED, guid="17"))
    assert len(shown(pipeline)) == 3
    assert "first" not in shown(pipeline)


def test_the_id_of_a_database_replaces_nothing(pipeline: Pipeline) -> None:
    record = "TY  - NEWS\nT1  - {}\nJF  - The Alvor Courier\nY1  - 2024/03/05\nAN  - 2934001122\nAB  - {}\nER  -\n"
    pipeline.drop("a.ris", record.format("Harbour", HARBOUR))
    pipeline.drop("b.ris", record.format("Orchard", ORCHARD))
    rows = pipeline.rows("SELECT identifier, format FROM report.sources")
    assert rows == [("2934001122", "RIS")] * 2
    assert pipeline.rows("SELECT count(*) FROM items") == [(0,)]


def test_a_forgotten_version_lets_nothing_return(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("b.xml", SECOND)
    [(row, digest)] = pipeline.rows("SELECT id, sha256 FROM files WHERE shown = 'b.xml'")
    version = FileVersion(row, digest)
    decide(
        pipeline.engine,
        lambda connection: forgetting.forget_file(connection, "b.xml", [version], who="Ida", reason="wrong"),
    )
    forgetting.remove(pipeline.engine)
    assert shown(pipeline) == []
    pipeline.drop("zero.xml", item(0, HARBOUR))
    assert shown(pipeline) == []
    assert messages(pipeline)["zero.xml"][1] == "A later version of this item was forgotten, so the reports show none."
    pipeline.drop("c.xml", item(5, ORCHARD))
    assert shown(pipeline) == ["The apple harvest is"]


def test_what_only_a_withdrawn_source_is_left_of_leaves(pipeline: Pipeline) -> None:
    pipeline.drop("page.txt", FERRY)
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("kill.xml", KILL)
    [(row, digest)] = pipeline.rows("SELECT id, sha256 FROM files WHERE shown = 'page.txt'")
    decide(
        pipeline.engine,
        lambda connection: forgetting.forget_file(
            connection, "page.txt", [FileVersion(row, digest)], who="Ida", reason="asked for it"
        ),
    )
    forgetting.remove(pipeline.engine)
    assert shown(pipeline) == []


def test_archived_and_missing_files_make_no_difference(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", FIRST, after="archive")
    with pipeline.engine.begin() as connection:
        connection.execute(text("UPDATE files SET after_done_at = now(), missing_since = now()"))
    pipeline.drop("b.xml", SECOND)
    assert shown(pipeline) == ["corrected"]


@pytest.mark.parametrize("turn", range(3))
def test_workers_that_store_versions_at_the_same_time_end_the_same(pipeline: Pipeline, turn: int) -> None:
    versions = {"a.xml": FIRST, "b.xml": SECOND, "kill.xml": KILL, "d.xml": REVISED, "e.xml": item(2, FERRY)}
    for name, content in versions.items():
        (pipeline.inbox / name).write_text(content)
    pipeline.sight(*versions)
    pipeline.read()
    documents = [
        row[0] for row in pipeline.rows("SELECT id FROM documents ORDER BY md5(id::text || :turn)", turn=str(turn))
    ]
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with BoundedParser(Limits(), 1_500_000_000, PATIENCE) as parser:
                while documents:
                    process_document(pipeline.engine, pipeline.process_id, documents.pop(), parser)
        except BaseException as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    outcome.settle_all(pipeline.engine)
    assert failures == []
    assert shown(pipeline) == ["corrected"]
    told = {name: told for name, (_, told) in messages(pipeline).items()}
    assert told == {"a.xml": REPLACED, "b.xml": None, "kill.xml": REPLACED, "d.xml": None, "e.xml": REPLACED}


@pytest.mark.parametrize("first", ["a.xml", "kill.xml"])
def test_a_version_waits_for_the_transaction_of_another_one(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    versions = {"a.xml": FIRST, "kill.xml": KILL}
    for name, content in versions.items():
        (pipeline.inbox / name).write_text(content)
    pipeline.sight(*versions)
    pipeline.read()
    documents = dict(
        pipeline.rows("SELECT f.shown, p.document_id FROM files f JOIN file_documents p ON p.file_id = f.id")
    )
    inside, go_on = threading.Event(), threading.Event()
    order = version_rows.order

    def ordering(connection: Connection, item: int) -> bool:
        """Stand still in the first transaction that holds the item, until the test lets it go on."""
        if not inside.is_set():
            inside.set()
            assert go_on.wait(20)
        return order(connection, item)

    def process(document: int) -> None:
        with BoundedParser(Limits(), 1_500_000_000, PATIENCE) as parser:
            process_document(pipeline.engine, pipeline.process_id, document, parser)

    monkeypatch.setattr(version_rows, "order", ordering)
    workers = [threading.Thread(target=process, args=(documents.pop(first),))]
    workers[0].start()
    assert inside.wait(60)
    workers.append(threading.Thread(target=process, args=documents.popitem()[1:]))
    workers[1].start()
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO items%'"
    )
    for _ in range(600):
        if pipeline.rows(waiting) == [(1,)]:
            break
        time.sleep(0.1)
    assert pipeline.rows(waiting) == [(1,)]
    go_on.set()
    for worker in workers:
        worker.join()
    assert shown(pipeline) == []
    assert {name: told for name, (_, told) in messages(pipeline).items()} == {"a.xml": WITHDRAWN, "kill.xml": NOTICE}


FORGET_VERSIONS = ("UPDATE items SET newest = NULL", "DELETE FROM item_versions", "DELETE FROM items")


def test_what_an_older_release_stored_gets_its_versions_when_it_is_parsed_again(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("b.xml", SECOND)
    before = pipeline.rows(
        "SELECT identifier, revision, section, wire, format FROM article_sources ORDER BY document_id"
    )
    with pipeline.engine.begin() as connection:
        for statement in FORGET_VERSIONS:
            connection.execute(text(statement))
        connection.execute(text("UPDATE article_sources SET identifier = NULL, revision = NULL, format = NULL"))
        connection.execute(text("UPDATE articles SET current = true"))
    assert len(shown(pipeline)) == 2

    again(pipeline, Selection(), reparse=True)
    assert shown(pipeline) == ["corrected"]
    after = pipeline.rows(
        "SELECT identifier, revision, section, wire, format FROM article_sources ORDER BY document_id"
    )
    assert after == before
    assert messages(pipeline)["a.xml"] == ("stored", REPLACED)


def test_a_version_that_a_new_parser_finds_in_another_item_leaves_the_old_one(pipeline: Pipeline) -> None:
    pipeline.drop("a.xml", FIRST)
    pipeline.drop("b.xml", SECOND)
    with pipeline.engine.begin() as connection:  # as if an older parser had read another id, and no withdrawal
        connection.execute(text("UPDATE items SET key = sha256('other')"))
    again(pipeline, Selection(), reparse=True)
    assert shown(pipeline) == ["corrected"]
    assert pipeline.rows("SELECT count(DISTINCT item_id) FROM item_versions") == [(1,)]
    assert pipeline.rows("SELECT newest IS NULL FROM items ORDER BY id") == [(True,), (False,)]


@pytest.mark.parametrize("order", [("a.xml", "b.xml"), ("b.xml", "a.xml")])
def test_a_later_version_with_the_same_text_gives_its_headline(pipeline: Pipeline, order: tuple[str, str]) -> None:
    versions = {"a.xml": FIRST, "b.xml": item(2, FERRY, title="CORRECTED: Ferry to Brenna stops until April")}
    for name in order:
        pipeline.drop(name, versions[name])
    title = [("CORRECTED: Ferry to Brenna stops until April", 2)]
    assert pipeline.rows("SELECT title, sources FROM report.articles") == title
    assert {told for _, told in messages(pipeline).values()} == {None}
    assert again(pipeline, Selection(), reparse=True) == ["unchanged"]
    assert pipeline.rows("SELECT title, sources FROM report.articles") == title

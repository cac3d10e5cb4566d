"""The order of arrival does not matter: the seeds in all six orders, by one worker and by four."""

import itertools
import threading

import pytest
from sqlalchemy import text

from tests.integration.pipeline.conftest import Pipeline
from tests.sample_articles import ARTICLES
from worker.bounded.parser import BoundedParser
from worker.parse.format import Limits
from worker.pipeline.document import process_document
from worker.store import outcome
from worker.store.tables.models import Base
from worker.tasks.housekeeping import reconcile_all

PICTURE = (
    "SELECT speaker, kind, quotes, statements, names FROM report.speakers ORDER BY speaker, quotes",
    "SELECT statement, speaker, quotes, articles FROM report.statements ORDER BY statement, speaker",
    "SELECT array_agg(first_file ORDER BY first_file) AS files FROM report.articles GROUP BY story_id ORDER BY files",
    "SELECT quote, speaker, file FROM report.quotes ORDER BY file, start_char, quote",
)


def empty(pipeline: Pipeline) -> None:
    """Empty the folder and the tables, except the rows whose ids a process keeps in memory."""
    # A process keeps the ids of the first four in memory; the rows of the last one never change.
    kept = {"inboxes", "processes", "extractor_versions", "outlets", "surname_locks", "locks"}
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables if table.name not in kept)
    with pipeline.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    for path in pipeline.inbox.iterdir():
        path.unlink()


def picture(pipeline: Pipeline) -> list[object]:
    """Return the contents of the reports, without ids of rows."""
    reconcile_all(pipeline.engine)
    return [pipeline.rows(query) for query in PICTURE]


def test_one_worker_in_all_six_orders(pipeline: Pipeline) -> None:
    pictures = []
    for order in itertools.permutations(ARTICLES):
        empty(pipeline)
        for seed in order:
            pipeline.drop(seed.name, seed.read_bytes())
        pictures.append(picture(pipeline))
    assert len(pictures[0][0]) > 5  # type: ignore[arg-type]
    for other in pictures[1:]:
        assert other == pictures[0]


@pytest.mark.parametrize("turn", range(3))
def test_four_workers_at_once_give_what_one_gives(pipeline: Pipeline, turn: int) -> None:
    for seed in ARTICLES:
        pipeline.drop(seed.name, seed.read_bytes())
    alone = picture(pipeline)
    empty(pipeline)
    for seed in ARTICLES:
        (pipeline.inbox / seed.name).write_bytes(seed.read_bytes())
        # The same text again, in other bytes: two workers try to store it at the same time.
        (pipeline.inbox / f"again-{seed.name}").write_bytes(seed.read_bytes() + b"\n")
    pipeline.sight(*(path.name for path in pipeline.inbox.iterdir()))
    pipeline.read()
    documents = [
        row[0] for row in pipeline.rows("SELECT id FROM documents ORDER BY md5(id::text || :turn)", turn=str(turn))
    ]
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with BoundedParser(Limits(), 1_500_000_000, 10.0) as parser:
                while documents:
                    process_document(pipeline.engine, pipeline.process_id, documents.pop(), parser)
        except BaseException as failure:
            failures.append(failure)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    outcome.settle_all(pipeline.engine)
    assert pipeline.rows("SELECT state, count(*) FROM documents GROUP BY 1 ORDER BY 1") == [
        ("duplicate", 3),
        ("stored", 3),
    ]
    together = picture(pipeline)
    assert together[:2] == alone[:2]

"""The numbered changes of what `report.quotes` shows."""

from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from worker.store import changes, telling
from worker.store.changes import Change


def told(pipeline: Pipeline) -> list[Change]:
    """Number what is marked; return the new changes."""
    with pipeline.engine.connect() as connection:
        before = changes.latest(connection)
    for _ in range(100):
        with pipeline.engine.begin() as connection:
            if telling.tell_some(connection) is None:
                break
    with pipeline.engine.connect() as connection:
        return changes.after(connection, before, 10_000)


def test_what_is_stored_is_added_once(pipeline: Pipeline) -> None:
    pipeline.drop("harbour.txt", HARBOUR)
    new = told(pipeline)
    assert [(change.kind, change.quote_id) for change in new] == [
        ("added", quote) for (quote,) in pipeline.rows("SELECT quote_id FROM report.quotes ORDER BY 1")
    ]
    assert [change.change_id for change in new] == list(range(1, len(new) + 1))
    assert told(pipeline) == []

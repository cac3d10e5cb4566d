"""Large articles: their final transactions run few statements, and hardly compare texts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from tests.integration.pipeline import test_pipeline_reprocess
from tests.integration.pipeline.articles import HARBOUR
from tests.integration.pipeline.conftest import Pipeline
from tests.integration.pipeline.test_pipeline_reprocess import again
from tests.unit.growth.shapes import word
from worker.dedupe import stories
from worker.dedupe.wording import likeness
from worker.extract import version
from worker.extract.model import reader
from worker.extract.version import Mode
from worker.pipeline.reprocess import reprocess_item
from worker.speakers.across import similar
from worker.speakers.across.matching import compare
from worker.store.reprocessing import Selection

OUTDATED = Selection(outdated=True, label="outdated")


def speech(quotations: int) -> str:
    """Return an article with ever new speakers, surnames alone, and quotations inside quotations."""
    lines = (
        f"“She told me, ‘We will all go to {word(number)} at {number} today,’ and then she left us,” "
        f"said {word(number)} {word(number % 7)}. “It is {number} o'clock,” {word(number * 3)} said."
        for number in range(quotations // 2)
    )
    return "\n\n".join(lines)


@contextmanager
def counted(pipeline: Pipeline) -> Iterator[list[str]]:
    """Collect the SQL statements that are run inside this context."""
    statements: list[str] = []

    def collect(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(pipeline.engine, "before_cursor_execute", collect)
    try:
        yield statements
    finally:
        event.remove(pipeline.engine, "before_cursor_execute", collect)


def outdate(pipeline: Pipeline) -> None:
    """Let all articles count as read by an older extractor."""
    with pipeline.engine.begin() as connection:
        connection.execute(text("UPDATE extractor_versions SET generation = generation - 1"))


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor of the next generation."""
    monkeypatch.setitem(version.GENERATIONS, Mode.FULL, version.GENERATIONS[Mode.FULL] + 1)


@pytest.mark.usefixtures("newer")
def test_the_number_of_statements_does_not_grow_with_the_article(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[int] = []
    for size in (20, 200):
        with counted(pipeline) as statements:
            pipeline.drop(f"{size}.txt", speech(size))
        stored.append(len(statements))
    assert pipeline.rows("SELECT count(*) > 50 FROM quotes WHERE inside IS NOT NULL") == [(True,)]
    assert stored[1] < 2 * stored[0]
    outdate(pipeline)
    read_again: list[int] = []
    monkeypatch.setattr(test_pipeline_reprocess, "reprocess_item", counting(pipeline, read_again))
    assert again(pipeline, OUTDATED) == ["done", "done"]
    assert read_again[1] < 2 * read_again[0]


def counting(pipeline: Pipeline, counts: list[int]) -> Callable[..., str | None]:
    """Return the function that reads an article again; it adds the number of its statements to `counts`."""

    def item(*arguments: object) -> str | None:
        with counted(pipeline) as statements:
            state = reprocess_item(*arguments)  # type: ignore[arg-type]
        counts.append(len(statements))
        return state

    return item


def test_a_name_is_compared_with_those_that_share_a_key(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "FEW", 20)
    compared: list[object] = []

    def count(*names: object) -> object:
        compared.append(names)
        return compare(*names)  # type: ignore[arg-type]

    monkeypatch.setattr("worker.speakers.across.partition.compare", count)
    pipeline.drop("speech.txt", speech(300))
    speakers = pipeline.rows("SELECT count(*) FROM speakers")[0][0]
    assert speakers > 150
    assert len(compared) < 30 * speakers < speakers * speakers / 4


@pytest.fixture
def outside(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what is compared; a comparison while this process uses a connection fails the test.

    The few words that may be compared in a transaction count as none.
    """
    compared: list[str] = []
    monkeypatch.setattr("worker.dedupe.comparer.WORDS_AT_ONCE", 0)

    def watched(name: str, compare: Callable[..., object]) -> Callable[..., object]:
        def watch(*texts: object) -> object:
            assert pipeline.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
            compared.append(name)
            return compare(*texts)

        return watch

    monkeypatch.setattr("worker.dedupe.comparer.likeness", watched("quotations", likeness))
    monkeypatch.setattr(stories, "_copied", watched("texts", stories._copied))
    return compared


@pytest.mark.usefixtures("newer")
def test_texts_are_compared_outside_of_transactions(pipeline: Pipeline, outside: list[str]) -> None:
    pipeline.drop("first.txt", HARBOUR)
    edited = HARBOUR.replace("a day's pay because of it", "a day's pay because of all this").replace("town", "city")
    pipeline.drop("second.txt", edited)
    assert set(outside) == {"quotations", "texts"}
    assert pipeline.rows("SELECT count(*), count(DISTINCT story_id) FROM articles") == [(2, 1)]
    quotes, statements = pipeline.rows("SELECT count(*), count(DISTINCT statement_id) FROM quotes")[0]
    assert quotes == 2 * statements
    del outside[:]
    outdate(pipeline)
    with pipeline.engine.begin() as connection:
        for statement in (
            "UPDATE quotes SET statement_id = NULL",
            "DELETE FROM statement_keys",
            "DELETE FROM statements",
        ):
            connection.execute(text(statement))
    assert again(pipeline, OUTDATED) == ["done", "done"]
    assert "quotations" in outside


def test_a_text_that_the_reader_does_not_read_whole_has_a_warning(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_PIECES", 60)
    pipeline.drop("harbour.txt", HARBOUR)
    [(warnings,)] = pipeline.rows("SELECT warnings FROM articles")
    assert [note.startswith(reader.UNREAD) for note in warnings] == [True]
    assert again(pipeline, Selection(label="all"), reparse=True) == ["unchanged"]
    assert pipeline.rows("SELECT warnings FROM articles") == [(warnings,)]

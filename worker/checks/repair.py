"""Repairs what can be derived from other rows: counts again, moves to the right owner, deletes what belongs to nothing.

The rows that are wrong are looked for without a lock. Each repair is then a short transaction that holds the lock of
decisions, so no article is stored meanwhile; so a repair must leave rows alone that are right by then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine, TextClause
from sqlalchemy.exc import DBAPIError

from worker.checks import repair_quotes, repair_speakers, texts
from worker.checks.check import QUESTIONS, SECONDS, Progress, snapshot
from worker.decisions.deciding import decide
from worker.dedupe.sketch import sketch
from worker.speakers.across import unlisting
from worker.store import files as file_rows
from worker.store import outcome, versions
from worker.store.checking import mending
from worker.store.checking.question import Question, limit, wrong_among, wrong_rows
from worker.store.db.conflicts import QUERY_CANCELED, state_of

BATCH = 200
"""At most this many rows are repaired in one transaction."""
MOST = 1_000_000
"""At most this many rows of one question are repaired by one command."""

BY_NAME = {question.name: question for question in QUESTIONS}
"""Every question, by its name."""

Repair = Callable[[Connection, Sequence[int]], None]
"""Repairs the rows with these ids; rows that are right by now do not change."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many rows of a question were wrong and went through its repair."""

    question: Question
    count: int


def _run(statement: TextClause, *more: TextClause) -> Repair:
    """Return the repair that runs these statements for the ids."""

    def repair(connection: Connection, ids: Sequence[int]) -> None:
        for each in (statement, *more):
            mending.run(connection, each, ids)

    return repair


def _settle(connection: Connection, files: Sequence[int]) -> None:
    mending.run(connection, mending.COUNT_MEMBERS, files)
    for file_id in files:
        outcome.settle(connection, file_id)


def _settle_holders(connection: Connection, articles: Sequence[int], *, come_back: bool = False) -> None:
    for file_id in mending.found(connection, mending.FILES_OF_ARTICLES, articles):
        outcome.settle(connection, file_id, come_back=come_back)


def _store_from_first(connection: Connection, articles: Sequence[int]) -> None:
    mending.run(connection, mending.STORED_FROM_FIRST, articles)
    _settle_holders(connection, articles)


def _read_again(connection: Connection, files: Sequence[int]) -> None:
    for file_id in files:
        file_rows.read_again(connection, file_id)


def _compute_again(connection: Connection, articles: Sequence[int]) -> None:
    for article in mending.texts_of(connection, articles):
        if (hashed := texts.hash_of(article)) is not None:
            mending.set_hash(connection, article.id, hashed)
        mending.set_sketch(connection, article.id, sketch(article.body))


def _order_versions(connection: Connection, items: Sequence[int]) -> None:
    for item in items:
        versions.order(connection, item)
        versions.show(connection, item)


def _where_still_wrong(name: str, mend: Repair) -> Repair:
    """Return a repair that leaves alone the rows that are right by now, for a `mend` that would change them."""

    def repair(connection: Connection, ids: Sequence[int]) -> None:
        mend(connection, wrong_among(connection, BY_NAME[name], ids))

    return repair


REPAIRS: Mapping[str, Repair] = {
    # what was computed from texts, and what follows from it
    "article-hash": _compute_again,
    "article-sketch": _compute_again,
    "story-without-article": _run(mending.REMOVE_STORIES),
    "fingerprint-without-story": _run(mending.REMOVE_FINGERPRINTS),
    "fingerprint-without-article": _run(mending.REMOVE_FINGERPRINTS),
    "story-without-fingerprint": _run(mending.ADD_FINGERPRINTS),
    # speakers and decisions, before the statements, which follow from them
    "merged-twice": repair_speakers.flatten,
    "merge-not-in-force": repair_speakers.merge_again,
    "merged-without-decision": _where_still_wrong("merged-without-decision", repair_speakers.part),
    "list-without-import": _where_still_wrong("list-without-import", repair_speakers.end_imports),
    "choice-without-decision": _where_still_wrong("choice-without-decision", repair_speakers.put_back),
    "speaker-beside-choice": repair_speakers.decide_again,
    "choice-not-in-force": repair_speakers.decide_again,
    "no-speaker-not-in-force": repair_speakers.decide_again,
    "rejection-not-in-force": repair_speakers.decide_again,
    "rejected-without-decision": _where_still_wrong("rejected-without-decision", repair_speakers.show_again),
    "acceptance-not-in-force": repair_speakers.decide_again,
    "accepted-without-decision": _where_still_wrong("accepted-without-decision", repair_speakers.hide_again),
    "proposal-without-speaker": _run(mending.REMOVE_HALF_PROPOSALS),
    "speaker-without-quote": _where_still_wrong("speaker-without-quote", _run(mending.REMOVE_SPEAKERS)),
    "name-missing": repair_speakers.count_names,
    "name-count": repair_speakers.count_names,
    "name-without-quote": _where_still_wrong("name-without-quote", repair_speakers.remove_names),
    "speaker-without-key": repair_speakers.make_keys,
    # quotations and statements
    "extraction-count": _run(mending.COUNT_QUOTES),
    "quote-inside-old-quote": _run(mending.UNNEST),
    "quote-inside-itself": _run(mending.UNNEST),
    "quote-without-statement": repair_quotes.give_statements,
    "statement-of-another-speaker": repair_quotes.give_statements,
    "statement-without-speaker": repair_quotes.give_away,
    "statement-without-story": repair_quotes.give_away,
    "statement-without-quote": repair_quotes.reword,
    "statement-with-other-words": repair_quotes.reword,
    "key-without-statement": _run(mending.REMOVE_LOST_KEYS),
    "key-of-another-speaker": repair_quotes.make_keys,
    "statement-without-key": repair_quotes.make_keys,
    "quote-untold": _where_still_wrong("quote-untold", _run(mending.MARK_UNTOLD)),
    # documents and files, whose numbers follow from the documents
    "forgotten-but-kept": _run(mending.EMPTY_FORGOTTEN),
    "source-of-another-article": _run(mending.REMOVE_WRONG_SOURCES),
    "document-without-source": _run(mending.ADD_SOURCES),
    "article-without-source": repair_quotes.add_sources,
    "article-without-stored-document": _store_from_first,
    "item-newest": _where_still_wrong("item-newest", _order_versions),
    "article-withdrawn-but-shown": versions.hide_unheld,
    "article-hidden": partial(_settle_holders, come_back=True),
    "rereading-after-end": _run(mending.RUN_AGAIN),
    "file-without-member": _where_still_wrong("file-without-member", _read_again),
    "file-open-member": _where_still_wrong("file-open-member", outcome.reopen),
    "file-members": _settle,
    "file-counts": _settle,
    "file-state": _settle,
}
"""The repair of each question that has one, in the order in which they run."""


def repair(
    engine: Engine, seconds: float = SECONDS, on_question: Progress = lambda _place, _question: None
) -> Iterator[Repaired]:
    """Run every repair for the rows that are wrong; yield what was done, one question after the other.

    The rows of each question are looked for during at most `seconds`. Rows that cannot be found or repaired in time
    stay as they are, and the next question goes on; the check that follows says so. `on_question` is called before each
    question.
    """
    of_texts: dict[str, list[int]] | None = None
    for place, (name, mend) in enumerate(REPAIRS.items(), start=1):
        question = BY_NAME[name]
        on_question(place, question)
        ids: list[int] = []
        with _in_time(), snapshot(engine) as connection:
            limit(connection, seconds)
            if question.query:
                ids = wrong_rows(connection, question, MOST)
            else:  # every article is read once for all questions of this kind
                of_texts = of_texts or texts.read(connection, 0, seconds).wrong
                ids = of_texts[name]
        count = 0
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            with _in_time():
                _in_one_transaction(engine, mend, batch)
                count += len(batch)
                unlisting.finish(engine)
        if count:
            yield Repaired(question, count)


@contextmanager
def _in_time() -> Iterator[None]:
    """Leave the block if PostgreSQL cancels a statement of it that takes too long."""
    try:
        yield
    except DBAPIError as error:
        if state_of(error) != QUERY_CANCELED:
            raise


def _in_one_transaction(engine: Engine, mend: Repair, ids: Sequence[int]) -> None:
    """Mend the rows as a decision is carried out: no speaker is half moved meanwhile."""
    decide(engine, lambda connection: mend(connection, ids))

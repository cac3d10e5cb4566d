"""Forgetting: removes one article, the articles of a file, or the articles of an outlet.

First the decision is stored with its marks, which are hashes (`worker.store.marks`). From then on nothing with such a
hash is stored or split. Then `remove` deletes what is stored, in short transactions, so that articles arrive meanwhile.
If it is interrupted, the next call goes on, whoever makes it. The user's files are not changed.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from worker.decisions.deciding import decide
from worker.decisions.removing import Removed, remove_some, remove_uncarried_names
from worker.store import decisions, forgetting, marks, outcome, stories, telling
from worker.store.catalogue import outlet_key
from worker.store.db.conflicts import QUERY_CANCELED, state_of
from worker.store.decisions import Undecidable
from worker.store.marks import DatedMark, Mark

CHUNK = 5000
"""At most this many documents are marked, or hashes of stories deleted, in one transaction."""
STEP_SECONDS = 0.2
"""Keep the transactions of the removal about this short: articles that arrive wait for them."""
MOST = 1000
"""At most this many marks are gone through in one transaction."""

Progress = Callable[[int, int], None]
"""Is told how many marks are done, and how many there are as far as is known."""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One row of `files` that is to be forgotten, and the SHA-256 of its content; None if it was not read yet."""

    id: int
    sha256: bytes | None


@dataclass(slots=True)
class Removal:
    """What `remove` has removed: ids of articles, and the number of documents that were emptied."""

    articles: list[int] = field(default_factory=list)
    documents: int = 0


def forget_article(connection: Connection, article_id: int, *, who: str, reason: str) -> int:
    """Mark an article with every document that contains it; return the decision's id."""
    value = {"article": article_id}
    unfinished = decisions.unfinished_forgetting(connection, value)
    if unfinished is not None:
        return unfinished
    hashes = forgetting.hashes_of_article(connection, article_id)
    if hashes is None:
        raise Undecidable(f"There is no article {article_id}; `report.articles` lists them.")
    decision = decisions.record(connection, "forget", who=who, reason=reason, value=value)
    text_mark, *documents = hashes
    marks.add(connection, decision, {Mark("text", text_mark), *(Mark("document", hashed) for hashed in documents)})
    return decision


def forget_file(connection: Connection, name: str, versions: Sequence[FileVersion], *, who: str, reason: str) -> int:
    """Mark every version of a file, called `name`; return the decision's id.

    An article that a document with other bytes contains too is kept. A version that was not read yet is marked as soon
    as it is read.
    """
    if not versions:
        raise Undecidable(f"There is no file {name}; `onrecord files` lists them.")
    value = {"file": name}
    decision = decisions.unfinished_forgetting(connection, value)
    if decision is None:
        decision = decisions.record(connection, "forget", who=who, reason=reason, value=value)
    # Versions that arrived after an interrupted removal are marked, too.
    contents = {version.sha256 for version in versions if version.sha256 is not None}
    marks.add(connection, decision, {Mark("file", sha256) for sha256 in contents})
    for sha256 in contents:
        forgetting.end_open_files(connection, sha256)
    forgetting.mark_unread(connection, decision, [version.id for version in versions if version.sha256 is None])
    return decision


def forget_outlet(connection: Connection, outlet: str, *, who: str, reason: str) -> int:
    """Mark an outlet (given by name), so that nothing of it is stored; return the decision's id.

    The decision keeps a hash of the name.
    """
    if not outlet_key(outlet):
        raise Undecidable("Give the outlet's name; `report.outlets` lists them.")
    mark = Mark("outlet", marks.of_outlet(outlet))
    value = {"outlet": mark.hash.hex()}
    unfinished = decisions.unfinished_forgetting(connection, value)
    if unfinished is not None:
        return unfinished
    decision = decisions.record(connection, "forget", who=who, reason=reason, value=value)
    marks.add(connection, decision, {mark})
    return decision


def lift(connection: Connection, decision_id: int) -> None:
    """Delete the marks of a decision that was undone, so that its texts may be stored again.

    Nothing comes back by itself. If the removal had not ended, it goes no further.
    """
    undone = decisions.of_forgetting(connection, decision_id)
    marks.lift(connection, undone)
    forgetting.lift_unread(connection, undone)


def apply_marks(engine: Engine, again: Iterable[Mark | DatedMark], *, who: str, reason: str) -> int | None:
    """Mark in this database what was forgotten elsewhere, or before a backup was restored; return the decision's id.

    Marks that are in force already are left out; if no other mark is given, nothing is decided, and None is returned.
    The caller must call `remove` afterwards. Memory stays flat.
    """
    iterator = iter(again)
    decision: int | None = None
    while chunk := [Mark(mark.kind, mark.hash) for mark in islice(iterator, CHUNK)]:
        decision = decide(engine, lambda connection, c=chunk, d=decision: _add_again(connection, c, d, who, reason))  # type: ignore[misc]
    return decision


def _add_again(
    connection: Connection, chunk: Sequence[Mark], decision: int | None, who: str, reason: str
) -> int | None:
    new = {
        mark
        for kind in {mark.kind for mark in chunk}
        for known in [marks.among(connection, [mark.hash for mark in chunk if mark.kind == kind], kind)]
        for mark in chunk
        if mark.kind == kind and mark.hash not in known
    }
    if not new:
        return decision
    if decision is None:
        decision = decisions.record(connection, "forget", who=who, reason=reason, value={"again": True})
    marks.add(connection, decision, new)
    for mark in new:
        if mark.kind == "file":
            forgetting.end_open_files(connection, mark.hash)
    return decision


def remove(engine: Engine, progress: Progress | None = None, going_on: Callable[[], bool] = lambda: True) -> Removal:
    """Remove everything that is marked and still stored, of all decisions to forget; return what was removed.

    Every step is a short transaction that holds the decision lock. Stop early, after a step, when `going_on()` is
    false. At the end, the files that held the documents get their new states.
    """
    removal = Removal()
    large: set[int] = set()
    interrupted = False
    while going_on():
        with engine.begin() as connection:
            found = marks.unfinished(connection)
            interrupted = interrupted or marks.any_begun(connection, found)
        if not found:
            break
        for decision in found:
            _expand(engine, decision, going_on)
            for step in _steps(engine, decision, going_on, progress):
                removal.articles += step.articles
                removal.documents += step.documents
                large |= step.large_stories
            _settle(engine, decision)
        _remove_uncarried_names(engine, going_on)
        telling.tell(engine, going_on)  # this deletes the digests of the words
    _remove_fingerprints(engine, large, orphaned=interrupted)
    return removal


def _remove_fingerprints(engine: Engine, large: set[int], *, orphaned: bool) -> None:
    """Delete the hashes that large stories have no more, and with `orphaned` those of stories that are gone.

    They are looked for without any lock, since that takes long, and looked at again in each transaction that deletes.
    """
    with engine.begin() as connection:
        found = stories.unused_fingerprints(connection, large) if large else []
        if orphaned:  # whoever was interrupted knew large stories, and told nobody
            found += stories.orphaned_fingerprints(connection)
    for batch in (found[start : start + CHUNK] for start in range(0, len(found), CHUNK)):
        decide(engine, lambda connection, b=batch: stories.remove_unused_fingerprints(connection, b))  # type: ignore[misc]


def _expand(engine: Engine, decision: int, going_on: Callable[[], bool]) -> None:
    """Mark the documents of the marked files and outlets of a decision."""
    with engine.begin() as connection:
        wide = marks.left(connection, decision, 1000, "file", "outlet")
    for mark in wide:
        after = 0 if mark.kind == "outlet" else -1
        ended = False
        while not ended and going_on():
            after, ended = decide(engine, lambda connection, m=mark, a=after: _mark_some(connection, decision, m, a))  # type: ignore[misc]


def _mark_some(connection: Connection, decision: int, mark: Mark, after: int) -> tuple[int, bool]:
    """Mark some documents of a marked file or outlet; return where to go on, and whether all of them are marked now."""
    if not marks.is_left(connection, decision, mark):
        return after, True  # the decision was undone, or another process has done this
    if mark.kind == "outlet":
        hashes, last = forgetting.hashes_of_outlet(connection, mark.hash, after, CHUNK)
        after, ended = last or after, last is None
    else:
        hashes = forgetting.hashes_of_file(connection, mark.hash, after + 1, CHUNK)
        after += CHUNK
        ended = after >= forgetting.last_position(connection, mark.hash)
        forgetting.end_open_files(connection, mark.hash)
    marks.add(connection, decision, {Mark("document", hashed) for hashed in hashes})
    if ended:
        marks.removed(connection, decision, [mark])
    return after, ended


def _steps(engine: Engine, decision: int, going_on: Callable[[], bool], progress: Progress | None) -> Iterator[Removed]:
    """Remove what has the marks of a decision, step by step."""
    with engine.begin() as connection:
        total = marks.count_left(connection, decision)
    size = _Size()
    done = 0
    while going_on():
        try:
            with size.measured():
                step = decide(engine, lambda connection: remove_some(connection, decision, size.marks))
        except DBAPIError as error:
            if state_of(error) != QUERY_CANCELED or size.marks == 1:
                raise
            size.shrink()
            continue
        if not step.marks:
            return
        done += step.marks
        if progress is not None:
            progress(done, max(total, done))
        yield step


def _remove_uncarried_names(engine: Engine, going_on: Callable[[], bool]) -> None:
    while going_on() and decide(engine, lambda connection: remove_uncarried_names(connection, MOST)):
        pass


@dataclass(slots=True)
class _Size:
    """How many marks a step goes through. It grows while steps are short, and shrinks after a long one.

    It begins with one: a step that is too long for the database ends in an error, and the next call begins anew.
    """

    marks: int = 1

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure one step, and choose the size of the next."""
        began = time.monotonic()
        yield
        seconds = max(time.monotonic() - began, 0.001)
        self.marks = max(1, min(MOST, 2 * self.marks, int(self.marks * STEP_SECONDS / seconds)))

    def shrink(self) -> None:
        """Choose a smaller size after a step that the database canceled, since it took too long."""
        self.marks = max(1, self.marks // 4)


def _settle(engine: Engine, decision: int) -> None:
    """Give the files that held forgotten documents, or copies of them, their new states."""
    with engine.begin() as connection:
        files = forgetting.split_files(connection, decision)
    for file_id in files:
        outcome.settle_alone(engine, file_id)
    outcome.settle_all(engine)

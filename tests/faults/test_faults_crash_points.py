"""Processes die between any two steps: at every named point, and before every statement and commit."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.broken import POINTS
from tests.faults.command import ROOT
from tests.faults.newsroom import Newsroom

# At these points the process holds no claim (any more), so its death costs no strike.
FREE = {"intake: after the commit", "intake: before the article"} | {
    "article: after the commit",
    "article: before asking for the move",
}
# For a point that knows its file or article: the file or article at which it strikes. They all differ, so that no row
# gets enough strikes to be quarantined.
STRUCK = {
    "intake: after the claim": "00000.txt",
    "intake: after reading": "00001.txt",
    "intake: before the commit": "00002.txt",
    "article: after the claim": "00003.txt",
    "article: after parsing": "report 4 of",
    "article: after reading": "report 5 of",
    "article: behind the fence": "report 6 of",
}

WHOLE = """
SELECT what FROM (VALUES
    ('articles without a stored document', (SELECT count(*) FROM articles),
        (SELECT count(*) FROM documents WHERE state = 'stored')),
    ('articles without sources', (SELECT count(*) FROM articles), (SELECT count(*) FROM article_sources)),
    ('articles without an extraction', (SELECT count(*) FROM articles),
        (SELECT count(*) FROM extractions WHERE current)),
    ('articles without all their quotes', 3 * (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)),
    ('stories without an article', (SELECT count(*) FROM stories), (SELECT count(DISTINCT story_id) FROM articles)),
    ('statements without a quote', (SELECT count(*) FROM statements),
        (SELECT count(DISTINCT statement_id) FROM quotes)),
    ('speakers without a quote', (SELECT count(*) FROM speakers),
        (SELECT count(DISTINCT speaker_id) FROM quote_speakers)),
    ('documents without a place', (SELECT count(*) FROM documents), (SELECT count(*) FROM file_documents)),
    ('split files without their documents', (SELECT count(*) FROM files WHERE state NOT IN ('waiting', 'reading')),
        (SELECT count(*) FROM documents)),
    ('files that ended without their document', (SELECT count(*) FROM files WHERE state = 'stored'),
        (SELECT count(*) FROM documents WHERE state = 'stored'))
) AS counted (what, one, other) WHERE one <> other
"""


def kill_at(*points: str) -> str:
    """Return the faults that kill a process once at each of these points."""
    return "; ".join(f"{point}=kill" + (f"@{STRUCK[point]}" if point in STRUCK else "") for point in points)


def of(step: str) -> list[str]:
    """Return the points of a step."""
    return [point for point in POINTS if point.startswith(f"{step}: ")]


def check_moved(newsroom: Newsroom, archive: Path | None) -> None:
    """Check that every dropped file has left the inbox, and is unchanged in the archive if there is an archive."""
    left = "SELECT count(*) FROM files WHERE after_done_at IS NULL"
    newsroom.wait(lambda: newsroom.rows(left) == [(0,)], "every move is noted", 120)
    assert newsroom.rows("SELECT count(*) FROM files WHERE after_message IS NOT NULL") == [(0,)]
    assert sorted(path.name for path in newsroom.inbox.rglob("*")) == []
    if archive is not None:
        kept = {path.name: path.read_bytes() for path in (archive / "news").rglob("*")}
        assert kept == {drop.path: drop.article.content for drop in newsroom.drops if drop.article}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(4, "kill at every named point of watching, intake and articles")
def test_a_death_at_any_named_point_is_made_good(newsroom: Newsroom) -> None:
    watching, working = of("watch"), [*of("intake"), *of("article")]
    newsroom.open("watch", faults=kill_at(*watching))
    newsroom.open("worker", faults=kill_at(*working))
    for number, point in enumerate(watching):
        newsroom.drop_all(range(10 * number, 10 * number + 10))
        newsroom.wait(lambda: newsroom.processes["watch"].status is not None, "the watcher has died")
        assert newsroom.met(point)
        newsroom.processes["watch"].start()
    newsroom.wait(lambda: all(newsroom.met(point) for point in working), "every point was met", 120)
    newsroom.fault("kill -9 at a point", len(watching) + len(working))
    newsroom.healed()
    newsroom.check(120)
    assert sum(newsroom.strikes()) >= len(set(working) - FREE)  # on a very busy machine there may be more strikes


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("after", ["archive", "delete"])
@pytest.mark.scenario(3, "kill after the commit, and at every named point of the move")
def test_what_is_stored_is_only_moved(newsroom: Newsroom, after: str) -> None:
    archive = newsroom.folder / "archive" if after == "archive" else None
    newsroom.settings |= {"ONRECORD_AFTER": after} | ({"ONRECORD_ARCHIVE": str(archive)} if archive else {})
    points = ["article: after the commit", "article: before asking for the move", *of("move")]
    if not archive:
        points = [point for point in points if "copy" not in point]
    newsroom.open(faults=kill_at(*points))
    newsroom.drop_all(range(20))
    newsroom.wait(lambda: all(newsroom.met(point) for point in points), "every point was met", 120)
    newsroom.fault(f"kill -9 at a point ({after})", len(points))
    newsroom.healed()
    newsroom.check()
    check_moved(newsroom, archive)
    assert newsroom.strikes() == []
    again = "SELECT count(*) FROM documents d, files f WHERE d.attempt > 1 OR f.attempt > 1"
    assert newsroom.rows(again) == [(0,)]


class Crashing:
    """Runs tasks in child processes that die before their k-th step (`tests.faults.crashing`)."""

    def __init__(self, newsroom: Newsroom, process: subprocess.Popen[str]) -> None:
        self._newsroom = newsroom
        self._process = process
        self._files = itertools.count()

    def do(self, task: str, row: int, k: int = 0) -> bool:
        """Do a task; return True if its process died."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{task} {row} {k}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer in ("died", "done"), self._newsroom.processes["watch"].said()
        return answer == "died"

    def file(self) -> int:
        """Drop another file; return the id of its row when the file waits to be read."""
        drop = self._newsroom.drop(next(self._files))
        found: list[int] = []

        def waits() -> bool:
            found[:] = [row[0] for row in self._newsroom.rows("SELECT id FROM files WHERE shown = :n", n=drop.path)]
            return bool(found)

        self._newsroom.wait(waits, f"{drop.path} waits")
        return found[0]

    def row(self, task: str) -> int:
        """Make a new row that waits for a task, by doing the tasks that come before it; return the row's id."""
        file = self.file()
        if task == "intake":
            return file
        self.do("intake", file)
        document = "SELECT document_id FROM file_documents WHERE file_id = :file"
        if task == "article":
            return int(self._newsroom.rows(document, file=file)[0][0])
        self.do("article", int(self._newsroom.rows(document, file=file)[0][0]))
        return file

    def through(self, task: str) -> int:
        """Run a task again and again: let it die before step 1, then step 2, and so on; return the number of steps."""
        for k in itertools.count(1):
            died = self.do(task, self.row(task), k)
            assert not (partial := self._newsroom.rows(WHOLE)), f"{task}, before step {k}: {partial}"
            if not died:
                return k - 1
        raise AssertionError("unreachable")


@contextmanager
def crashing(newsroom: Newsroom, **settings: str) -> Iterator[Crashing]:
    """Start the program `tests.faults.crashing`, in whose children the tasks die."""
    with (
        (newsroom.folder / "crashing.log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.crashing"],
            env=newsroom.environment(settings) | {"PYTHONPATH": str(ROOT)},
            cwd=newsroom.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        yield Crashing(newsroom, process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.scenario(4, "a crash before every statement and commit of intake, article and move")
def test_a_crash_before_any_statement_leaves_no_part(newsroom: Newsroom) -> None:
    archive = newsroom.folder / "archive"
    newsroom.settings |= {"ONRECORD_AFTER": "archive", "ONRECORD_ARCHIVE": str(archive), "ONRECORD_LOG_LEVEL": "error"}
    newsroom.open("watch")
    with crashing(newsroom) as broken:
        steps = {task: broken.through(task) for task in ("intake", "article", "move")}
    assert steps["intake"] > 10
    assert steps["article"] > 30
    assert steps["move"] > 8
    for task, count in steps.items():
        newsroom.fault(f"kill -9 before a step ({task})", count)
    held = newsroom.rows("SELECT id FROM files WHERE state = 'reading'") + newsroom.rows(
        "SELECT id FROM documents WHERE state = 'working'"
    )
    newsroom.start("worker", "worker")
    newsroom.healed()
    newsroom.check(120)
    check_moved(newsroom, archive)
    assert len(newsroom.strikes()) >= len(held) > 0

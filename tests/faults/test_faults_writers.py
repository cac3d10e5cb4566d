"""Files are written to, replaced, truncated or deleted while Onrecord looks at them or reads them."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from tests.faults.invented import Article, invented
from tests.faults.newsroom import Newsroom

FIRST_HALF = """
import sys, time
with open(sys.argv[1], "wb", buffering=0) as file:
    file.write(sys.stdin.buffer.read())
    print("half", flush=True)
    time.sleep(600)
"""


def half(article: Article) -> Article:
    """Return the beginning of an article, up to the end of the first quotation."""
    end = article.text.index("said.") + len("said.")
    return Article(article.text[:end], article.quotes[:1])


def rest(article: Article) -> bytes:
    """Return the text of an article after its `half`."""
    return article.content[len(half(article).content) :]


def no_tracebacks(newsroom: Newsroom) -> None:
    """Check that no process has written a traceback to its log."""
    for process in newsroom.processes.values():
        assert "Traceback" not in process.said(), process.said()[-3000:]


@pytest.mark.long
@pytest.mark.parametrize("polling", ["0", "1"], ids=["events", "polling"])
@pytest.mark.scenario(11, "a writer of one byte a second")
def test_a_slow_writer_is_waited_for(newsroom: Newsroom, polling: str) -> None:
    newsroom.open(ONRECORD_SETTLE="4", ONRECORD_POLLING=polling)
    article = newsroom.note("slow.txt", invented(0), "stored").article
    assert article is not None
    newsroom.fault("slow writer")
    pace = threading.Event()
    with (newsroom.inbox / "slow.txt").open("wb", buffering=0) as file:
        file.write(article.content[:-10])
        newsroom.drop(1)
        for byte in article.content[-10:]:
            pace.wait(1)
            assert newsroom.versions("slow.txt") == []
            file.write(bytes([byte]))
        assert [state for _, state, *_ in newsroom.versions("00001.txt")] == ["stored"]
    newsroom.healed()
    newsroom.check()
    assert newsroom.versions("slow.txt") == [(article.sha256, "stored", None, True)]


@pytest.mark.scenario(11, "a writer that pauses and never closes")
def test_a_writer_that_never_closes_is_read_when_it_rests_and_again_when_it_goes_on(newsroom: Newsroom) -> None:
    newsroom.open(ONRECORD_SETTLE="1")
    whole = invented(0)
    with (newsroom.inbox / "open.txt").open("wb", buffering=0) as file:
        newsroom.fault("writer that pauses with the file open")
        file.write(half(whole).content)
        first = (half(whole).sha256, "stored", None)
        newsroom.wait(lambda: newsroom.versions("open.txt") == [(*first, True)], "the half that rests is stored")
        file.write(rest(whole))
        newsroom.healed()
        newsroom.note("open.txt", half(whole), "stored")
        newsroom.note("open.txt", whole, "stored")
        newsroom.replaced(half(whole))
        newsroom.check()
    newsroom.drop(1)  # the late close changes nothing
    newsroom.wait(newsroom.at_rest, "another file is stored")
    assert newsroom.versions("open.txt") == [(*first, False), (whole.sha256, "stored", None, True)]


@pytest.mark.long
@pytest.mark.scenario(11, "a writer killed half way")
def test_what_a_killed_writer_left_is_a_version_until_the_whole_comes(newsroom: Newsroom) -> None:
    newsroom.open()
    whole = invented(0)
    command = [sys.executable, "-c", FIRST_HALF, str(newsroom.inbox / "cut.txt")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write(half(whole).content)
        writer.stdin.close()
        assert writer.stdout.readline() == b"half\n"
        newsroom.fault("kill -9 of the writer")
        writer.send_signal(signal.SIGKILL)
    newsroom.note("cut.txt", half(whole), "stored")
    newsroom.wait(newsroom.at_rest, "what the killed writer left is stored")
    newsroom.drop(whole, "cut.txt")
    newsroom.replaced(half(whole))
    newsroom.healed()
    newsroom.check()


def replace(newsroom: Newsroom, name: str) -> Article:
    """Rename another file over the file."""
    newer = invented(0, 1)
    newsroom.place(name, newer.content)
    return newer


def rewrite(newsroom: Newsroom, name: str) -> Article:
    """Empty the file and write other content."""
    newer = invented(0, 2)
    (newsroom.inbox / name).write_bytes(newer.content)
    return newer


def append(newsroom: Newsroom, name: str) -> Article:
    """Append to the file."""
    older = Article((newsroom.inbox / name).read_text(), ())
    newer = Article(older.text + invented(4, 1).text, invented(4, 1).quotes)
    with (newsroom.inbox / name).open("ab") as file:
        file.write(invented(4, 1).content)
    return newer


def truncate(newsroom: Newsroom, name: str) -> Article:
    """Cut the end of the file off."""
    newer = half(Article((newsroom.inbox / name).read_text(), ()))
    os.truncate(newsroom.inbox / name, len(newer.content))
    return newer


CHANGES: dict[str, Callable[[Newsroom, str], Article]] = {
    f"{change.__name__}.txt": change for change in (replace, rewrite, append, truncate)
}


@pytest.mark.parametrize(
    ("point", "read"),
    [
        pytest.param("intake: after the claim", False, marks=pytest.mark.long),
        ("intake: once opened", False),
        pytest.param("intake: once copied", False, marks=pytest.mark.long),
        pytest.param("intake: after reading", True, marks=pytest.mark.long),
    ],
)
@pytest.mark.scenario(12, "replaced, rewritten, appended to, truncated while it is read")
def test_what_changes_while_it_is_read_is_read_again_whole(newsroom: Newsroom, point: str, read: bool) -> None:
    newsroom.open(faults=f"{point}=hang*4", ONRECORD_CONCURRENCY="4")
    older = {name: invented(number) for number, name in enumerate(CHANGES)}
    for name, article in older.items():
        newsroom.place(name, article.content)
    newsroom.wait(lambda: len(newsroom.met(point)) == 4, "each file is being read")
    for name, change in CHANGES.items():
        newsroom.fault(f"{change.__name__} while it is read")
        newsroom.note(name, change(newsroom, name), "stored")
        if read:  # the old content had been read completely, so it stays as an older version
            newsroom.note(name, older[name], "stored")
            newsroom.replaced(older[name])
    newsroom.let_go()
    newsroom.healed()
    newsroom.check()
    for name in CHANGES:
        contents = [version[0] for version in newsroom.versions(name)]
        assert contents == [drop.sha256 for drop in reversed(newsroom.drops) if drop.path == name]
        assert [version[3] for version in newsroom.versions(name)] == [False] * read + [True]
    assert newsroom.strikes() == []


@pytest.mark.scenario(13, "deleted before it is read")
def test_a_file_deleted_before_its_task_is_ignored_and_nobody_is_alarmed(newsroom: Newsroom) -> None:
    newsroom.open("watch")
    paths = [
        newsroom.place(f"{where}{number}.txt", invented(number).content) for where in ("", "in/") for number in (1, 2)
    ]
    held = newsroom.place("held.txt", invented(3).content)
    for path in (*paths, held):
        name = str(path.relative_to(newsroom.inbox))
        newsroom.note(name, None, "ignored", reason="vanished")
    newsroom.drop(4)
    newsroom.wait(lambda: newsroom.states() == {"waiting": 6}, "all wait")
    newsroom.fault("deleted before it is read", 5)
    for path in paths[:2]:
        path.unlink()
    shutil.rmtree(newsroom.inbox / "in")
    newsroom.open("worker", faults="intake: after the claim=hang@held.txt")
    newsroom.wait(lambda: newsroom.met("intake: after the claim"), "the file is about to be read")
    held.unlink()
    newsroom.let_go()
    newsroom.healed()
    newsroom.check()
    assert newsroom.strikes() == []
    no_tracebacks(newsroom)


@pytest.mark.long
@pytest.mark.scenario(18, "five versions of one file, and the first one again")
def test_each_version_takes_the_place_of_the_one_before(newsroom: Newsroom) -> None:
    newsroom.open()
    editions = [invented(0, edition) for edition in range(5)]
    for edition in editions:
        newsroom.fault("new content, same name")
        newsroom.drop(edition, "news.txt")
        newsroom.wait(newsroom.at_rest, "the version is stored")
    shown = newsroom.rows("SELECT text FROM report.articles")
    assert shown == [(editions[-1].text,)]
    newsroom.place("news.txt", editions[0].content)
    for edition in editions[1:]:
        newsroom.replaced(edition)
    first_is_back = lambda: [version[3] for version in newsroom.versions("news.txt")] == [True] + 4 * [False]  # noqa: E731
    newsroom.wait(first_is_back, "the first version is the current one again")
    newsroom.healed()
    newsroom.check()
    assert [version[0] for version in newsroom.versions("news.txt")] == [edition.sha256 for edition in editions]
    replaced = "SELECT count(*) FROM files f JOIN files o ON o.id = f.replaces WHERE o.path = f.path"
    assert newsroom.rows(replaced) == [(5,)]


@pytest.mark.long
@pytest.mark.scenario(18, "50 quick edits of one file")
def test_of_fifty_quick_edits_the_last_is_current_and_nothing_piles_up(newsroom: Newsroom) -> None:
    newsroom.open(ONRECORD_SETTLE="1")
    editions = [invented(0, edition) for edition in range(50)]
    newsroom.fault("quick edit", 50)
    for number, edition in enumerate(editions):
        if number % 2:
            newsroom.place("news.txt", edition.content)
        else:
            (newsroom.inbox / "news.txt").write_bytes(edition.content)
        waiting = "SELECT count(*) FROM files WHERE sha256 IS NULL"
        assert newsroom.rows(waiting)[0][0] <= 1
    newsroom.healed()
    newsroom.note("news.txt", editions[-1], "stored")
    for edition in editions[:-1]:
        newsroom.replaced(edition)
    newsroom.wait(
        lambda: [version[0] for version in newsroom.versions("news.txt")][-1:] == [editions[-1].sha256],
        "the last edit is read",
    )
    newsroom.check()
    versions = newsroom.versions("news.txt")
    assert [version[3] for version in versions] == [False] * (len(versions) - 1) + [True]
    assert {version[0] for version in versions} <= {edition.sha256 for edition in editions}
    attempts = newsroom.rows("SELECT sum(attempt) FROM files")[0][0]
    assert attempts <= 51, "each edit is read once at most, and one of them may be put back"

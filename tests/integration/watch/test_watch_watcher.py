"""The watcher at work: real files, real events, a real ledger and real doorbells."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.outside import client_of, messages
from worker.store.queues import FEW
from worker.store.ringing import BEYOND
from worker.watch.observe import LOST
from worker.watch.watcher import AlreadyWatched

from .conftest import Watching, wait_for


def doorbells(broker_url: str) -> int:
    """Return the number of messages in the queue `intake`."""
    with client_of(broker_url) as client:
        return messages(client, "intake")


def test_files_that_lie_there_at_the_start_are_published(watching: Watching, broker_url: str) -> None:
    (watching.inbox / "deep").mkdir()
    (watching.inbox / "deep" / "a.txt").write_text("a")
    (watching.inbox / os.fsdecode(b"caf\xe9.txt")).write_text("b")
    tally = watching.watcher(once=True).run()
    assert tally.published == 2
    assert sorted(watching.rows()) == [(r"caf\xe9.txt", "waiting"), ("deep/a.txt", "waiting")]
    assert doorbells(broker_url) == 2
    assert sorted(watching.events) == [
        ("published", "in", r"caf\xe9.txt"),
        ("published", "in", "deep/a.txt"),
        ("watching", "in", str(watching.inbox)),
    ]


def test_what_is_in_the_ledger_costs_no_second_row_and_no_doorbell(watching: Watching, broker_url: str) -> None:
    for number in range(30):
        (watching.inbox / f"{number}.txt").write_text("a")
    assert watching.watcher(once=True).run().published == 30
    watching.stored()
    assert watching.watcher(once=True).run().published == 0
    assert doorbells(broker_url) == len(watching.rows()) == 30


def test_closed_renamed_and_moved_in_files_are_published_at_once(
    watching: Watching, broker_url: str, tmp_path: Path
) -> None:
    with watching.running(settle=30.0):  # a file that waits for 30 s fails the test
        (watching.inbox / "closed.txt").write_text("a")
        (watching.inbox / ".b.tmp").write_text("b")
        (watching.inbox / ".b.tmp").rename(watching.inbox / "renamed.txt")
        (tmp_path / "c.txt").write_text("c")
        (tmp_path / "c.txt").rename(watching.inbox / "moved.txt")
        (tmp_path / "tree" / "deep").mkdir(parents=True)
        (tmp_path / "tree" / "deep" / "d.txt").write_text("d")
        (tmp_path / "tree").rename(watching.inbox / "tree")
        names = {"closed.txt", "renamed.txt", "moved.txt", "tree/deep/d.txt"}
        wait_for(lambda: {shown for shown, _ in watching.rows()} == names)
        wait_for(lambda: doorbells(broker_url) == 4)


def test_a_closed_file_is_in_the_ledger_soon(watching: Watching, broker_url: str) -> None:
    with watching.running():
        times = []
        for number in range(7):
            (watching.inbox / f"{number}.txt").write_text("a")
            began = time.monotonic()
            wait_for(lambda count=number + 1: doorbells(broker_url) == count)  # type: ignore[misc]
            times.append(time.monotonic() - began)
    assert min(times) > 0.09
    assert sorted(times)[3] < 0.5  # 0.12 s if nothing else runs


def test_a_file_that_is_written_to_is_published_when_it_rests(watching: Watching) -> None:
    with watching.running(settle=0.3):
        path = watching.inbox / "slow.txt"
        with path.open("w") as file:
            for _ in range(10):
                file.write("line\n")
                file.flush()
                time.sleep(0.05)
                assert watching.rows() == []
        wait_for(watching.rows)
        assert watching.rows("shown, size") == [("slow.txt", 50)]
        os.link(path, watching.inbox / "linked.txt")  # made, and never closed
        wait_for(lambda: ("linked.txt", "waiting") in watching.rows())


def test_new_bytes_at_a_known_path_wait_again(watching: Watching) -> None:
    with watching.running():
        path = watching.inbox / "a.txt"
        path.write_text("one")
        wait_for(watching.rows)
        watching.stored()
        path.write_text("two two")
        wait_for(lambda: len(watching.rows()) == 2)
        assert watching.rows("state, size, current") == [("stored", 3, True), ("waiting", 7, False)]


def test_what_will_not_be_read_has_a_row_that_says_why(watching: Watching, broker_url: str) -> None:
    (watching.inbox / "a.txt").write_text("a")
    (watching.inbox / "b.part").write_text("b")
    (watching.inbox / "c.txt").symlink_to("a.txt")
    os.mkfifo(watching.inbox / "d.txt")
    (watching.inbox / "page.html").write_text("<p>")
    for hidden in (".onrecord/pg", "page_files", ".git"):
        (watching.inbox / hidden).mkdir(parents=True)
        (watching.inbox / hidden / "x.txt").write_text("x")
    for _ in range(2):
        watching.watcher(once=True).run()
        assert sorted(watching.rows("shown, state, coalesce(reason, '')")) == [
            ("a.txt", "waiting", ""),
            ("b.part", "ignored", "pattern"),
            ("c.txt", "ignored", "symlink"),
            ("d.txt", "ignored", "not_regular"),
            ("page.html", "waiting", ""),
        ]
    assert doorbells(broker_url) == 2
    assert len(watching.rows(where="message <> ''")) == 3


def test_an_archive_inside_the_inbox_is_not_watched(watching: Watching) -> None:
    (watching.inbox / "archive").mkdir()
    (watching.inbox / "archive" / "old.txt").write_text("a")
    with watching.running(archive=watching.inbox / "archive", after="archive"):
        (watching.inbox / "archive" / "older.txt").write_text("b")
        (watching.inbox / "new.txt").write_text("c")
        wait_for(watching.rows)
    assert watching.rows("shown, after") == [("new.txt", "archive")]


def test_missing_files_are_marked_by_the_scan_and_welcomed_back(watching: Watching, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (watching.inbox / name).write_text("a")
    watching.watcher(once=True).run()
    watching.stored()
    os.link(watching.inbox / "a.txt", tmp_path / "kept.txt")
    (watching.inbox / "a.txt").unlink()
    watching.watcher(once=True).run()
    assert watching.rows("shown, missing_since IS NOT NULL") == [("a.txt", True), ("b.txt", False)]
    os.link(tmp_path / "kept.txt", watching.inbox / "a.txt")
    seen = (watching.inbox / "a.txt").stat()
    watching.execute("UPDATE files SET ctime_ns = :ctime WHERE shown = 'a.txt'", ctime=seen.st_ctime_ns)
    assert watching.watcher(once=True).run().published == 0
    assert watching.rows("shown, missing_since") == [("a.txt", None), ("b.txt", None)]


def test_polling_sees_the_same(watching: Watching) -> None:
    with watching.running(polling=True) as watcher:
        (watching.inbox / "a.txt").write_text("a")
        (watching.inbox / "deep").mkdir()
        (watching.inbox / "deep" / "b.txt").write_text("b")
        wait_for(lambda: len(watching.rows()) == 2)
        assert watcher.tally.scans > 1


def test_without_events_to_be_had_folders_are_polled(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_instance_left(*_: object) -> None:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    monkeypatch.setattr("worker.watch.observe._observer", no_instance_left)
    with watching.running():
        (watching.inbox / "a.txt").write_text("a")
        wait_for(watching.rows)
        assert watching.values("SELECT detail FROM processes") == [("in (polling)",)]


def test_lost_events_are_made_up_for_by_a_scan(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.watch.observe._Handler.on_any_event", lambda *_: None)  # no event reaches us
    with watching.running() as watcher:
        (watching.inbox / "a.txt").write_text("a")
        watcher._hints.put(LOST)
        wait_for(watching.rows)
        assert watcher.tally.scans == 2


def test_a_burst_is_published_whole(watching: Watching, broker_url: str) -> None:
    with watching.running():
        for number in range(1200):
            (watching.inbox / f"{number}.txt").write_text("a")
        wait_for(lambda: len(watching.rows()) == 1200)
        wait_for(lambda: doorbells(broker_url) == len(watching.rows(where="rung_at IS NOT NULL")) >= 1000)
        # The rest waits in PostgreSQL. Files that become ready a few at a time may be rung beyond the limit.
        assert doorbells(broker_url) < 1000 + BEYOND + FEW
        watching.stored("rung_at IS NOT NULL")
        wait_for(lambda: doorbells(broker_url) == 1200)


def test_a_folder_that_is_made_again_is_watched_again(watching: Watching) -> None:
    with watching.running(settle=0.2):
        shutil.rmtree(watching.inbox)
        watching.inbox.mkdir()
        wait_for(lambda: [step for step, *_ in watching.events].count("watching") == 2)
        (watching.inbox / "a.txt").write_text("a")
        wait_for(lambda: watching.rows() == [("a.txt", "waiting")])


def test_a_folder_that_goes_away_is_said_once_and_noticed_when_it_is_back(watching: Watching, tmp_path: Path) -> None:
    (watching.inbox / "a.txt").write_text("a")
    with watching.running(settle=0.2, scan_seconds=0.5):
        wait_for(watching.rows)
        watching.stored()
        watching.inbox.rename(tmp_path / "away")
        wait_for(lambda: ("vanished", "in", str(watching.inbox)) in watching.events)
        (tmp_path / "away" / "b.txt").write_text("b")
        (tmp_path / "away").rename(watching.inbox)
        wait_for(lambda: ("b.txt", "waiting") in watching.rows())
        (watching.inbox / "c.txt").write_text("c")
        wait_for(lambda: ("c.txt", "waiting") in watching.rows())
    assert [step for step, *_ in watching.events].count("vanished") == 1
    assert watching.rows("missing_since", "shown = 'a.txt'") == [(None,)]  # the folder was missing, not the file


@pytest.mark.parametrize("closed", ["inbox", "inbox/inner"])
def test_a_folder_that_may_not_be_listed_is_told_while_it_lasts(
    closed: str, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(watching.inbox.parent / closed)
    (watching.inbox / "inner").mkdir()
    (watching.inbox / "inner" / "a.txt").write_text("a")
    real, is_closed = os.scandir, True

    def scandir(descriptor: int) -> "os._ScandirIterator[str]":  # tests may run as root, who may list every folder
        if is_closed and os.readlink(f"/proc/self/fd/{descriptor}") == folder:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(descriptor)

    def told() -> list[str]:
        return [line for (lines,) in watching.values("SELECT folders_unreadable FROM processes") for line in lines]

    monkeypatch.setattr("worker.watch.walk.os.scandir", scandir)
    assert watching.watcher(once=True).run().unreadable == told() == [f"{folder}: Permission denied"]
    watching.execute("DELETE FROM processes")
    with watching.started(scan_seconds=0.2):
        assert wait_for(told) == [f"{folder}: Permission denied"]
        assert watching.rows() == []
        is_closed = False
        wait_for(lambda: not told())
        assert watching.rows() == [("inner/a.txt", "waiting")]


def test_a_second_watcher_of_a_folder_is_refused(watching: Watching) -> None:
    with watching.running(), pytest.raises(AlreadyWatched, match="Another watcher holds the folder 'in'"):
        watching.watcher().run()
    watching.watcher(once=True).run()


def test_a_watcher_that_loses_its_connections_goes_on(watching: Watching) -> None:
    with watching.running():
        for number in range(2):
            watching.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'onrecord watch%'"
            )
            (watching.inbox / f"{number}.txt").write_text("a")
            wait_for(lambda count=number + 1: len(watching.rows()) == count)  # type: ignore[misc]
        with pytest.raises(AlreadyWatched):
            watching.watcher().run()


def test_a_watcher_whose_lock_is_taken_meanwhile_publishes_nothing(watching: Watching) -> None:
    other = watching.watcher()
    with watching.running() as watcher:
        watching.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'onrecord watch lock'"
        )
        ((inbox_id,),) = watching.values("SELECT id FROM inboxes")
        wait_for(lambda: other._holds.take(inbox_id))
        (watching.inbox / "a.txt").write_text("a")
        wait_for(lambda: watcher._refused)
        assert watching.rows() == []
        other._holds.drop()
        wait_for(watching.rows)
    other._close()


def test_a_broker_that_is_away_delays_only_the_doorbells(
    watching: Watching, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from worker.tasks import app as tasks

    broker = tasks.app
    away = tasks.make_app("redis://127.0.0.1:1/0")
    # Do not wait for the broker, which will not come.
    away.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    monkeypatch.setattr(tasks, "app", away)
    with watching.running():
        (watching.inbox / "a.txt").write_text("a")
        wait_for(lambda: watching.rows("shown, rung_at") == [("a.txt", None)])
        monkeypatch.setattr(tasks, "app", broker)
        wait_for(lambda: doorbells(broker_url) == 1)
    away.close()


@contextmanager
def watcher_process(watching: Watching, broker_url: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A watcher in its own process, to which tests can send signals; its first scan has ended."""
    program = (
        "import sys; from worker.settings import settings; from worker.watch.inbox import from_specs;"
        "from worker.watch.run import run; run(settings(), from_specs(sys.argv[1:]))"
    )
    own = {"ONRECORD_DATABASE_URL": watching.url, "ONRECORD_BROKER_URL": broker_url, **settings}
    child = subprocess.Popen([sys.executable, "-c", program, f"in={watching.inbox}"], env=os.environ | own)
    try:
        wait_for(lambda: watching.values("SELECT last_scan FROM inboxes WHERE last_scan IS NOT NULL"))
        yield child
    finally:
        child.kill()
        child.wait()


def test_a_signal_ends_it_cleanly(watching: Watching, broker_url: str) -> None:
    with watcher_process(watching, broker_url) as child:
        child.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert child.wait(10) == 0
        assert time.monotonic() - began < 5
    assert watching.values("SELECT kind, stopped_at IS NOT NULL FROM processes") == [("watch", True)]
    watching.watcher(once=True).run()  # its lock is gone with it


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_events_that_the_kernel_dropped_are_made_up_for(watching: Watching, broker_url: str) -> None:
    """A stopped watcher, whose event queue overflows, asks for a scan. The next regular scan is due in an hour."""
    with watcher_process(watching, broker_url, ONRECORD_SCAN_SECONDS="3600", ONRECORD_SETTLE="0.2") as child:
        child.send_signal(signal.SIGSTOP)
        room = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        for number in range(room // 3 + 200):  # made, written, closed
            (watching.inbox / f"{number}.txt").write_text("a")
        child.send_signal(signal.SIGCONT)
        wait_for(lambda: watching.values("SELECT count(*) FROM files") == [(room // 3 + 200,)], 60)

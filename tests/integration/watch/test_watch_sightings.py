"""The statements with which the watcher writes the table `files`, each tested alone."""

from collections.abc import Iterable

import pytest
from sqlalchemy import Engine, text

from worker.reasons import Reason
from worker.store import inboxes, sightings
from worker.store.sightings import KnownFiles, PublishedPaths, Sighting, Stat

OLD, NEW = Stat(1, 10, 10, 7), Stat(2, 20, 20, 7)


class Ledger:
    """Call each function in its own transaction, on one inbox."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as connection:
            self.inbox = inboxes.register(connection, "in", b"/in")

    def publish(self, *seen: Sighting) -> PublishedPaths:
        with self.engine.begin() as connection:
            return sightings.publish(connection, self.inbox, seen, "keep")

    def ignored(self, *seen: Sighting) -> frozenset[bytes]:
        with self.engine.begin() as connection:
            return sightings.ignored(connection, self.inbox, seen)

    def missing(self, *paths: bytes) -> int:
        with self.engine.begin() as connection:
            return sightings.missing(connection, self.inbox, paths)

    def known(self) -> KnownFiles:
        with self.engine.begin() as connection:
            return sightings.known(connection, self.inbox)

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def rows(self, columns: str) -> Iterable[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM files ORDER BY id"))]


STORED = (
    "UPDATE files SET state = 'stored', finished_at = now(), sha256 = sha256(path || size::text::bytea), rung_at = NULL"
)
READING = (
    "UPDATE files SET state = 'reading', lease_until = now(),"
    " claimed_by = (SELECT id FROM processes ORDER BY id LIMIT 1)"
)
PROCESS = "INSERT INTO processes (kind, host, pid, version) VALUES ('worker', 'here', 1, '0')"


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def a(stat: Stat = OLD, path: bytes = b"a.txt") -> Sighting:
    return Sighting(path, stat)


def by_name(stat: Stat = OLD) -> Sighting:
    return Sighting(b"a.txt", stat, Reason.PATTERN, "The name matches.")


def test_an_inbox_keeps_its_number_and_is_found_where_it_is_now(ledger: Ledger, engine: Engine) -> None:
    with engine.begin() as connection:
        assert inboxes.register(connection, "in", b"/elsewhere") == ledger.inbox
        assert inboxes.register(connection, "other", b"/other") != ledger.inbox
        inboxes.relocate(connection, ledger.inbox, b"/elsewhere")
        inboxes.scanned(connection, ledger.inbox)
        row = connection.execute(text("SELECT path, last_scan IS NOT NULL FROM inboxes WHERE name = 'in'")).one()
    assert tuple(row) == (b"/elsewhere", True)


def test_a_sighting_waits_once_however_often_it_is_published(ledger: Ledger) -> None:
    assert ledger.publish(a(), a(path=b"caf\xe9.txt")).added == {b"a.txt", b"caf\xe9.txt"}
    assert ledger.publish(a(), a()) == sightings.NOTHING
    assert ledger.rows("path, shown, state, current, size, mtime_ns, ctime_ns, inode, after") == [
        (b"a.txt", "a.txt", "waiting", True, 1, 10, 10, 7, "keep"),
        (b"caf\xe9.txt", r"caf\xe9.txt", "waiting", True, 1, 10, 10, 7, "keep"),
    ]


def test_a_newer_sighting_of_a_waiting_file_renews_its_row_and_has_it_rung(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute("UPDATE files SET rung_at = now()")
    assert ledger.publish(a(NEW)).added == {b"a.txt"}
    assert ledger.rows("state, size, mtime_ns, rung_at") == [("waiting", 2, 20, None)]
    assert not ledger.known().has(a())
    assert ledger.known().has(a(NEW))


def test_a_file_that_is_being_read_is_left_alone(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(PROCESS)
    ledger.execute(READING)
    assert ledger.publish(a(NEW)) == PublishedPaths(frozenset(), frozenset({b"a.txt"}))
    assert ledger.rows("state, size, mtime_ns") == [("reading", 1, 10)]


def test_new_bytes_at_a_stored_path_wait_beside_the_current_row(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(STORED)
    assert ledger.publish(a(), a(path=b"b.txt")).added == {b"b.txt"}
    assert ledger.publish(a(NEW)).added == {b"a.txt"}
    assert ledger.rows("shown, state, current") == [
        ("a.txt", "stored", True),
        ("b.txt", "waiting", True),
        ("a.txt", "waiting", False),
    ]
    known = ledger.known()
    assert known.has(a()) and known.has(a(NEW))


def test_a_file_that_could_not_be_read_is_tried_again_only_when_it_changes(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(STORED)
    ledger.publish(a(NEW))
    ledger.execute(
        "UPDATE files SET state = 'quarantined', reason = 'unreadable', finished_at = now() WHERE state = 'waiting'"
    )
    assert ledger.known().has(a(NEW))
    assert ledger.publish(a(NEW)) == sightings.NOTHING
    assert ledger.publish(a(Stat(2, 20, 30, 7))).added == {b"a.txt"}


def test_a_file_that_vanished_and_comes_back_alike_is_read(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute("UPDATE files SET state = 'ignored', reason = 'vanished', finished_at = now()")
    assert not ledger.known().has(a())
    assert ledger.publish(a()).added == {b"a.txt"}
    assert ledger.rows("state, current") == [("ignored", True), ("waiting", False)]


def test_a_file_put_where_another_was_archived_is_read(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(STORED)
    ledger.execute("UPDATE files SET after_done_at = now()")
    assert ledger.known().paths() == set()
    assert ledger.missing(b"a.txt") == 0
    assert ledger.publish(a()).added == {b"a.txt"}


def test_a_missing_file_is_marked_and_recognised_when_it_is_back(ledger: Ledger) -> None:
    ledger.publish(a(), a(path=b"waits.txt"))
    ledger.execute(STORED + " WHERE shown = 'a.txt'")
    assert ledger.missing(b"a.txt", b"waits.txt", b"none.txt") == 1
    assert ledger.missing(b"a.txt") == 0
    assert ledger.rows("shown, state, missing_since IS NOT NULL") == [
        ("a.txt", "stored", True),
        ("waits.txt", "waiting", False),
    ]
    assert ledger.known().paths() == {b"waits.txt"}
    assert ledger.publish(a()) == sightings.NOTHING
    assert ledger.rows("missing_since") == [(None,), (None,)]


def test_a_missing_file_that_comes_back_changed_stays_missing_until_it_is_read(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(STORED)
    ledger.missing(b"a.txt")
    assert ledger.publish(a(NEW)).added == {b"a.txt"}
    assert ledger.rows("state, current, missing_since IS NOT NULL") == [
        ("stored", True, True),
        ("waiting", False, False),
    ]


def test_an_ignored_file_has_one_row_until_its_reason_changes(ledger: Ledger) -> None:
    assert ledger.ignored(by_name()) == {b"a.txt"}
    assert ledger.known().has(by_name())
    assert ledger.ignored(by_name()) == frozenset()
    assert ledger.ignored(by_name(NEW)) == frozenset()
    link = Sighting(b"a.txt", OLD, Reason.SYMLINK, "A link.")
    assert ledger.ignored(link) == {b"a.txt"}
    assert ledger.rows("state, reason, message, size, current, finished_at IS NOT NULL") == [
        ("ignored", "pattern", "The name matches.", 2, True, True),
        ("ignored", "symlink", "A link.", 1, False, True),
    ]


def test_a_file_ignored_by_its_name_is_read_once_the_patterns_let_it_through(ledger: Ledger) -> None:
    ledger.ignored(by_name())
    assert not ledger.known().has(a())
    assert ledger.publish(a()).added == {b"a.txt"}
    assert ledger.rows("state, current") == [("ignored", True), ("waiting", False)]


def test_a_stored_file_is_not_ignored_afterwards(ledger: Ledger) -> None:
    ledger.publish(a())
    ledger.execute(STORED)
    assert ledger.known().has(by_name())
    assert ledger.ignored(by_name()) == frozenset()


def test_inboxes_do_not_see_one_another(ledger: Ledger, engine: Engine) -> None:
    ledger.publish(a())
    with engine.begin() as connection:
        other = inboxes.register(connection, "other", b"/other")
        assert sightings.known(connection, other).paths() == set()
        assert sightings.publish(connection, other, [a()], "delete").added == {b"a.txt"}
    assert ledger.rows("inbox_id, after") == [(ledger.inbox, "keep"), (other, "delete")]

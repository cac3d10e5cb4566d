"""The walk through a folder: the files that it sees, the folders that it does not enter; it follows no link."""

import os
from pathlib import Path

import pytest

from worker.reasons import Reason
from worker.settings import Settings
from worker.watch.folder import Folder
from worker.watch.inbox import Inbox
from worker.watch.observe import ROOM, Hint, Hints
from worker.watch.patterns import Patterns
from worker.watch.rest import Sign
from worker.watch.walk import Walk, open_folder, stat_below


def walk(folder: Path, **options: frozenset[bytes]) -> set[bytes]:
    return {path for path, _ in Walk(os.fsencode(folder), **options)}


def folder_of(path: Path, archive: Path | None = None) -> Folder:
    names = Patterns(Settings().ignore_patterns)
    return Folder(Inbox("in", path), names, settle=2, archive=os.fsencode(archive) if archive else None)


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_the_walk_enters_folders_but_not_those_that_belong_to_others(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "deep/er/b.txt", ".git/config", "page.html", "page_files/ad.js", "my_files/c.txt", ".dot")
    make(tmp_path, "archive/old.txt", "deep/archive/d.txt")
    assert walk(tmp_path, skipped=frozenset({b"archive"})) == {
        b"a.txt",
        b".dot",
        b"page.html",
        b"deep/er/b.txt",
        b"my_files/c.txt",
        b"deep/archive/d.txt",
    }


def test_links_are_seen_but_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    make(inside, "a.txt")
    make(outside, "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(".")
    assert walk(inside) == {b"a.txt", b"folder", b"loop"}
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        open_folder(os.fsencode(inside), b"folder")
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        stat_below(os.fsencode(inside), b"folder/secret.txt")
    assert folder_of(inside).see(b"folder/secret.txt") is None


def test_names_that_are_not_utf8_and_nested_folders_keep_their_bytes(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    os.mkdir(root + b"/d\xe9")
    with open(root + b"/d\xe9/caf\xe9.txt", "wb"):
        pass
    assert walk(tmp_path) == {b"d\xe9/caf\xe9.txt"}
    assert stat_below(root, b"d\xe9/caf\xe9.txt").st_size == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_does_not_end_the_walk(tmp_path: Path) -> None:
    make(tmp_path, "closed/a.txt", "open/b.txt")
    (tmp_path / "closed").chmod(0)
    seen = Walk(os.fsencode(tmp_path))
    assert {path for path, _ in seen} == {b"open/b.txt"}
    assert set(seen.unreadable) == {b"closed"}
    (tmp_path / "closed").chmod(0o755)


def test_a_missing_root_is_an_error_and_a_missing_folder_is_not(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walk(tmp_path / "none")
    make(tmp_path, "a/1.txt", "b/2.txt")
    entries = iter(Walk(os.fsencode(tmp_path)))
    first, _ = next(entries)
    other = b"b" if first.startswith(b"a") else b"a"
    os.rename(tmp_path / os.fsdecode(other), tmp_path.parent / "elsewhere")
    assert list(entries) == []


def test_what_is_not_read_says_why(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.tmp", ".onrecord-12")
    (tmp_path / "link.txt").symlink_to("a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    folder = folder_of(tmp_path)
    seen = {path: folder.see(path) for path in (b"a.txt", b"b.tmp", b"link.txt", b"pipe.txt")}
    reasons = {path: sighting.reason for path, sighting in seen.items() if sighting}
    assert reasons == {
        b"a.txt": None,
        b"b.tmp": Reason.PATTERN,
        b"link.txt": Reason.SYMLINK,
        b"pipe.txt": Reason.NOT_REGULAR,
    }
    assert seen[b"b.tmp"] and "*.tmp" in (seen[b"b.tmp"].message or "")
    assert folder.see(b".onrecord-12") is None
    assert folder.see(b"none") is None


def test_events_are_taken_where_the_scan_would_come(tmp_path: Path) -> None:
    make(tmp_path, "page.html", "page_files/a.txt", "b_files/a.txt", ".git/a", "archive/x/a.txt", "a/archive/a.txt")
    folder = folder_of(tmp_path, archive=tmp_path / "archive")
    taken = {path for path, _ in Walk(folder.root, folder.skipped)}
    everything = {
        os.fsencode(os.path.relpath(os.path.join(outer, name), tmp_path))
        for outer, _, names in os.walk(tmp_path)
        for name in names
    }
    assert {path for path in everything if folder.takes(path)} == taken
    assert taken == {b"page.html", b"b_files/a.txt", b"a/archive/a.txt"}


def test_a_full_queue_of_hints_is_counted_and_told_once_there_is_room() -> None:
    hints = Hints()
    for number in range(ROOM + 5):
        hints.put(Hint(b"/x/%d" % number, Sign.CHANGED))
    assert hints.overflows == 5
    taken = hints.take(0, most=ROOM * 2)
    assert len(taken) == ROOM + 1
    assert taken[-1].path is None
    assert hints.take(0) == []

"""Names: how inboxes are written, ignore patterns, folders that a watcher does not enter, paths shown to people."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from worker.settings import Settings
from worker.store.sightings import shown, signed
from worker.watch.inbox import InboxError, from_setting, from_specs
from worker.watch.patterns import Patterns, enters, private


def test_a_folder_is_named_after_itself_unless_a_name_is_given(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "a=b").mkdir()
    (tmp_path / "link").symlink_to("drop")
    given_name, by_itself, with_equals = (
        from_specs([f"wire={tmp_path}/drop"]),
        from_specs([f"{tmp_path}/link"]),
        from_specs([f"{tmp_path}/a=b"]),
    )
    assert [(inbox.name, inbox.path.name) for inbox in (*given_name, *by_itself, *with_equals)] == [
        ("wire", "drop"),
        ("drop", "drop"),
        ("a=b", "a=b"),
    ]


def test_the_setting_holds_several(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    inboxes = from_setting(f"{tmp_path}/one:second={tmp_path}/two")
    assert [inbox.name for inbox in inboxes] == ["one", "second"]


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        ([], "name one with --inbox"),
        (["{}/none"], "does not exist; make it"),
        (["{}/file"], "is not a folder"),
        (["x="], "names no folder"),
        (["={}/one"], "no usable name"),
        (["a={}/one", "a={}/two"], "both be called 'a'"),
        (["{}/one", "b={}/one"], "named twice"),
        (["{}/one", "b={}/one/inner"], "inside one another"),
    ],
)
def test_what_cannot_be_watched_is_refused_with_advice(tmp_path: Path, specs: list[str], message: str) -> None:
    (tmp_path / "one" / "inner").mkdir(parents=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(InboxError, match=message):
        from_specs(spec.format(tmp_path) for spec in specs)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (b"a.txt", None),
        (b".hidden", ".*"),
        (b"a.txt~", "*~"),
        (b"a.part", "*.part"),
        (b"A.CRDOWNLOAD", "*.crdownload"),
        (b"a.tmp", "*.tmp"),
        (b"a.tmp.txt", None),
        (b"story.html.filepart", "*.filepart"),
        (b"story.html.!qB", "*.!qb"),
        (b"story.html.opdownload", "*.opdownload"),
        (b"line\nbreak.tmp", "*.tmp"),
        (b"\xff.tmp", "*.tmp"),
    ],
)
def test_the_default_patterns(name: bytes, pattern: str | None) -> None:
    assert Patterns(Settings().ignore_patterns).match(name) == pattern


def test_without_patterns_everything_is_read() -> None:
    assert Patterns(()).match(b".hidden") is None


def test_folders_that_are_not_entered() -> None:
    beside = {b"page.html", b"old.htm"}.__contains__
    for made in (b".git", b"@eaDir", b"#recycle", b"lost+found", b"$RECYCLE.BIN", b".Trash-1000", b"__MACOSX"):
        assert not enters(made, beside)
    assert not enters(b"page_files", beside)
    assert not enters(b"old_files", beside)
    assert enters(b"other_files", beside)
    assert enters(b"page", beside)
    assert private(b".onrecord-7") and not private(b"onrecord-7")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Zeitung/Straße.txt".encode(), "Zeitung/Straße.txt"),
        (b"caf\xe9.txt", r"caf\xe9.txt"),
        (b"two\nlines\t\x1b[31m\x7f", r"two\x0alines\x09\x1b[31m\x7f"),
        ("c1\u0085".encode(), r"c1\x85"),
    ],
)
def test_paths_are_shown_on_one_line(path: bytes, text: str) -> None:
    assert shown(path) == text


@given(some.binary())
def test_every_path_can_be_shown(path: bytes) -> None:
    text = shown(path)
    assert text.encode().decode() == text
    assert not any(unicodedata.category(character) == "Cc" for character in text)


@given(some.integers(0, 2**64 - 1))
def test_unsigned_numbers_fit_a_bigint(number: int) -> None:
    assert -(2**63) <= signed(number) < 2**63
    assert signed(number) % 2**64 == number

"""Settings are read from the environment and from `.env`; wrong ones are all named, and secrets are not shown."""

import re
from pathlib import Path

import pytest

from worker.setting import Secret, WrongSettings
from worker.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_what_is_given_comes_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text('# a comment\nexport ONRECORD_SETTLE="3.5" # seconds\nonrecord_strikes=5\nOTHER=1\n')
    monkeypatch.setenv("ONRECORD_STRIKES", "6")
    monkeypatch.setenv("Onrecord_Doorbells", "7")
    read = Settings()
    assert (read.settle, read.strikes, read.doorbells) == (3.5, 6, 7)
    assert Settings(strikes=8).strikes == 8
    assert Settings(_env_file=None).settle == 2.0


def test_texts_become_values(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "POLLING": "Yes",
        "WEB_OPEN": "off",
        "SCAN_SECONDS": " 5 ",
        "CONCURRENCY": "3",
        "AFTER": "archive",
        "ARCHIVE": "~/old",
        "HOME": " ",
        "INBOX": "\t",
        "SMTP_URL": " smtp://u:hidden@host:587 ",
        "WEB_URL": " https://news.example ",
    }
    for name, text in texts.items():
        monkeypatch.setenv(f"ONRECORD_{name}", text)
    monkeypatch.setenv("HOME", "/of/me")
    read = Settings()
    assert (read.polling, read.web_open, read.scan_seconds, read.concurrency) == (True, False, 5.0, 3)
    assert (read.after, read.archive, read.home, read.inbox) == ("archive", Path("/of/me/old"), None, "")
    assert (read.smtp_url.reveal(), read.web_url) == ("smtp://u:hidden@host:587", "https://news.example")
    assert "hidden" not in f"{read} {read.smtp_url}"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("SETTLE", "soon", "write a number"),
        ("SETTLE", "nan", "write a number"),
        ("SCAN_SECONDS", "inf", "write a number"),
        ("SETTLE", "-1", "write a number of at least 0"),
        ("SCAN_SECONDS", "0", "write a number greater than 0"),
        ("WEB_PORT", "70000", "write a number of at most 65535"),
        ("WEB_PORT", "80.5", "write a whole number"),
        ("WEB_PORT", "", "write a whole number"),
        ("POLLING", "perhaps", "write true or false"),
        ("AFTER", "burn", "write one of keep, archive, delete"),
        ("WEB_URL", "ftp://x", "write an address that begins with https:// or http://"),
        ("SMTP_FROM", "nobody", "write a mail address, such as onrecord@news.example"),
        ("HOME", "~nobody-here/x", "~nobody-here/x begins with ~, and there is no such user"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ONRECORD_{name}", text)
    with pytest.raises(WrongSettings) as wrong:
        Settings()
    assert str(wrong.value) == f"ONRECORD_{name}: {said}"


def test_all_that_is_wrong_is_named_and_no_secret_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_SMTP_URL", "ftp://user:hidden@host")
    monkeypatch.setenv("ONRECORD_STRIKES", "many")
    with pytest.raises(WrongSettings) as wrong:
        Settings()
    assert re.findall("ONRECORD_[A-Z_]+", str(wrong.value)) == ["ONRECORD_STRIKES", "ONRECORD_SMTP_URL"]
    assert "hidden" not in str(wrong.value)


def test_changed_settings_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Settings(strikes=8, max_text=9, web_password="hidden")
    assert first.limits.max_text == 9
    monkeypatch.setenv("ONRECORD_SETTLE", "9")
    second = first.changed(max_text=10, home=Path("x"))
    assert (second.strikes, second.settle, second.home, second.limits.max_text) == (8, 2.0, Path("x"), 10)
    assert isinstance(second.web_password, Secret)
    assert second.web_password.reveal() == "hidden"
    with pytest.raises(WrongSettings):
        first.changed(strikes=0)
    with pytest.raises(TypeError, match="there is no setting strike"):
        first.changed(strike=1)

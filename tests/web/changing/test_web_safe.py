"""What the page refuses, and what it tells nobody: plain requests, as other programs and other sites send them."""

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, text

from tests.web.served import Served, served
from tests.web.world import World
from worker.report import reading
from worker.settings import Settings
from worker.web.address import LOCAL_NAMES, free_port, is_local, names_of, url_of
from worker.web.passwords import WeakPassword, demand_usable, hashed, is_right, keep, kept_in
from worker.web.sessions import FREE_TRIES, Sessions, Tries

PASSWORD = "a long enough password"


@pytest.fixture
def locked(database_url: str, world: World) -> Iterator[Served]:
    """The page with a password."""
    with served(database_url, password=hashed(PASSWORD)) as running:
        yield running


def decisions(engine: Engine) -> int:
    """Return how many decisions there are."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM decisions")).scalar_one())


def sign_in(site: Served, password: str = PASSWORD, name: str = "Ada Byron") -> str:
    """Sign in; return the cookie."""
    answer = site.ask("/sign-in", {"name": name, "password": password, "next": "/speakers"})
    assert (answer.status, answer.headers["location"]) == (303, "/speakers")
    return answer.headers["set-cookie"]


def test_every_answer_forbids_what_a_page_does_not_need(site: Served) -> None:
    for path in ("/", "/nowhere", "/quotes.csv", "/static/style.css"):
        headers = site.ask(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'"), path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "server" not in headers


def test_another_name_in_the_address_is_refused(site: Served) -> None:
    port = urlsplit(site.url).port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", "localhost@evil.example"):
        assert site.ask("/", Host=host).status == 400, host
    for host in (f"127.0.0.1:{port}", f"LOCALHOST:{port}", "localhost"):
        assert site.ask("/", Host=host).status == 200, host


def test_a_change_from_another_site_is_not_made(site: Served, world: World, engine: Engine) -> None:
    path, form = f"/quotes/{world.wall}/correct", {"decision": "reject"}
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", site.url.replace("127.0.0.1", "evil")):
        assert site.ask(path, form, Origin=origin).status == 403, origin
    assert decisions(engine) == 0


def test_a_change_without_an_origin_needs_the_browsers_word(site: Served, world: World, engine: Engine) -> None:
    place = urlsplit(site.url).netloc
    body = f"token={site.house.token}&decision=reject"
    for site_of_it, status in ((None, 403), ("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        connection = http.client.HTTPConnection(place)
        headers = {"Sec-Fetch-Site": site_of_it} if site_of_it else {}
        connection.request("POST", f"/quotes/{world.wall}/correct", body, headers)
        assert connection.getresponse().status == status
        connection.close()
    assert decisions(engine) == 1


def test_a_change_without_the_token_is_not_made(site: Served, world: World, engine: Engine) -> None:
    for token in ("", "x", site.house.token[:-1]):
        answer = site.ask(f"/quotes/{world.wall}/correct", {"decision": "reject", "token": token})
        assert answer.status == 403
    assert decisions(engine) == 0


def test_reading_changes_nothing(site: Served, world: World, engine: Engine) -> None:
    assert site.ask(f"/quotes/{world.wall}/correct?decision=reject&token={site.house.token}").status == 200
    assert site.ask(f"/speakers/{world.linden}/merge").status == 405
    assert site.ask("/", method="DELETE").status == 405
    assert decisions(engine) == 0


def test_what_is_too_long_is_refused(site: Served, world: World) -> None:
    assert site.ask("/?q=" + "a" * 501).status == 400
    assert "at most 500" in site.ask("/?q=" + "a" * 501).text
    assert site.ask("/?q=" + "a" * 9_000).status == 414
    assert site.ask(f"/quotes/{world.wall}/correct", {"reason": "a" * 65_000}).status == 413


def test_strange_addresses_are_answered_with_sentences(site: Served) -> None:
    strange = (
        "/?page=0",
        "/?page=99999999999999999999",
        "/?speaker=1%27--",
        "/?speaker=%00",
        "/?q=%00%00",
        "/?q=%ff%fe",
        "/?q=%22%22%22",
        "/?q=%5C%25_",
        "/?from=0000-00-00",
        "/?to=9999-12-31",
        "/?q=before%3A9999-12-31",
        "/?confidence=x",
        "/?decided=9223372036854775808",
        "/?decided=1",
        "/articles/0",
        "/articles/999999999999999999",
        "/articles/9999999999999999999999",
        "/quotes/-1",
        "/speakers/1.5",
        "/files?state=x",
        "/files?file=%00",
        "/reports/speaker",
        "/reports/nowhere",
        "/reports/speakers?since=x",
        "/reports/speakers.exe",
        "/static/../settings.py",
        "/static/%2e%2e/passwords.py",
        "//evil.example/",
    )
    for path in strange:
        answer = site.ask(path)
        assert answer.status in (200, 400, 404), f"{path}: {answer.status}"
        assert "Traceback" not in answer.text, path
        assert "psycopg" not in answer.text, path


def test_an_error_shows_a_sentence_and_no_details(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("worker.web.asking.page_number", fail)
    monkeypatch.setattr("worker.web.pages.search.page_number", fail)
    answer = site.ask("/")
    assert answer.status == 500
    assert "Something went wrong." in answer.text
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_question_that_takes_too_long_is_stopped(
    site: Served, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr(reading, "PAGE_SECONDS", 0.3)
    monkeypatch.setattr(reading.reading.__wrapped__, "__defaults__", (0.3,))  # type: ignore[attr-defined]
    with engine.begin() as other:
        other.exec_driver_sql("LOCK TABLE articles IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        answer = site.ask("/")
        assert time.monotonic() - begun < 5
    assert answer.status == 503
    assert "took too long" in answer.text


def test_the_page_reads_as_the_reader(site: Served) -> None:
    with reading.reading(site.house.reader) as asked:
        assert asked.value("SELECT current_user") == "onrecord_reader"


def test_without_a_password_other_machines_are_kept_out() -> None:
    assert all(is_local(host) for host in ("127.0.0.1", "::1", "localhost", "127.8.9.1"))
    assert not any(is_local(host) for host in ("0.0.0.0", "::", "192.168.1.2", "example.org", ""))


def test_names_of_a_page_for_others() -> None:
    made = Settings(_env_file=None, web_host="0.0.0.0", web_names="Quotes.example:news.example")
    assert names_of(made) == LOCAL_NAMES | {"quotes.example", "news.example"}
    made = Settings(_env_file=None, web_host="192.168.1.2")
    assert names_of(made) == LOCAL_NAMES | {"192.168.1.2"}
    assert url_of("::1", 8033) == "http://[::1]:8033/"


def test_a_port_that_is_taken_gives_way(site: Served) -> None:
    taken = urlsplit(site.url).port
    assert taken is not None
    assert free_port("127.0.0.1", taken) not in (taken, 0)


def test_a_locked_page_shows_nothing_before_the_sign_in(locked: Served, world: World, engine: Engine) -> None:
    for path in ("/", "/quotes.csv", f"/articles/{world.harbour}", "/feed.atom", "/speakers/complete?speaker=li"):
        answer = locked.ask(path)
        assert answer.status == 303, path
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
        assert "Linden" not in answer.text
    assert locked.ask(f"/quotes/{world.wall}/correct", {"decision": "reject"}).status == 303
    assert decisions(engine) == 0
    assert locked.ask("/static/style.css").status == 200


def test_whoever_signs_in_reads_and_decides_under_a_name(locked: Served, world: World, engine: Engine) -> None:
    cookie = sign_in(locked)
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    secret = cookie.split(";")[0]
    assert "Linden" in locked.ask("/", Cookie=secret).text
    path, form = f"/quotes/{world.wall}/correct", {"decision": "reject"}
    assert locked.ask(path, form, Cookie=secret).status == 403, "the token is the session's own"
    session = locked.house.sessions.find(secret.split("=", 1)[1])
    assert session is not None
    assert locked.ask(path, form | {"token": session.token}, Cookie=secret).status == 303
    with engine.connect() as connection:
        assert connection.execute(text("SELECT who FROM decisions")).scalar() == "Ada Byron"
    assert locked.ask("/sign-out", {"token": session.token}, Cookie=secret).status == 303
    assert locked.ask("/", Cookie=secret).status == 303


def test_an_open_page_is_read_by_all_and_corrected_by_few(database_url: str, world: World, engine: Engine) -> None:
    with served(database_url, password=hashed(PASSWORD), is_open=True) as site:
        answer = site.ask(f"/articles/{world.harbour}")
        assert answer.status == 200
        assert "/correct" not in answer.text
        assert site.ask(f"/quotes/{world.wall}/correct", {"decision": "reject"}).status == 303
        assert site.ask("/review").status == 303
    assert decisions(engine) == 0


def test_wrong_passwords_must_wait(locked: Served) -> None:
    for _ in range(FREE_TRIES):
        assert locked.ask("/sign-in", {"name": "Eve", "password": "wrong"}).status == 403
    answer = locked.ask("/sign-in", {"name": "Eve", "password": PASSWORD})
    assert answer.status == 429
    assert "too many tries" in answer.text


def test_the_way_after_the_sign_in_stays_on_the_page(locked: Served) -> None:
    for elsewhere in (
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nb: c",
    ):
        answer = locked.ask("/sign-in", {"name": "Ada", "password": PASSWORD, "next": elsewhere})
        assert answer.headers["location"] == "/", elsewhere


def test_waits_grow_and_end_with_the_right_password() -> None:
    tries = Tries()
    for _ in range(FREE_TRIES):
        assert tries.must_wait("here") == 0
        tries.was_wrong("here")
    first = tries.must_wait("here")
    tries.was_wrong("here")
    assert 0 < first < tries.must_wait("here") <= 3600
    assert tries.must_wait("there") == 0
    tries.was_right("here")
    assert tries.must_wait("here") == 0


def test_sessions_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions()
    secret = sessions.open("Ada")
    assert sessions.find(secret) is not None
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 13 * 3600)
    assert sessions.find(secret) is None
    assert sessions.find("guessed") is None


def test_a_password_is_kept_as_a_hash(tmp_path: Path) -> None:

    home = tmp_path
    kept = hashed(PASSWORD)
    assert PASSWORD not in kept
    assert "$" not in kept
    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + "x", kept)
    assert not is_right("x" * 1_000_000, kept)
    assert is_right("plain from the environment", "plain from the environment")
    assert keep(home, kept).stat().st_mode & 0o777 == 0o600
    assert kept_in(home) == kept
    assert kept_in(home / "nowhere") == ""
    demand_usable(kept)
    for weak in ("short", "scrypt:1:2", "scrypt:x:8:1:c2FsdA==:a2V5", kept[:-3]):
        with pytest.raises(WeakPassword):
            demand_usable(weak)

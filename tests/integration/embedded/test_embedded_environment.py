"""The URLs that a command uses."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from worker.embedded.environment import postgres_url, resolve
from worker.embedded.errors import HomeMissing, UrlRefused
from worker.settings import Settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("HOME", "DATABASE_URL", "BROKER_URL", "REPORT_URL", "EMBEDDED_PORT"):
        monkeypatch.delenv(f"ONRECORD_{name}", raising=False)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgres_urls_get_our_driver(scheme: str) -> None:
    assert postgres_url(f"{scheme}://u:p@h/d?sslmode=require", "X") == "postgresql+psycopg://u:p@h/d?sslmode=require"


@pytest.mark.parametrize("url", ["mysql://h/d", "postgresql+asyncpg://h/d", "h/d", "postgresql:h"])
def test_other_urls_are_refused_by_the_name_of_their_setting(url: str) -> None:
    with pytest.raises(UrlRefused, match="ONRECORD_REPORT_URL must begin with postgresql://"):
        postgres_url(url, "ONRECORD_REPORT_URL")


def test_given_urls_need_no_home(folder: Path) -> None:
    settings = Settings(database_url="postgres://h/d", broker_url="amqp://h//")
    with resolve(settings, create=True) as resolved:
        assert resolved.database_url == "postgresql+psycopg://h/d"
        assert resolved.report_url == ""
        assert resolved.broker_url == "amqp://h//"
    assert not list(folder.iterdir())


def test_without_a_home_nothing_is_started() -> None:
    with pytest.raises(HomeMissing), resolve(Settings()):
        pass


def test_empty_urls_are_those_of_embedded_servers(home: Path) -> None:
    with resolve(Settings(), create=True) as resolved:
        assert resolved.home == home
        assert resolved.broker_url.startswith("redis+socket://")
        assert "onrecord_report@" in resolved.report_url
        engine = create_engine(resolved.database_url)
        with engine.connect() as connection:
            assert connection.execute(text("select 1")).scalar() == 1
        engine.dispose()


def test_only_what_is_not_given_is_started(home: Path) -> None:
    with resolve(Settings(database_url="postgresql://h/d", home=home)) as resolved:
        assert resolved.database_url == "postgresql+psycopg://h/d"
        assert (home / "valkey").is_dir()
        assert not (home / "postgres").exists()
    with resolve(Settings(home=home), broker=False) as resolved:
        assert resolved.broker_url == ""

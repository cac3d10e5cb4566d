"""The search reads each quotation by the rules of its own language, and takes accents away."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url

from tests.integration.report.conftest import Press, command
from worker.parse.article import Article
from worker.report.answer import SEARCH_PATH
from worker.report.reading import Reading, reading
from worker.report.search import Search, Sort
from worker.report.search_line import read_line
from worker.settings import settings
from worker.store import articles
from worker.store.db.engine import make_engine
from worker.store.languages import LANGUAGES

SAID = {
    "de": "Lavrov sah die spielenden Kinder vor dem Haus von Müller, und es war kalt.",
    "en": "The talks go on, and nobody wants a war over kind words about Garcia.",
    "es": "García habló de las elecciones.",
    "fr": "Les élections ont été annulées à l'hôtel.",
    "ru": "Мы ведём переговоры о мире.",
    "zh": "Beijing talks go on 北京.",
    None: "Nobody talked to the children.",
}


CANDIDATE = "Die Männer von García schwiegen."


@pytest.fixture(scope="module")
def house(servers: tuple[str, str], template: str) -> Iterator[str]:
    """The URL of a database with a quotation in each language, and a candidate; the tests only read it."""
    name = f"onrecord_said_{os.getpid()}"
    admin = make_engine(servers[0]).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    url = make_url(servers[0]).set(database=name).render_as_string(hide_password=False)
    filling = make_engine(url)
    with filling.begin() as connection:
        put = Press(connection)
        for language, words in [*SAID.items(), ("de", CANDIDATE)]:
            article = put.article(words, str(language), language=language)
            put.carry(article, put.file(f"{language} {article}.txt"), None)
            put.quote(article, words, words)
        connection.exec_driver_sql("UPDATE quotes SET confidence = 0.3 WHERE text = %s", (CANDIDATE,))
    filling.dispose()
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def said(house: str) -> Iterator[Engine]:
    """An engine on that database."""
    engine = make_engine(house)
    yield engine
    engine.dispose()


def found(asking: Reading, words: str) -> set[str | None]:
    """Return the languages of the quotations that the search finds, asked in SQL; the page must find the same."""
    in_sql = {row["language"] for row in asking.rows("SELECT language FROM search(%(words)s)", words=words)}
    search = Search(line=read_line(words))
    for each in (search, search.resolved(asking)):
        statement, values = each.page(Sort.BEST, 0, 10)
        assert {row["language"] for row in asking.rows(statement, **values)} == in_sql
    return in_sql


FOUND: dict[str, set[str | None]] = {
    "Kind": {"de", "en"},
    "Kindern": {"de"},
    "talking": {"en", None},
    "elección": {"es"},
    "annuler": {"fr"},
    "annulees": {"fr"},
    "annuler -hotel": set(),
    "переговоров": {"ru"},
    "北京": {"zh"},
    "muller": {"de"},
    "Häusern": {"de"},
    "garcia": {"en", "es"},
    "García": {"en", "es"},
    "election": {"fr"},
    "hotel": {"fr"},
    "war": {"en"},  # in German, it is a word that says nothing
    '"go on"': {"en", "zh"},
    "talks -kind": {"zh", None},
    "Lavrov -Häuser": set(),  # the rules of another language would not see a house in "Haus"
    "the": set(),
}


def test_each_language_has_its_own_rules(said: Engine) -> None:
    with reading(said) as asking:
        assert {words: found(asking, words) for words in FOUND} == FOUND


def test_what_was_found_is_marked(said: Engine) -> None:
    with reading(said) as asking:
        for words, marked in (
            ("annuler", "été \x02annulées\x03 à"),
            ("Kind", "spielenden \x02Kinder\x03 vor"),
            ("garcia", "\x02García\x03 habló"),
        ):
            statement, values = Search(line=read_line(words)).resolved(asking).page(Sort.NEWEST, 0, 10)
            assert any(marked in row["marked"] for row in asking.rows(statement, **values)), words


def test_the_index_is_used(said: Engine) -> None:
    others = "SELECT set_config('enable_indexscan', 'off', true)"
    with reading(said) as asking:
        asking.value(others)
        search = Search(line=read_line("talks -kind"))
        for each in (search, search.resolved(asking)):
            statement, values = each.counts(Sort.BEST, 0, 10)
            rows = asking.looked_up(f"EXPLAIN {statement}", **values)  # the table is small, and is not read whole here
            plan = "\n".join(row["QUERY PLAN"] for row in rows)
            assert "ix_quotes_search" in plan, plan


def test_candidates_are_sought_by_the_same_rules(
    house: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    onrecord = command(house, monkeypatch, capsys)
    assert "Männer" in onrecord("quotes", "--candidates", "--search", "Mann").out
    assert "Männer" in onrecord("quotes", "--candidates", "--search", "garcia").out
    assert "Kinder" not in onrecord("quotes", "--candidates", "--search", "Kind").out
    settings.cache_clear()


def test_an_article_that_is_read_in_another_language_takes_its_quotes_along(said: Engine) -> None:
    with said.connect() as connection:
        article = connection.exec_driver_sql("SELECT min(id) FROM articles WHERE language = 'de'").scalar_one()
        parsed = Article(text=SAID["de"], body_start=0, body_end=len(SAID["de"]), language="nl")
        articles.rewrite(connection, article, parsed, b"hash", [])
        connection.exec_driver_sql(SEARCH_PATH)
        asking = Reading(connection, 60)
        assert found(asking, "Kindern") == set()
        assert found(asking, "Lavrov") == {"nl"}
        connection.rollback()


def test_every_language_has_its_configurations(said: Engine) -> None:
    asked = """
    SELECT code, words_of(code)::text AS words, stems_of(code)::text AS stems FROM unnest(%(codes)s::text[]) code
    """
    with reading(said) as asking:
        made = {row["code"]: (row["words"], row["stems"]) for row in asking.rows(asked, codes=[*LANGUAGES, "zh"])}
    expected = {code: (f"words_{code}", stems) for code, stems in LANGUAGES.items()}
    assert made == {**expected, "zh": ("words_simple", "simple")}

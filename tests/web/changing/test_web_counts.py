"""What stands beside hits and in lists is true: after merges, of joint sources, and on the last page."""

import re
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from tests.integration.report.conftest import Press
from tests.web.served import Served
from tests.web.world import World
from worker.report.reading import reading
from worker.web.pages.files import FROM_END, SOME, values_of
from worker.web.pages.speaker import SHOWN
from worker.web.templates import visible

NAMES = re.compile(r"<summary><h2>Speaker</h2></summary>\s*<ul>(.*?)</ul>", re.DOTALL)
CHOICE = re.compile(r'<bdi>([^<]*)</bdi></a> <span class="n">([\d,]+)</span>')
MERGE = text("UPDATE speakers SET merged_into = :into WHERE id = :speaker")


def speakers_beside(page: str) -> dict[str, int]:
    """Return the speakers to choose from beside hits, with their counts."""
    [names] = NAMES.findall(page)
    return {name: int(count.replace(",", "")) for name, count in CHOICE.findall(names)}


def total(page: str) -> str:
    """Return how many hits a page says that there are."""
    found = re.search(r"<strong>([\d,]+\+?)</strong> quotation", page)
    return found[1] if found else ""


def test_a_quotation_of_two_speakers_who_are_one_now_counts_once(site: Served, world: World, engine: Engine) -> None:
    words = "Vale and Dr. Vale said: “The tide gauge was never read.”"
    with engine.begin() as connection:
        put = Press(connection, "tide", "/tide")
        vale, doctor = put.speaker("Ines Vale"), put.speaker("Dr. Vale")
        put.quote(put.article(words, "Tide"), words, "The tide gauge was never read.", vale, doctor)
    assert speakers_beside(site.ask("/?q=gauge").text) == {"Ines Vale": 1, "Dr. Vale": 1}
    with engine.begin() as connection:
        connection.execute(MERGE, {"into": vale, "speaker": doctor})
    assert speakers_beside(site.ask("/?q=gauge").text) == {"Ines Vale": 1}


def test_the_number_of_a_merged_speaker_finds_the_one_that_stayed(site: Served, world: World, engine: Engine) -> None:
    before = site.ask(f"/?speaker={world.orlov}").text
    with engine.begin() as connection:
        old = Press(connection, "old", "/old").speaker("D. Orlov", merged_into=world.orlov)
    shown = site.ask(f"/?speaker={old}").text
    assert total(shown) == total(before) == "2"
    assert "<bdi>Dmitry Orlov</bdi> <span aria-hidden" in shown
    assert len(site.ask(f"/quotes.jsonl?speaker={old}").body.splitlines()) == 2


def test_a_speaker_who_does_not_exist_is_called_by_the_number(site: Served) -> None:
    assert "<bdi>speaker 987654</bdi> <span aria-hidden" in site.ask("/?speaker=987654").text


def test_a_name_is_sought_in_any_case_among_all_forms(site: Served, world: World, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE speakers SET name = 'ÉDITH Orlov' WHERE id = :id"), {"id": world.orlov})
    for line in ("speaker:édith", "speaker:DMITRI", "speaker:orlov"):
        assert total(site.ask(f"/?q={line.replace('é', '%C3%A9')}").text) == "2", line


def test_best_first_is_offered_only_where_there_are_words(site: Served) -> None:
    assert "Best first" in site.ask("/?q=wall").text
    assert "Best first" not in site.ask("/?q=speaker%3Alinden").text
    assert "Newest first" in site.ask("/?q=speaker%3Alinden").text


def test_others_are_shown_behind_many_quotations_of_ones_own(site: Served, world: World, engine: Engine) -> None:
    said = [f"Brandt gave speech number {number}." for number in range(40)]
    own = " ".join(f"Ola Brandt said: “{words}”" for words in said)
    other = "The usher said: “Brandt spoke for hours.”"
    with engine.begin() as connection:
        put = Press(connection, "speeches", "/speeches")
        brandt, usher = put.speaker("Ola Brandt"), put.speaker("The Usher")
        article = put.article(own, "Speeches", None, datetime(2024, 7, 1, tzinfo=UTC))
        for words in said:
            put.quote(article, own, words, brandt)
        earlier = put.article(other, "Hours", None, datetime(2024, 6, 1, tzinfo=UTC))
        quote = put.quote(earlier, other, "Brandt spoke for hours.", usher)
    page = site.ask(f"/speakers/{brandt}").text
    _, _, about = page.partition('<h2 id="about">')
    assert f'id="q{quote}"' in about
    assert page.count('class="card"') == SHOWN + 1


def test_the_end_of_the_list_of_files_is_that_of_the_whole_list(site: Served, world: World, engine: Engine) -> None:
    with engine.begin() as connection:
        put = Press(connection, "many", "/many")
        for number in range(170):
            put.file(f"n{number}.txt", "ignored", reason="pattern")
        connection.execute(text("UPDATE files SET first_seen = now() - mod(id, 3) * interval '1 day'"))
    with reading(site.house.reader) as asked:
        values = values_of({})
        everything = [row["file"] for row in asked.rows(SOME, **values, count=1000, first=0)]
        assert [row["file"] for row in asked.rows(FROM_END, **values, count=1000, first=0)] == everything[::-1]
    shown: list[str] = []
    for page in range(1, 1 + -(-len(everything) // 50)):
        shown += re.findall(
            r'<th scope="row" class="name"><a href="[^"]*"><bdi>([^<]*)</bdi>', site.ask(f"/files?page={page}").text
        )
    assert shown == [visible(name) for name in everything]
    assert "No file answers" in site.ask("/files?page=99&state=stored").text


def test_the_hits_are_known_before_the_counts(site: Served, world: World) -> None:
    with reading(site.house.reader) as asked:
        first = asked.first_rows(1, "SELECT n FROM generate_series(1, 3) AS n")
        assert [row["n"] for row in (*first, *asked.other_rows())] == [1, 2, 3]
    page = site.ask("/?q=wall")
    assert page.status == 200
    assert "content-length" not in page.headers
    assert page.text.index('class="card"') < page.text.index('class="facets"') < page.text.index('class="over"')

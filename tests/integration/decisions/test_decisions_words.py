"""Words that people mark: a quotation that begins or ends elsewhere, and one that was missed."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text, update

from tests.integration.dedupe.newsroom import Said, Story, extract_again, person, store
from tests.integration.dedupe.test_dedupe_stories import prose
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.store import articles
from worker.store.decisions import Undecidable
from worker.store.tables.models import Article, Quote

ONE = "We expect the agreement to be achieved before the end of this year"
TWO = "There are countries with interests outside their borders"
CUT = "the agreement to be achieved before the end"
SHORT = "the end of this year"
LAVROV, RAISI = person("Sergey Lavrov"), person("Ebrahim Raisi")
WHO: dict[str, Any] = {"who": "ada", "reason": "I read it"}
OF_BOTH = (Said(ONE, [LAVROV]), Said(TWO, [RAISI]))
SHOWN = "SELECT quote, speaker, kind, by_hand, extractor FROM report.quotes ORDER BY start_char"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def article(connection: Connection) -> int:
    return store(connection, Story(prose(1, 60), OF_BOTH, "Mehr"))


def shown(connection: Connection) -> list[tuple[str, str | None]]:
    return [(row.quote, row.speaker) for row in connection.execute(text(SHOWN))]


def number(connection: Connection, words: str) -> int:
    return connection.execute(select(Quote.id).where(Quote.text == words, Quote.current)).scalar_one()


def statement(connection: Connection, quote: int) -> tuple[int, str]:
    row = connection.execute(
        text("SELECT t.id, t.text FROM quotes q JOIN statements t ON t.id = q.statement_id WHERE q.id = :id"),
        {"id": quote},
    ).one()
    return row.id, row.text


def read_again(connection: Connection, article: int, *said: Said, generation: int = 2) -> None:
    extract_again(connection, article, said, generation)
    quote_decisions.apply(connection, article)


def parse_again(connection: Connection, article: int, words: str, *said: Said) -> None:
    """Store another text of the article, as a new parser gives it, and read it again."""
    connection.execute(articles.DROP_CONTEXTS, {"article": article, "length": len(words)})
    connection.execute(articles.PARK_QUOTES, {"article": article, "length": len(words)})
    connection.execute(update(Article).where(Article.id == article).values(text=words, body_end=len(words)))
    read_again(connection, article, *said)


def text_of(connection: Connection, article: int) -> str:
    return connection.execute(select(Article.text).where(Article.id == article)).scalar_one()


def lost(connection: Connection) -> list[bool]:
    return list(connection.execute(text("SELECT lost FROM report.decisions ORDER BY decision_id")).scalars())


def no_leftovers(connection: Connection) -> bool:
    """True if every place has its words, every statement its quotation, and every form its count."""
    places = """
        SELECT count(*) FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.current
        AND (substr(a.text, q.start_char + 1, q.parts[2] - q.start_char) <> left(q.text, q.parts[2] - q.start_char)
             OR q.statement_id IS NULL)
    """
    printed = "SELECT count(*) FROM statements t WHERE NOT EXISTS (SELECT FROM quotes q WHERE q.statement_id = t.id)"
    counts = """
        SELECT count(*) FROM speaker_names n WHERE n.status = 'joined' AND n.articles <> (
            SELECT count(DISTINCT q.article_id) FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id AND q.current
            WHERE s.speaker_id = n.speaker_id AND s.name = n.name)
    """
    found = [connection.execute(text(query)).scalar_one() for query in (places, printed, counts)]
    assert found == [0, 0, 0]
    return True


def test_a_quotation_is_cut_anew_and_back(connection: Connection, article: int) -> None:
    quote = number(connection, ONE)
    decision = quote_decisions.recut(connection, quote, CUT, **WHO)
    assert shown(connection) == [(CUT, "Sergey Lavrov"), (TWO, "Ebrahim Raisi")]
    assert statement(connection, quote)[1] == CUT
    row = connection.execute(text(SHOWN)).first()
    assert row is not None
    assert (row.kind, row.by_hand, row.extractor) == ("direct", True, "test-1")
    assert no_leftovers(connection)
    speaker_decisions.undo(connection, decision, **WHO)
    assert shown(connection) == [(ONE, "Sergey Lavrov"), (TWO, "Ebrahim Raisi")]
    assert statement(connection, quote)[1] == ONE
    assert no_leftovers(connection)


def test_the_words_of_a_person_outlive_every_reading(connection: Connection, article: int) -> None:
    quote = number(connection, ONE)
    decision = quote_decisions.recut(connection, quote, SHORT, **WHO)
    quote_decisions.set_speaker(connection, quote, "Ann One", **WHO)
    for generation, said in enumerate((OF_BOTH, OF_BOTH[1:], OF_BOTH[1:], OF_BOTH), start=2):
        read_again(connection, article, *said, generation=generation)
        assert number(connection, SHORT) == quote, "also while the extractor does not read it"
        assert shown(connection) == [(SHORT, "Ann One"), (TWO, "Ebrahim Raisi")]
        assert no_leftovers(connection)
    speaker_decisions.undo(connection, decision, **WHO)
    assert shown(connection) == [(ONE, "Ann One"), (TWO, "Ebrahim Raisi")]


def test_an_undone_cut_gives_way_to_an_earlier_one(connection: Connection, article: int) -> None:
    quote = number(connection, ONE)
    first = quote_decisions.recut(connection, quote, CUT, **WHO)
    second = quote_decisions.recut(connection, quote, SHORT, **WHO)
    assert shown(connection)[0] == (SHORT, "Sergey Lavrov")
    speaker_decisions.undo(connection, second, **WHO)
    assert shown(connection)[0] == (CUT, "Sergey Lavrov")
    speaker_decisions.undo(connection, first, **WHO)
    assert shown(connection)[0] == (ONE, "Sergey Lavrov")
    assert no_leftovers(connection)


def test_a_missed_quotation_is_added_and_taken_back(connection: Connection, article: int) -> None:
    missed = " ".join(text_of(connection, article).split()[3:12])
    before = shown(connection)
    decision, quote = quote_decisions.add(connection, article, missed, **WHO)
    quote_decisions.set_speaker(connection, quote, "Ann One", **WHO)
    assert shown(connection) == [(missed, "Ann One"), *before]
    row = connection.execute(text(SHOWN)).first()
    assert row is not None
    assert (row.kind, row.by_hand, row.extractor) == ("indirect", True, "a person")
    for generation, said in enumerate((OF_BOTH, (Said(missed, [LAVROV]), *OF_BOTH), OF_BOTH), start=2):
        read_again(connection, article, *said, generation=generation)
        assert number(connection, missed) == quote, "also while the extractor reads it"
        assert shown(connection) == [(missed, "Ann One"), *before]
        assert no_leftovers(connection)
    speaker_decisions.undo(connection, decision, **WHO)
    assert shown(connection) == before
    assert no_leftovers(connection)
    live = "SELECT count(*) FROM report.decisions WHERE undone_at IS NULL"
    assert connection.execute(text(live)).scalar_one() == 0, "what was said of it is undone, too"


def test_an_added_quotation_that_is_read_by_now_stays_when_undone(connection: Connection, article: int) -> None:
    missed = " ".join(text_of(connection, article).split()[3:12])
    decision, quote = quote_decisions.add(connection, article, missed, **WHO)
    longer = " ".join(text_of(connection, article).split()[3:15])
    read_again(connection, article, Said(longer, [LAVROV]), *OF_BOTH)
    assert shown(connection)[0] == (missed, "Sergey Lavrov")
    speaker_decisions.undo(connection, decision, **WHO)
    assert shown(connection)[0] == (longer, "Sergey Lavrov")
    assert number(connection, longer) == quote
    assert no_leftovers(connection)


def test_words_are_found_again_in_a_new_text(connection: Connection, article: int) -> None:
    old = text_of(connection, article)
    missed = " ".join(old.split()[3:12])
    quote_decisions.recut(connection, number(connection, ONE), SHORT, **WHO)
    quote_decisions.add(connection, article, missed, **WHO)
    # A title before it moves every place, and a line break stands in the words.
    new = f"{missed}, says a headline\n\n" + old.replace("end of this", "end\nof this")
    broken = ONE.replace("end of this", "end\nof this")
    parse_again(connection, article, new, Said(broken, [LAVROV]), Said(TWO, [RAISI]))
    rows = connection.execute(text("SELECT quote, start_char FROM report.quotes ORDER BY start_char")).all()
    assert [row.quote for row in rows] == [missed, SHORT.replace("end of", "end\nof"), TWO]
    assert rows[0].start_char == new.rindex(missed), "the place with the same words around it, not the headline"
    assert lost(connection) == [False, False]
    assert no_leftovers(connection)


def test_a_decision_says_that_its_words_are_lost(connection: Connection, article: int) -> None:
    old = text_of(connection, article)
    missed = " ".join(old.split()[3:12])
    quote_decisions.add(connection, article, missed, **WHO)
    cut = quote_decisions.recut(connection, number(connection, ONE), SHORT, **WHO)
    new = old.replace(missed, "Nothing.").replace(SHORT, "spring")
    parse_again(connection, article, new, Said(ONE.replace(SHORT, "spring"), [LAVROV]), Said(TWO, [RAISI]))
    assert [quote for quote, _ in shown(connection)] == [ONE.replace(SHORT, "spring"), TWO]
    assert lost(connection) == [True, True]
    parse_again(connection, article, old, *OF_BOTH)
    assert [quote for quote, _ in shown(connection)] == [missed, SHORT, TWO]
    assert lost(connection) == [False, False]
    speaker_decisions.undo(connection, cut, **WHO)
    assert [quote for quote, _ in shown(connection)] == [missed, ONE, TWO]


def test_what_stands_between_marks_is_marked_without_them() -> None:
    from worker.extract.marked import parts_within, quotation_of

    said = "“The wall goes up,” said Linden, “and the drains come next.” It was “late” again, they say."
    whole = (0, said.index(" It was"))
    parts = parts_within(said, whole)
    made = quotation_of(said, parts, None, None)
    assert made is not None
    assert (made.kind, [said[a:b] for a, b in made.parts]) == (
        "direct",
        ["The wall goes up,", "and the drains come next."],
    )
    last = (said.index("It was"), said.index(", they"))
    made = quotation_of(said, parts_within(said, last), None, None)
    assert made is not None
    assert (made.kind, made.text) == ("mixed", "It was “late” again")
    assert parts_within(said, (0, 1)) == []


def test_what_interrupts_stays_out() -> None:
    from worker.extract.marked import parts_within

    said = "The wall, Linden said, goes up in May at last."
    gap = (said.index(", Linden"), said.index("goes"))
    parts = parts_within(said, (0, said.index(" at last")), [gap])
    assert [said[a:b] for a, b in parts] == ["The wall", "goes up in May"]


def test_words_that_cannot_be_marked(connection: Connection, article: int) -> None:
    quote = number(connection, ONE)
    with pytest.raises(Undecidable, match="does not have these words"):
        quote_decisions.recut(connection, quote, "words of another article", **WHO)
    with pytest.raises(Undecidable, match="exactly these words"):
        quote_decisions.recut(connection, quote, f"“{ONE}”".strip("“”"), **WHO)
    with pytest.raises(Undecidable, match="at least one letter"):
        quote_decisions.recut(connection, quote, '"', **WHO)
    with pytest.raises(Undecidable, match=f"words of quotation {quote} already; cut that one"):
        quote_decisions.add(connection, article, ONE, **WHO)
    with pytest.raises(Undecidable, match="no article 99"):
        quote_decisions.add(connection, 99, ONE, **WHO)
    with pytest.raises(Undecidable, match=r"the \d+ times|these words \d+ times"):
        quote_decisions.add(connection, article, "the", **WHO)
    with pytest.raises(Undecidable, match="no current quote 99"):
        quote_decisions.recut(connection, 99, CUT, **WHO)

"""Records: articles at any depth of JSON, texts in pieces, cut texts; feeds' fields; tables of any line end; names."""

import io
import json
import random

import pytest

from tests.unit.parse.reading_files import only_outcome, outcomes
from worker.parse import Article, Limits, split
from worker.parse.naming import is_backup, is_made_folder, is_unfinished
from worker.parse.reading import Recoded
from worker.parse.records.feed_fields import authors, outlet, without_footer, without_media_texts
from worker.parse.records.field_text import clean, field_text, holds_text
from worker.parse.records.record_finding import articles
from worker.reasons import Reason, Refused

ONE = {"title": "Ferry", "text": "The ferry will not sail, said Mirela Costin."}
TWO = {"title": "Quay", "text": "The quay is open, said Jonas Elm on Friday."}


@pytest.mark.parametrize(
    "value",
    [
        [ONE, TWO],
        {"a": ONE, "b": TWO},
        {"response": {"docs": [ONE, TWO], "numFound": 2}},
        {"data": {"feed": {"edges": [{"node": ONE}, {"node": TWO}]}}},
        {"hits": {"total": 2, "hits": [{"_id": "1", "_source": ONE}, {"_source": {"article": TWO}}]}},
        {"pages": [{"articles": [ONE]}, {"articles": [TWO]}]},
        [[ONE], [TWO]],
        {"tags": [{"text": "sea"}], "meta": {"links": [{"text": "more"}]}, "results": [ONE, TWO]},
    ],
)
def test_articles_are_found_at_any_depth(value: object) -> None:
    for limits in (Limits(), Limits(max_article_bytes=20)):
        found = outcomes(json.dumps(value).encode(), "a.json", limits)
        read = [(each.title, each.text) for _, each in found if isinstance(each, Article)]
        if limits == Limits() or not (isinstance(value, dict) and "a" in value):  # an array is needed to be streamed
            assert read == [("Ferry", ONE["text"]), ("Quay", TWO["text"])]


@pytest.mark.parametrize(
    "value",
    [
        {"status": "ok", "text": "Results for bridge", "articles": [ONE, TWO]},
        {"content": "Latest headlines", "results": [ONE, TWO]},
        {"title": "Search", "text": "Results for bridge", "articles": [ONE, TWO]},
        {"status": "ok", "data": {"text": "Results for bridge", "articles": [ONE, TWO]}},
        {"body": "Latest", "response": {"docs": [ONE, TWO]}},
        {"pages": [{"text": "Page 1", "articles": [ONE]}, {"text": "Page 2", "articles": [TWO]}]},
        {"content": [{"name": each["title"], "body": each["text"]} for each in (ONE, TWO)]},
        {"article": [{"heading": each["title"], "text": each["text"]} for each in (ONE, TWO)]},
        {"body": [{"webTitle": each["title"], "body": each["text"]} for each in (ONE, TWO)]},
    ],
)
def test_a_text_about_a_list_or_around_it_is_no_article(value: object) -> None:
    found = [each for _, each in outcomes(json.dumps(value).encode(), "a.json")]
    assert [each.text for each in found if isinstance(each, Article)] == [ONE["text"], TWO["text"]]


LONG = "The ferry will not sail for three weeks, said Mirela Costin, who leads the board of the harbour. " * 3


@pytest.mark.parametrize(
    "value",
    [
        {"title": "Ferry", "text": ONE["text"], "related": [{**TWO, "text": LONG}]},
        {"title": "Ferry", "text": LONG, "articles": [TWO]},
        {"text": ONE["text"], "comments": [{"name": "Una", "text": "I never liked that ferry."}]},
        {"title": "Ferry", "text": ONE["text"], "elements": [{"type": "text", "content": LONG}]},
        {"title": "Ferry", "text": [{"heading": "One", "text": "It sails."}, {"heading": "Two", "text": "It sank."}]},
        {"title": "Ferry", "content": [{"name": "Ann Lee", "text": "No."}, {"name": "Tom Byrne", "text": "Yes."}]},
    ],
)
def test_an_article_with_lists_in_it_is_one(value: object) -> None:
    assert isinstance(only_outcome(json.dumps(value).encode(), "a.json"), Article)


def test_many_wrappers_with_an_article_each_are_read() -> None:
    days = {f"day {number}": {"meta": {"a": {"b": {}}}, "stories": [ONE]} for number in range(40_000)}
    assert len(articles(days)) == 40_000


def test_one_article_inside_of_objects_has_no_name() -> None:
    found = outcomes(json.dumps({"status": "ok", "payload": {"result": {"story": ONE}}}).encode(), "a.json")
    assert [(name, isinstance(each, Article)) for name, each in found] == [(None, True)]


def test_what_is_deep_or_many_ends_within_bounds() -> None:
    deep: object = ONE
    for _ in range(300):
        deep = {"x": [deep]}
    assert only_outcome(json.dumps(deep).encode(), "a.json") is Reason.NO_ARTICLE
    assert articles([{"a": {"b": {}}} for _ in range(100_000)]) == []
    nested: object = "a"
    for _ in range(300):
        nested = {"text": [nested]}
    assert not holds_text(nested) and field_text(nested) is None


def test_texts_in_pieces_and_objects() -> None:
    boat = {"type": "image", "text": "A boat"}
    blocks = [{"type": "paragraph", "data": {"text": "One."}}, boat, {"text": "<p>Two.</p>"}]
    assert field_text(blocks) == "One.\n\nTwo."
    assert field_text({"blocks": blocks}) == "One.\n\nTwo."
    assert field_text({"format": "html", "processed": "<p>One.</p><p>Two.</p>"}) == "One.\n\nTwo."
    assert field_text([{"title": "An article", "text": "of its own"}]) is None
    assert clean("Tom &amp; Una&#8217;s &lt;b&gt;boat&lt;/b&gt;") == "Tom & Una’s boat"
    assert clean("AT&T, R&D; 3 < 4 &c") == "AT&T, R&D; 3 < 4 &c"


@pytest.mark.parametrize("ending", ["… [+1234 chars]", "... [2,345 characters]", "[+17 chars]"])
def test_a_text_that_a_service_cut_off_is_no_article(ending: str) -> None:
    cut = {"title": "Ferry", "content": f"{ONE['text']} The yard {ending}"}
    assert only_outcome(json.dumps(cut).encode(), "a.json") is Reason.NO_TEXT
    both = only_outcome(json.dumps({**cut, "full_text": TWO["text"] * 9}).encode(), "a.json")
    assert isinstance(both, Article) and both.text.startswith(TWO["text"])


OUTLETS = [
    ("Politics | The Guard", "https://www.theguard.example/politics", "The Guard"),
    ("SVM > World News", "https://www.svmail.example/world", "SVM"),
    ("Sandvig Mail - Latest news", "https://a.example", "Sandvig Mail"),
    ("Sandvig Mail (RSS)", None, "Sandvig Mail"),
    ("Sandvig Mail RSS Feed", "https://a.example", "Sandvig Mail"),
    ("Sandvig News - World", "https://a.example", "Sandvig News - World"),
    ("Harbour News", None, "Harbour News"),
]


@pytest.mark.parametrize(("title", "address", "right"), OUTLETS)
def test_outlets_of_feeds(title: str, address: str | None, right: str) -> None:
    assert outlet(title, address) == right


def test_fields_of_feeds() -> None:
    assert list(authors(["Una Roe", "ple (Tomas Rell", "u@a.example (Una)", None])) == ["Una Roe", "Tomas Rell", "Una"]
    text = "It sails. L’article Le bac est apparu en premier sur Le Courrier."
    assert without_footer(text, "Le bac", ["Le Courrier"]) == "It sails."
    assert without_footer("It sails. The post Old title appeared first on Mail.", "New", ["X"]) == "It sails."
    kept = "It sails. Le bac is the name that Le Courrier gave it, and that everybody uses now."
    assert without_footer(kept, "Le bac", ["Le Courrier"]) == kept
    raw = b'<x xmlns:m="http://search.yahoo.com/mrss/"><m:text>A</m:text><m:title/><m:content><b/></m:content></x>'
    assert without_media_texts(raw).endswith(b"><m:content><b/></m:content></x>")


def test_line_ends_of_any_kind_become_one() -> None:
    chance = random.Random(7)
    for _ in range(300):
        raw = bytes(chance.choice(b"ab\r\n") for _ in range(chance.randint(0, 30)))
        assert io.BufferedReader(Recoded(_Slow(raw, chance))).read() == raw.replace(b"\r\n", b"\n").replace(
            b"\r", b"\n"
        )


class _Slow(io.BytesIO):
    def __init__(self, raw: bytes, chance: random.Random) -> None:
        super().__init__(raw)
        self._chance = chance

    def read(self, _: int | None = -1) -> bytes:
        return super().read(self._chance.randint(1, 4))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_of_any_encoding_and_line_end(codec: str, end: str) -> None:
    table = end.join(("sep=;", ';"Headline";" Full Text "', f'1;Ferry;"The “ferry”{end}sails."', ""))
    [(_, article)] = outcomes(table.encode(codec), "a.csv")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Ferry", "The “ferry”\nsails.")


def _text_and_warnings(table: str) -> tuple[str, tuple[str, ...]]:
    article = outcomes(table.encode(), "a.csv")[0][1]
    assert isinstance(article, Article)
    return article.text, article.warnings


def test_cells_beyond_the_header_are_not_lost_in_silence() -> None:
    told = "The bridge will close on Friday, the council said. 'It is not safe,' said Ann Lee."
    assert _text_and_warnings(f"text\n{told}\n") == (told, ())
    text, (warning,) = _text_and_warnings(f"title,text\nBridge,{told}\n")
    assert told.startswith(text) and warning.startswith("damaged row")
    assert _text_and_warnings("title,text\nBridge,It is closed.,,\n") == ("It is closed.", ())


def test_quotation_marks_that_a_program_escaped() -> None:
    said = 'The bridge "will" close, he said, on Friday.'
    escaped = said.replace('"', '\\"')
    assert _text_and_warnings(f'title,text\nA,"{escaped}"\n') == (said, ())
    doubled = said.replace('"', '""')
    assert _text_and_warnings(f'title,text\nC:\\news\\,"{doubled}"\n') == (said, ())


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_json_lines_of_any_encoding_and_line_end(codec: str, end: str, name: str) -> None:
    if name == "a.json" and (codec != "utf-8" or end == "\r"):
        pytest.skip("only the name tells that it is JSON Lines")
    found = outcomes(end.join(map(json.dumps, (ONE, TWO, ONE))).encode(codec), name)
    assert [each.title for _, each in found if isinstance(each, Article)] == ["Ferry", "Quay", "Ferry"]


def test_an_entity_in_the_text_of_an_entry_is_no_bomb() -> None:
    entry = (
        "<item><title>X</title><description><![CDATA[They wrote <!ENTITY a 'b'> on the wall.]]></description></item>"
    )
    feed = f"<rss version='2.0'><channel><title>A</title>{entry}</channel></rss>"
    assert isinstance(only_article(feed), Article)
    for before in ("<!-- <rss> -->", "<?a <rss> ?>", ""):
        for inside in ("", "<?a <b?>", "<!NOTATION n SYSTEM '<b'>"):
            assert only_article(f"{before}<!DOCTYPE rss [{inside}<!ENTITY a 'b'>]>{feed}") is Reason.BOMB


def only_article(feed: str) -> Article | Reason:
    """Return the only outcome of a feed."""
    return outcomes(feed.encode(), "a.rss")[0][1]


def test_names_that_programs_give() -> None:
    for name in ("a.txt.FilePart", "b.html.!qB", "c.opdownload", "d.json.aria2", "e.txt~", "f.partial", "g.download"):
        assert is_unfinished(name), name
    assert not any(map(is_unfinished, ("a.txt", "download", "part.html", "a.tmp.txt")))
    assert is_backup("a.html.bak") and not is_backup("bak.html")
    for folder in ("@eaDir", "#recycle", ".Trash-1000", "$RECYCLE.BIN", "System Volume Information", "lost+found"):
        assert is_made_folder(folder), folder
    assert not any(map(is_made_folder, ("news", "eaDir", "trash", "lost", "2024")))


@pytest.mark.parametrize("name", ["note.rtf", "note.json", "note.txt", "note"])
def test_rtf_is_read_under_any_name(name: str) -> None:
    outcome = only_outcome(b"{\\rtf1\\ansi The ferry will not sail.\\par}", name)
    assert isinstance(outcome, Article) and outcome.text == "The ferry will not sail."


def test_the_lead_paragraph_of_the_new_york_times_is_the_text_with_a_warning() -> None:
    lead = "PERRIN — The bridge will be closed until the autumn. “We have no choice,” said Una Roe, the mayor."
    document = {
        "abstract": "The bridge will be closed.",
        "lead_paragraph": lead,
        "web_url": "https://times.example/a",
        "headline": {"main": "Bridge to Close", "kicker": None},
        "pub_date": "2024-01-02T10:00:05+0000",
        "byline": {"original": "By Ben Falk", "person": [{"firstname": "Ben"}]},
        "source": "The Lowmark Times",
    }
    found = outcomes(json.dumps({"status": "OK", "response": {"docs": [document, document]}}).encode(), "a.json")
    assert len(found) == 2
    article = found[0][1]
    assert isinstance(article, Article)
    assert (article.text, article.title, article.outlet) == (lead, "Bridge to Close", "The Lowmark Times")
    assert article.authors == ("Ben Falk",)
    assert article.warnings == ("only the first paragraph is there: the service gives no full text",)


@pytest.mark.parametrize(
    "value",
    [
        {"response": {"results": [{"webTitle": "Ferry", "webUrl": "https://w.example/a"}] * 3}},
        {"results": [{"title": "Ferry", "abstract": "The ferry stops.", "url": "https://w.example/a"}] * 3},
        [{"title": "Ferry", "link": "https://w.example/a"}] * 3,
    ],
)
def test_a_list_of_titles_says_how_to_get_the_texts(value: object) -> None:
    with pytest.raises(Refused) as caught:
        list(split(io.BytesIO(json.dumps(value).encode()), "a.json", Limits()))
    assert caught.value.reason == Reason.MALFORMED
    assert "3 articles without the texts. To get the texts, " in caught.value.message

"""Bundles of media databases: every article is found or missed aloud, and no bundle is read as one article."""

import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.parse.reading_files import PAGE, assert_actionable, outcomes, zipped
from worker.extract import extract
from worker.parse import Article, Limits, Member, parse, split
from worker.parse.registry import detect
from worker.reasons import Reason, Refused

GOLDEN = Path(__file__).parents[2] / "golden/parse"
FOLDERS = ("nexis", "factiva", "proquest", "europresse", "gopress", "ris")
BUNDLES = sorted(
    file
    for folder in GOLDEN.iterdir()
    if folder.name.startswith(FOLDERS)
    for file in folder.iterdir()
    if file.name != "expected.json"
)
TEXTS = [file for file in BUNDLES if file.suffix.lower() not in (".docx", ".pdf")]
HEADER_WORDS = (  # words that stand in the examples around the articles, and not in them
    *(
        "Download Request",
        "Time Of Request",
        "Search Terms",
        "Client/Matter",
        "LOAD-DATE",
        "Load-Date",
        "End of Document",
    ),
    *("BYLINE", "LENGTH", "HIGHLIGHT", 'put this off," says', "after long thought", "It will not wait", "Une photo"),
    *("Search Summary", "Contact us at", "Ce certificat", "All Rights Reserved", "Table of contents", "Enlarge this"),
)


def document(number: int, count: int, body: str = "The quay stays closed, said Una Roe.") -> str:
    """Return one document of an old LexisNexis export."""
    middle = " " * 30
    return (
        f"\n\n{middle}{number} of {count} DOCUMENTS\n\n\n\n{middle}The Courier\n\n{middle}January {1 + number % 28},"
        f" 2016 Monday\n\nTitle {number}\n\nBYLINE: Una Roe\n\nSECTION: NEWS\n\nLENGTH: 143 words\n\n\n{body}\n\n"
        f"LOAD-DATE: January 11, 2016\n\nLANGUAGE: ENGLISH\n\n\n{middle}Copyright 2016 Alvor News Group Ltd\n"
        f"{middle}All Rights Reserved\n"
    )


def members(raw: bytes | str, name: str = "bundle.txt") -> list[Member]:
    """Return the members of a file."""
    return list(split(io.BytesIO(raw.encode() if isinstance(raw, str) else raw), name, Limits()))


def refusal(raw: bytes | str, name: str) -> Refused:
    """Return the refusal of a whole file."""
    with pytest.raises(Refused) as caught:
        members(raw, name)
    assert_actionable(caught.value.message)
    return caught.value


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.parent.name)
def test_nothing_of_the_headers_is_in_a_text_or_a_quotation(file: Path) -> None:
    with file.open("rb") as stream:
        articles = [
            parse(member.raw, member.media_type, Limits())
            for member in split(stream, file.name, Limits())
            if member.reason is None
        ]
    assert articles
    for article in articles:
        assert not [word for word in HEADER_WORDS if word in article.text]
        for quotation in extract(article.text, (article.body_start, article.body_end), article.language):
            assert quotation.start >= article.body_start


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.parent.name)
def test_a_bundle_is_recognised_under_a_wrong_name(file: Path) -> None:
    raw = file.read_bytes()
    named = [(member.raw, member.reason) for member in members(raw, file.name)]
    assert [(member.raw, member.reason) for member in members(raw, "export.unknown")] == named


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.parent.name)
def test_a_bundle_in_a_zip_gives_the_same_articles(file: Path) -> None:
    raw = file.read_bytes()
    alone = members(raw, file.name)
    inside = members(zipped({file.name: raw}), "exports.zip")
    assert [member.raw for member in inside] == [member.raw for member in alone]
    notes = [member.note for member in alone if member.note]
    assert [member.note for member in inside if member.note] == [f"{file.name}: {note}" for note in notes]


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.parent.name)
def test_a_bundle_that_is_cut_off_keeps_what_is_before_the_cut(file: Path) -> None:
    raw = file.read_bytes()
    for share in (0.3, 0.6, 0.9):
        for name, outcome in outcomes(raw[: int(len(raw) * share)], file.name):
            assert isinstance(outcome, Article | Reason), name


def test_the_last_article_carries_what_is_missing() -> None:
    found = members("".join(document(number, 100) for number in range(1, 101) if number != 57))
    assert len(found) == 99
    assert [member.note for member in found if member.note] == ["99 of 100 articles were found."]
    assert found[-1].note


def test_nothing_is_said_if_all_are_there() -> None:
    assert [member.note for member in members("".join(document(number, 3) for number in (1, 2, 3)))] == [None] * 3


def test_bundles_that_were_joined_are_counted_together() -> None:
    first = "".join(document(number, 3) for number in (1, 2, 3))
    second = "".join(document(number, 112) for number in (111, 112))
    third = "".join(document(number, 3) for number in (1, 3))
    assert members(first + second)[-1].note is None
    assert members(first + third)[-1].note == "5 of 6 articles were found."


def test_editions_and_broken_marks_of_proquest_are_left_out() -> None:
    page = (
        '<div><a name="DocID_MSTAR_1"></a><p style="font-weight:bold;">Court rules: [South Final Edition]</p>'
        "<p><strong>Author: </strong>Roe, E Una; Falk, Ben</p><p><strong>Full text: </strong>"
        '<Text WordCount="9">html&gt;<head></head><body><p>The quay is closed, said Una Roe.</p></body></html></Text>'
        "</p><p><strong>Publication title: </strong>The Tern</p><p><strong>ProQuest document ID: </strong>1</p></div>"
    )
    (member,) = members(page, "a.html")
    article = parse(member.raw, member.media_type, Limits())
    assert (article.title, article.text) == ("Court rules", "The quay is closed, said Una Roe.")
    assert article.authors == ("E Una Roe", "Ben Falk")


def test_documents_with_an_unknown_end_are_not_lost_in_silence() -> None:
    document = (
        "Title\nThe Tern\nJanuary 4, 2020\n\nLength: 9 words\n\nBody\n\nThe quay is closed, said Una Roe.\n\n{}\n"
    )
    found = members((document.format("Slutt på dokument") * 3).encode(), "a.txt")
    assert found[-1].note == "1 of 3 articles were found."


def test_an_unknown_heading_above_the_text_is_no_text() -> None:
    text = "Title\nThe Tern\nJanuary 4, 2020\nLength: 9 words\nOrt: PERRIN\nSkrift\nThe quay is closed.\n"
    found = members((text + "End of Document\n" + text + "End of Document\nBody\n").encode(), "a.txt")
    assert parse(found[0].raw, found[0].media_type, Limits()).text == "The quay is closed."


def test_a_broken_document_does_not_stop_the_others() -> None:
    broken = (
        "\n\n     2 of 3 DOCUMENTS\n\nWe are sorry but there is an error in this document and it is not possible.\n"
    )
    found = members(document(1, 3) + broken + document(3, 3))
    assert [member.reason for member in found] == [None, Reason.MALFORMED, None]
    assert found[-1].note == "2 of 3 articles were found."


def test_an_article_without_a_text_is_no_article_but_is_not_missing() -> None:
    found = members(document(1, 2) + document(2, 2, body=""))
    assert [member.reason for member in found] == [None, Reason.NO_ARTICLE]
    assert found[-1].note is None


def test_words_of_fields_in_a_text_stay_in_it() -> None:
    body = (
        "NOTE: all times are local.\n\nThe quay stays closed.\n\nUPDATE: it opened on Friday at noon, the harbour"
        " master said.\n\n" + "The boats came back one by one.\n\n" * 8
    )
    (member,) = members(document(1, 1, body=body))
    text = json.loads(member.raw)["body"]
    assert text.startswith("NOTE: all times are local.")
    assert "UPDATE: it opened on Friday" in text


NOT_UNDERSTOOD = [  # the beginning of a bundle in a layout that no one has seen; its name, its database, its count
    ("<title>Factiva</title><div class='article enArticle'><h3>x</h3></div>", "a.html", "Factiva", "1 document"),
    ("<html><!-- <DOC NUMBER=1>\n<DOCFULL> --><!-- <DOC NUMBER=2>\n<DOCFULL> -->", "a.html", "Nexis", "2 documents"),
    ("Documents (100)\n\n1. A title\nClient/Matter: -None-\n\n2. Another\n", "a.txt", "Nexis", "100 documents"),
    ("<article><p class='DocPublicationName DocHeader'>X</p></article>", "a.html", "Europresse", "1 document"),
    ("?1. Title\n\nDe Bode, 30 november 2011, p. 23, 853w.\n\nLead.\n", "a.txt", "Gopress", "1 articles"),
]


def test_the_publication_may_stand_below_its_copyright_and_paragraphs_may_be_indented() -> None:
    middle = " " * 30
    text = (
        f"{middle}1 of 1 DOCUMENT\n\n\n{middle}Copyright 2010 The Tern Company\n{middle}The Daily Tern\n\n"
        f"{middle}May 8, 2010 Saturday\n\n{middle}Correction Appended\n{middle}Late Edition - Final\n\n"
        "SECTION: Section A; Pg. 1\n\nLENGTH: 10 words\n\nHEADLINE: The quay stays closed\n\n"
        "BYLINE: By UNA ROE; Ben Falk contributed reporting.\n\nBODY:\n\n"
        "  The quay stays closed until the spring.\n  The boats lie in Lowmark, where there is room for\ntwenty of"
        " them.\n\n"
        "GRAPHIC: PHOTO\n\nSUBJECT: PORTS (90%)\n\nLOAD-DATE: May 8, 2010\n"
    )
    (member,) = members(text)
    found = json.loads(member.raw)
    assert (found["outlet"], found["title"]) == ("The Daily Tern", "The quay stays closed")
    assert found["authors"] == ["Una Roe", "Ben Falk"]
    assert found["body"].split("\n\n") == [
        "The quay stays closed until the spring.",
        "The boats lie in Lowmark, where there is room for twenty of them.",
    ]


def test_a_cover_without_numbers_does_not_become_the_title() -> None:
    cover = "User Name: A\nDocuments (1)\nThe quay stays closed\nClient/Matter: -None-\n"
    document = (
        "The quay stays closed\nThe Tern\nJanuary 4, 2020 Saturday\nLength: 4 words\nBody\nIt does.\nEnd of Document\n"
    )
    (member,) = members(cover + document)
    assert json.loads(member.raw)["title"] == "The quay stays closed"


def test_headlines_in_capitals_are_no_names_of_authors() -> None:
    lines = ["143 words", "11 January 2016", "The Tern", "TERN", "English", "(c) 2016 Tern", "It stays closed."]
    first = ["Dow Jones", "Alvor Quay to Stay Closed", *lines, "Document ABCDEF0020160111ec1b0001r"]
    second = ["News", "Lowmark Offers Berths to Alvor", "By Una Roe", *lines, "Document ABCDEF0020160111ec1b0002r"]
    found = [json.loads(member.raw) for member in members("\n".join(first + second))]
    assert [entry["title"] for entry in found] == ["Alvor Quay to Stay Closed", "Lowmark Offers Berths to Alvor"]
    assert [entry.get("authors") for entry in found] == [None, ["Una Roe"]]


@pytest.mark.parametrize(("head", "name", "database", "count"), NOT_UNDERSTOOD)
def test_a_bundle_that_is_not_understood_is_never_one_article(head: str, name: str, database: str, count: str) -> None:
    refused = refusal(head, name)
    assert refused.reason is Reason.MALFORMED
    assert database in refused.message
    assert count in refused.message


MEDIA_CLOUD = "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
OLD_MEDIA_CLOUD = "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url\n"
EVENT = "1044792014\t20240517\t202405\t2024\t2024.3726\tUSA\n"
LISTS = [
    (MEDIA_CLOUD + "1,2024,en,X,x.org,2024,T,http://x\n", "a.csv", "Media Cloud", "1 lines"),
    (OLD_MEDIA_CLOUD + "1,2,3\n4,5,6\n", "a.csv", "Media Cloud", "2 lines"),
    ("URL,MobileURL,Date,Title\nhttp://x,,2024,T\n", "a.csv", "GDELT", "1 lines"),
    (EVENT + EVENT, "20240517.export.CSV", "GDELT", "2 lines"),
    ("20240517000000-0\t20240517000000\t1\tx.org\thttp://x\t\n", "20240517.gkg.csv", "GDELT", "1 lines"),
]


@pytest.mark.parametrize(("table", "name", "database", "lines"), LISTS)
def test_a_list_without_texts_says_how_to_get_them(table: str, name: str, database: str, lines: str) -> None:
    refused = refusal(table, name)
    assert refused.reason is Reason.MALFORMED
    assert database in refused.message
    assert lines in refused.message
    assert "drop what that saves" in refused.message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The court got 1 of 10 documents.\n\nLENGTH: the hearing took an hour.\n", "a.txt"),
        ("1 of 10 documents\n\nwas all the court got, said Una Roe.\n", "a.txt"),
        ("Factiva is a database, said Una Roe, who counted\n\n143 words\n\nin it.\n", "a.txt"),
        ("1. A list\n\n2. Another, p. 4, with words.\n", "a.txt"),
        ("ProQuest sold its archive, said Una Roe. The full text of the letter was long.\n", "a.txt"),
        ("title,date,text\nA,2020,“We wait,” said Una Roe.\n", "a.csv"),
        ("title,url,publish_date,media_name,text\nA,http://x,2020,X,The quay is closed.\n", "a.csv"),
        (PAGE.decode(), "a.html"),
    ],
)
def test_articles_are_no_bundles(text: str, name: str) -> None:
    assert not detect(name, text.encode()).narrow


def hostile_nexis(size: int) -> str:
    return "1 of 9 DOCUMENTS\n\nLENGTH: 1 words\n\n" + "NOTE: \n\nUPDATE: a\n\n" * (size // 18)


def hostile_uni(size: int) -> str:
    return "Length: 1\nBody\n" + "Body\nLength: 1\nPage 1 of 2\nx\n" * (size // 30) + "End of Document\n"


def hostile_factiva(size: int) -> str:
    return "Factiva, Inc.\n1 words\n" + "HD |\nDocument A\n1,000 words\n" * (size // 27)


def hostile_proquest(size: int) -> str:
    return "ProQuest\nFull text: a\n" + "Document 1 of 2\nAuthor: x\nA:\n" * (size // 29)


def hostile_gopress(size: int) -> str:
    item = "1. T\n\nX, 3 mei 2011, p. 2, 3w.\n\n"
    return item + item * (size // 60) + "30-11-2011, p.23\n" * (size // 40)


def hostile_europresse(size: int) -> str:
    return "<html><article><span class='DocPublicationName'>X</span><p class='titreArticleVisu'>T</p>" + "<article>" * (
        size // 9
    )


def hostile_heads(size: int) -> str:
    pages = "".join(f"Page {number} of 9\nHead {number}\n" for number in range(size // 24))
    return f"Length: 1\nBody\n{pages}End of Document\n"


def hostile_fields(size: int) -> str:
    return "<title>ProQuest Export</title><a name='DocID_1'></a><p>" + "<b>Author:</b>" * (size // 14)


def hostile_paragraphs(size: int) -> str:
    paragraphs = "".join(f"<p class='articleParagraph'>{number}</p>" for number in range(size // 36))
    return f"<title>Factiva</title><div class='article enArticle'>{paragraphs}</div>"


def hostile_ris(size: int) -> str:
    return "TY  - NEWS\n" + "AB  - a\n\nER  -\nTY  - NEWS\n" * (size // 26)


HOSTILE: list[tuple[Callable[[int], str], str]] = [
    *((hostile_nexis, "a.txt"), (hostile_uni, "a.txt"), (hostile_factiva, "a.txt"), (hostile_proquest, "a.txt")),
    *((hostile_gopress, "a.txt"), (hostile_europresse, "a.html"), (hostile_ris, "a.ris")),
    *((hostile_heads, "a.txt"), (hostile_fields, "a.html"), (hostile_paragraphs, "a.html")),
]


@pytest.mark.parametrize(("text", "name"), HOSTILE, ids=lambda value: getattr(value, "__name__", value))
def test_cost_grows_with_the_size(text: Callable[[int], str], name: str) -> None:
    """A bundle that is 4 times longer should take about 4 times longer. 10 times is allowed, because timings vary."""

    def seconds(size: int) -> float:
        raw = text(size)
        started = time.process_time()
        outcomes(raw.encode(), name)
        return time.process_time() - started

    seconds(1000)  # loads the libraries
    small = seconds(25_000)
    large = min(seconds(100_000) for _ in range(3))  # another process may slow one of them down
    assert large < 10 * max(small, 0.05), f"{small:.3f} s, then {large:.3f} s"


def test_five_hundred_long_articles_are_split_quickly() -> None:
    body = "\n\n".join(
        "The quay stays closed until the spring, said Una Roe of the authority.\nIt is old." for _ in range(400)
    )
    raw = "".join(document(number, 500, body) for number in range(1, 501)).encode()
    assert len(raw) > 16_000_000
    started = time.process_time()
    found = members(raw)
    assert len(found) == 500
    assert found[-1].note is None
    assert time.process_time() - started < 20

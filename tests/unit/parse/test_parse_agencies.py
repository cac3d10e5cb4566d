"""NITF, NewsML, NewsML-G2, ninjs and WordPress: ids, versions, withdrawals, and what is no text."""

import io
import json
import time

import pytest

from tests.unit.parse.reading_files import only_outcome
from worker.parse import Article, Limits, parse, split
from worker.parse.agencies.bodies import text_of_string
from worker.parse.agencies.item import Item, article_of, is_withdrawal, revision
from worker.parse.format import Hint
from worker.parse.registry import detect
from worker.reasons import Reason, Refused

BODY = "The ferry to Brenna stops until April, its operator said on Tuesday. “We are sorry,” said Ansgar Holm."
NITF = (
    "<nitf><head><docdata {status}>{facts}</docdata>{more}</head>"
    "<body><body.content>{body}</body.content></body></nitf>"
)
G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:w.example,2024:1" version="{version}"><itemMeta>'
    '<itemClass qcode="ninat:text"/><versionCreated>2024-03-05T12:00:00+01:00</versionCreated>{meta}</itemMeta>'
    "<contentSet><inlineXML>{body}</inlineXML></contentSet></newsItem>"
)
WXR = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    "<title>Observer</title>{items}</channel></rss>"
)
POST = (
    "<item><title>T</title><content:encoded><![CDATA[{body}]]></content:encoded><wp:status>{status}</wp:status>"
    "<wp:post_type>{kind}</wp:post_type></item>"
)


def nitf(status: str = "", facts: str = "", more: str = "", body: str = f"<p>{BODY}</p>") -> str:
    """Return a NITF document."""
    return NITF.format(status=status, facts=facts, more=more, body=body)


def article(text: str, name: str = "a.xml") -> Article:
    """Return the one article of a file."""
    outcome = only_outcome(text.encode(), name)
    assert isinstance(outcome, Article), outcome
    return outcome


def articles(text: str, name: str = "a.xml") -> list[Article]:
    """Return the articles of a file."""
    members = split(io.BytesIO(text.encode()), name, Limits())
    return [parse(member.raw, member.media_type, Limits()) for member in members]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (nitf(), "NITF document"),
        ('<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><!-- x --><n:nitf xmlns:n="u">', "NITF document"),
        ("<NewsML Version='1.2'><Catalog/>", "NewsML message"),
        ('<newsMessage xmlns="x">', "NewsML-G2 message"),
        (G2, "NewsML-G2 message"),
        (WXR.format(items=""), "WordPress export"),
        ("<rss><channel>", "feed"),
        ('{"versioncreated": "2024", "uri": "u", "headline": "h"}', "ninjs item"),
        ('{"title": "t", "text": "versioncreated uri headline"}', "JSON"),
    ],
)
@pytest.mark.parametrize("name", ["a.xml", "a.json", "a"])
def test_the_format_is_known_by_its_content(text: str, kind: str, name: str) -> None:
    if (name == "a.json") == text.startswith("{"):
        assert detect(name, text.encode()).name.startswith(kind)


@pytest.mark.parametrize(
    ("text", "identifier", "version", "withdrawn"),
    [
        (nitf(facts='<doc-id regsrc="AP" id-string="77"/>'), "AP:77", None, False),
        (
            nitf(facts='<doc-id id-string="urn:x:7"/><date.issue norm="20240305T1200Z"/>'),
            "urn:x:7",
            "2024-03-05T12",
            False,
        ),
        (nitf(facts='<du-key key="k" version="12"/>'), "k", "0000000012", False),
        (nitf('management-status="canceled"', '<doc-id id-string="7"/>'), "7", None, True),
        (
            nitf('management-doc-idref="7" management-idref-status="canceled"', '<doc-id id-string="8"/>'),
            "7",
            None,
            True,
        ),
        (  # the version of a notice is not that of the item that it withdraws
            nitf(
                'management-doc-idref="7" management-idref-status="canceled"',
                '<du-key key="k" version="1"/><date.issue norm="20240305T1200Z"/>',
            ),
            "7",
            "2024-03-05T12",
            True,
        ),
        (nitf(facts='<ed-msg msg-type="Kill"/>'), None, None, True),
        (nitf(more='<revision-history comment="KILL - wrong mayor"/>'), None, None, True),
        (nitf(more='<revision-history comment="killed a paragraph, and added another one"/>'), None, None, False),
        (G2.format(version=3, meta="", body=f"<p>{BODY}</p>"), "tag:w.example,2024:1", "0000000003", False),
        (
            G2.format(version=4, meta='<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', body=""),
            "tag:w.example,2024:1",
            "0000000004",
            True,
        ),
    ],
)
def test_ids_versions_and_withdrawals(text: str, identifier: str | None, version: str | None, withdrawn: bool) -> None:
    found = article(text)
    assert found.identifier == identifier
    assert (found.revision or "").startswith(version or "")
    assert found.is_withdrawn is withdrawn


def test_a_withdrawn_item_without_text_is_an_article() -> None:
    found = article(G2.format(version=1, meta='<pubStatus qcode="stat:canceled"/><edNote>Wrong.</edNote>', body=""))
    assert (found.text, found.is_withdrawn) == ("Wrong.", True)


@pytest.mark.parametrize("note", ["***", ""])
def test_a_withdrawn_item_without_any_words_says_what_it_is(note: str) -> None:
    item = Item(title="---", note=note, is_withdrawn=True)
    assert article_of(item, Hint(), "nitf").text == "The agency has withdrawn this item."


def test_versions_are_in_order_as_text() -> None:
    numbers = [revision(number, None) for number in (9, "10", "0011", 200)]
    assert numbers == sorted(filter(None, numbers))
    times = [revision(None, text) for text in ("2024-03-05T23:30:00-02:00", "20240306T020000Z")]
    assert times == sorted(filter(None, times))
    assert revision("2b", None) is None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("stat:canceled", True),
        ("Cancelled", True),
        ("withheld", True),
        ("usable", False),
        ("stat:usable", False),
        ("", False),
    ],
)
def test_statuses(status: str, said: bool) -> None:
    assert is_withdrawal(status) is said


def test_captions_notes_and_heads_are_no_text() -> None:
    body = (
        f"<p>{BODY}</p><media><media-caption><p>“A caption,” it says.</p></media-caption></media><fn><p>Note</p></fn>"
        "<p>A second <em>paragraph</em>,<br/>in two lines.</p><table><tr><td>a</td><td><p>b</p></td></tr></table>"
    )
    assert article(nitf(body=body)).text == f"{BODY}\n\nA second paragraph,\nin two lines.\n\na | b"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("One line.\nAnother line.", "One line.\n\nAnother line."),
        ("A wrapped\nline of text\nends here.", "A wrapped line of text ends here."),
        ("One,\nstill one.\n\nTwo.", "One, still one.\n\nTwo."),
        ("One,\nstill one.\n   Two,\nstill two.", "One, still one.\n\nTwo, still two."),
        ("<p>One</p><p>Two &amp; <b>more</b></p>", "One\n\nTwo & more"),
        ("<pre>One\nTwo</pre><p>Three</p>", "One\nTwo\n\nThree"),
    ],
)
def test_bodies_of_text_keep_their_paragraphs(value: str, text: str) -> None:
    assert text_of_string(value) == text


@pytest.mark.parametrize(
    "last",
    [
        "ends",
        "-30-",
        "###",
        "AAP RTV ar",
        "dpa mk yyhe n1 deg",
        "gr/bp",
        "(Costa Wire)",
        "51 77 CRO01 1113 APE4800 LOC03",
    ],
)
def test_lines_for_editors_at_the_end_are_no_text(last: str) -> None:
    credited = nitf(facts='<doc.copyright holder="Costa Wire"/>', body=f"<p>{BODY}</p><p>{last}</p>")
    assert article(credited).text == BODY


@pytest.mark.parametrize("last", ["He is 42 now.", "“I am.”", "– Nei", "Final score: 2-1", "USA 2024"])
def test_short_paragraphs_at_the_end_are_text(last: str) -> None:
    assert article(nitf(body=f"<p>{BODY}</p><p>{last}</p>")).text == f"{BODY}\n\n{last}"


def test_mark_up_of_embedded_posts_is_no_text() -> None:
    embedded = '&lt;div class="post"&gt;&lt;/div&gt;&lt;script async src="https://w.example/e.js"&gt;&lt;/script&gt;'
    assert article(nitf(body=f"<p>{BODY}</p><p>{embedded}</p><p>{BODY}</p>")).text == f"{BODY}\n\n{BODY}"


def test_a_title_may_be_in_the_content_only() -> None:
    inside = (
        f"<nitf><head><title>Ferry stops</title></head><body><body.content><p>{BODY}</p></body.content></body></nitf>"
    )
    assert article(G2.format(version=1, meta="", body=inside)).title == "Ferry stops"


def test_by_lines_and_owners_are_looked_for_where_they_are() -> None:
    inside = "<nitf><body><body.head><byline>By Una Roe, <byttl>Reporter</byttl></byline></body.head>{}</body></nitf>"
    text = G2.format(
        version=1,
        meta='<provider uri="https://w.example/a/"/>',
        body=inside.format(f"<body.content><p>{BODY}</p></body.content>"),
    )
    rights = "<rightsInfo><copyrightHolder><name>Acme News</name></copyrightHolder></rightsInfo>"
    found = article(text.replace("<itemMeta>", f"{rights}<itemMeta>"))
    assert (found.authors, found.outlet) == (("Una Roe",), "Acme News")


def test_line_breaks_of_wordpress_stay() -> None:
    post = POST.format(
        body=f"<p>By Una Roe\nBRENNA, July 19 (Costa Wire) - {BODY}</p>\n\n<p>More.</p>", status="publish", kind="post"
    )
    assert article(WXR.format(items=post)).body == f"{BODY}\n\nMore."


def test_entities_are_a_bomb_and_the_names_of_html_are_not() -> None:
    assert article(nitf(body="<p>Caf&eacute; &ndash; &lt;b&gt; &nosuch; said Una Roe.</p>")).text.startswith(
        "Café – <b>"
    )
    bomb = f'<!DOCTYPE nitf [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>{nitf(body="<p>&c;</p>")}'
    assert only_outcome(bomb.encode(), "a.nitf") is Reason.BOMB


def test_damaged_xml_is_read_with_a_warning() -> None:
    found = article(nitf(body=f"<p>{BODY}</p><p>Cut")[:-36])
    assert found.text.startswith(BODY)
    assert any("damaged XML" in warning for warning in found.warnings)


def test_pictures_have_no_article() -> None:
    picture = '<newsItem><itemMeta><itemClass qcode="ninat:picture"/></itemMeta></newsItem>'
    message = f"<newsMessage><itemSet>{picture}</itemSet></newsMessage>"
    assert only_outcome(message.encode(), "a.xml") is Reason.NO_ARTICLE


def test_only_what_is_published_on_a_site_is_read() -> None:
    kinds = [
        ("publish", "post"),
        ("draft", "post"),
        ("publish", "page"),
        ("inherit", "attachment"),
        ("private", "post"),
    ]
    items = "".join(POST.format(status=status, kind=kind, body=f"{status} {kind} {BODY}") for status, kind in kinds)
    assert [found.text.split(" The")[0] for found in articles(WXR.format(items=items))] == [
        "publish post",
        "publish page",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("One [sic] line.\n\nTwo [1].", "One [sic] line.\n\nTwo [1]."),
        ('[caption id="1"]<img> “Cap”[/caption]One.', "One."),
        ('[vc_row width="1"][dropcap]O[/dropcap]ne.[/vc_row]\n\n[contact_form]\n\nTwo.', "One.\n\nTwo."),
        ("[embed]https://v.example/1[/embed]One.\n[gallery]", "One."),
        ("<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph -->", "One."),
    ],
)
def test_codes_of_wordpress_are_no_text(body: str, text: str) -> None:
    post = POST.format(status="publish", kind="post", body=body)
    assert article(WXR.format(items=post + POST.format(status="draft", kind="post", body="")), "a.xml").text == text


def test_an_export_begins_with_many_comments() -> None:
    comments = "<?xml version='1.0'?>" + "<!-- To import this, follow these steps. -->\n" * 14
    assert detect("a.xml", (comments + WXR.format(items="")).encode()).name == "WordPress export"


def test_the_body_of_newsml_is_told_from_the_parts_beside_it() -> None:
    part = (
        '<NewsComponent><Role FormalName="{role}"/><ContentItem><MimeType FormalName="{kind}"/><DataContent>{text}'
        "</DataContent></ContentItem></NewsComponent>"
    )
    parts = [
        ("StyleSheet", "text/css", "p { } " * 100),
        ("HeadLine", "", f"<p>{BODY * 3}</p>"),
        ("Body", "", f"<p>{BODY}</p>"),
    ]
    inner = "".join(part.format(role=role, kind=kind, text=text) for role, kind, text in parts)
    assert article(f"<NewsML><NewsItem><NewsComponent>{inner}</NewsComponent></NewsItem></NewsML>").text == BODY


def test_an_export_with_entities_is_a_bomb() -> None:
    text = f'<!DOCTYPE rss [<!ENTITY a "b">]>{WXR.format(items=POST.format(status="publish", kind="post", body=BODY))}'
    with pytest.raises(Refused) as caught:
        articles(text)
    assert caught.value.reason is Reason.BOMB


def test_items_of_ninjs_are_found_in_lists_and_lines() -> None:
    items = [
        {
            "uri": f"u:{number}",
            "versioncreated": "2024-03-05T12:00:00Z",
            "headline": "H",
            "body_text": f"{number} {BODY}",
        }
        for number in range(3)
    ]
    for text in (json.dumps(items), json.dumps({"data": {"items": items}}), "\n".join(map(json.dumps, items))):
        assert [found.identifier for found in articles(text, "a.json")] == ["u:0", "u:1", "u:2"]


@pytest.mark.parametrize(
    "piece", ["<!--", "<!---->", "<p>", "<?x?>", "&eacute;", "<!DOCTYPE nitf ", "[caption ", "[a b=", "]]>"]
)
def test_marks_without_end_take_time_in_proportion(piece: str) -> None:
    raw = (nitf(body="{}").split("{}")[0] + piece * (1_000_000 // len(piece))).encode()
    post = WXR.format(items=POST.format(status="publish", kind="post", body=piece * (1_000_000 // len(piece)))).encode()
    start = time.process_time()
    for content in (raw, post, (piece * (1_000_000 // len(piece))).encode()):
        try:
            for member in split(io.BytesIO(content), "a.xml", Limits()):
                parse(member.raw, member.media_type, Limits())
        except Refused:
            pass
    assert time.process_time() - start < 8

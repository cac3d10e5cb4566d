"""The text of pages and fragments: what belongs to it, how its paragraphs are parted, and what is left out."""

import pytest

from tests.unit.parse.reading_files import only_outcome
from worker.parse import Article
from worker.parse.mojibake import mended
from worker.parse.pages.article_body import fuller_text, shipped_text
from worker.parse.pages.control_characters import page_without_controls
from worker.parse.pages.markup import decoded_references, looks_like_markup, plain_text, read_fragment
from worker.parse.readable import check_readable
from worker.reasons import Reason, Refused

FIRST = "The harbour had been closed since Monday, when a storm pulled three fishing boats from their moorings."
LAST = "Officials expect the repairs to take two weeks, and the fleet is waiting in the neighbouring town until then."


def page(middle: str, *, language: str = "en", title: str = "Harbour stays closed", first: str = FIRST) -> str:
    """Return a page whose article has `middle` between two paragraphs."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<article><h1>{title}</h1><p>{first}</p>{middle}<p>{LAST}</p></article></body></html>"
    )


def read(source: str) -> Article | Reason:
    return only_outcome(source.encode(), "a.html")


def middle_of(source: str) -> list[str]:
    """Return the paragraphs between the first and the last one of `page`."""
    article = read(source)
    assert isinstance(article, Article)
    paragraphs = article.text.split("\n\n")
    assert (paragraphs[0], paragraphs[-1]) == (FIRST, LAST)
    return paragraphs[1:-1]


@pytest.mark.parametrize(
    ("middle", "paragraphs"),
    [
        ("<p>It <!-- a -->was<!-- b --> a <?php x ?>bad night.</p>", ["It was a bad night."]),
        ("<!-- a --><p>It was bad.</p><!-- b -->", ["It was bad."]),
        ("<p>One.<br>Two.</p>", ["One.\nTwo."]),
        ("<p>One.<br/> <br />Two.</p>", ["One.", "Two."]),
        ("<p>It is super<wbr>fragil, said <nobr>Ana Ferro</nobr>.</p>", ["It is superfragil, said Ana Ferro."]),
        ("<ul><li>Ana Ferro was there.</li><li>And <b>Bo Ek</b>.</li></ul>", ["Ana Ferro was there.", "And Bo Ek."]),
        ("<ul><li><a href='/1'>Harbour</a></li><li><a href='/2'>Weather</a></li></ul>", []),
        ("<table><tr><th>Boat<th>Age<tr><td>Petrel<td>9</table>", ["Boat | Age", "Petrel | 9"]),
        ("<table><tr><td><p>It was a bad night.<p>Very bad.</table>", ["It was a bad night.", "Very bad."]),
        ("<blockquote><p>It was a bad night.</p></blockquote>", ["It was a bad night."]),
        ("<figure><img src=a><p>Ana Ferro on the pier, where she was born.</p></figure>", []),
        ("<p>On <time datetime='2024'>Friday</time> it rained, she said.</p>", ["On Friday it rained, she said."]),
        ("<p hidden>Nobody sees this text of the page.</p>", []),
        ("<p>The pier<sup class='reference'>[1]</sup> is old.</p>", ["The pier is old."]),
        ("<p>She asked <a href='/a'>for it</a> in <a href='/b'>2021</a>.</p>", ["She asked for it in 2021."]),
        ("<p>“Sign up for our newsletter,” he said.</p>", ["“Sign up for our newsletter,” he said."]),
        ("<p>Read more books, the minister told the pupils.</p>", ["Read more books, the minister told the pupils."]),
    ],
)  # fmt: skip
def test_the_text_between_two_paragraphs(middle: str, paragraphs: list[str]) -> None:
    assert middle_of(page(middle)) == paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "<b>READ MORE: <a href='/a'>Storm pulls boats out to sea</a></b>",
        "<a href='/a'>Storm pulls boats out to sea</a>",
        "WATCH: The storm in pictures",
        "Lesen Sie auch: <a href='/a'>Der Sturm</a>",
        "À lire aussi <a href='/a'>La tempête</a>",
        "Photo: Tomas Rell",
        "Getty Images/Tomas Rell",
        "Ana Ferro looks at the pier. (Photo by Tomas Rell/Getty Images)",
        "Sign up to our newsletter!",
        "Follow us on Facebook",
        "Advertisement",
        "Story continues below advertisement",
        "Share this article",
    ],
)
def test_lines_around_the_article_are_left_out(line: str) -> None:
    assert middle_of(page(f"<p>{line}</p>")) == []


@pytest.mark.parametrize(
    "names",
    [
        "newsletter-signup",
        "article__relatedArticles",
        "post-share",
        "promo-box",
        "adContainer",
        "author-bio",
        "captions",
    ],
)
def test_boxes_are_known_by_their_names(names: str) -> None:
    box = f'<div class="x {names}"><p>Some more text of forty characters, and a sentence.</p></div>'
    assert middle_of(page(box)) == []


def test_a_caption_without_a_name_is_known_by_its_picture() -> None:
    assert (
        middle_of(page("<div><img src=a><div>The harbour wall, as it was seen on Monday from the pier.</div></div>"))
        == []
    )


def test_a_lead_above_the_text_belongs_to_it() -> None:
    lead = "<h1>Harbour stays closed</h1><p class='lead'>The harbour is closed again, and this time for two weeks.</p>"
    source = page("").replace("<h1>Harbour stays closed</h1>", lead + "<div class='article-body'>")
    article = read(source.replace("</article>", "<p>It rained.</p></div></article>"))
    assert isinstance(article, Article) and article.text.startswith("The harbour is closed again")


@pytest.mark.parametrize(
    "names", ["shareholders", "download", "leadership", "with-related-links", "metallic", "toccata"]
)
def test_parts_of_words_are_no_names(names: str) -> None:
    box = f'<div class="{names}"><p>The shareholders of the harbour met on Friday and voted for a wall.</p></div>'
    assert len(middle_of(page(box))) == 1


def test_a_box_around_the_whole_article_is_no_box() -> None:
    article = read(page("<p>It was bad.</p>").replace("<article>", '<article><div class="related sidebar">'))
    assert isinstance(article, Article) and article.text.startswith(FIRST)


@pytest.mark.parametrize(
    ("language", "marked"),
    [("en", "“a ‘b’ c”"), ("de", "„a ‚b‘ c“"), ("fr-CA", "«a “b” c»"), ("xx", "“a ‘b’ c”"), ("", "“a ‘b’ c”")],
)
def test_the_marks_of_q_are_those_of_the_language(language: str, marked: str) -> None:
    assert middle_of(page("<p>She said <q>a <q>b</q> c</q> to him.</p>", language=language)) == [
        f"She said {marked} to him."
    ]


def test_q_with_marks_of_its_own_gets_no_others() -> None:
    assert plain_text("<p>She said <q>“yes”</q>.</p>") == "She said “yes”."


def test_control_characters_are_left_out_with_a_warning() -> None:
    article = read(page("<p>It\x08 was&#8; a&#x0B; bad\x93 night.</p>"))
    assert isinstance(article, Article) and "It was a bad“ night." in article.text
    assert article.warnings == ("control characters: 4 in the text were left out or read as windows-1252",)
    assert page_without_controls("<script>\x01</script>a<style>&#1;</style>") == (
        "<script></script>a<style></style>",
        (),
    )
    assert page_without_controls("a\t\r\n&#10;&#13;&#65;&#160;&#811;") == ("a\t\r\n&#10;&#13;&#65;&#160;&#811;", ())


def test_an_unshown_copy_of_the_article_is_not_stored_twice() -> None:
    copy = f'<div class="phone"><div class="c"><p>{FIRST}</p><p>It was bad, and it got worse.</p></div></div></article>'
    article = read(page("<p>It was bad, and it got worse.</p>").replace("</article>", copy))
    assert isinstance(article, Article) and article.text.count(FIRST) == 1


def test_the_text_that_a_page_ships_is_used_only_if_it_is_the_whole_of_the_shown() -> None:
    shown = f"{FIRST}\n\n{LAST}\n\n“It was a bad night, the worst of them all,” she said."
    whole = shown + " " + "And then it rained for nine days, and the boats filled with water. " * 9
    assert fuller_text(shown, whole) == whole
    assert fuller_text(shown, "Another article about the harbour, which is not this one at all. " * 9) == shown
    assert fuller_text(shown, FIRST) == shown
    assert fuller_text("Log in.", FIRST) == FIRST
    assert shipped_text("&lt;p&gt;It rained.&lt;/p&gt;&lt;p&gt;A lot.&lt;/p&gt;") == "It rained.\n\nA lot."
    assert shipped_text("It&#8217;s wet.\r\n\r\nVery.") == "It’s wet.\n\nVery."


def test_a_fragment_is_cleaned_as_a_page_is() -> None:
    fragment = (
        "<style>p{}</style><div style='display:none'>Preheader</div><p>One <q>two</q>.</p><figure><img src=x>"
        "<figcaption>A caption.</figcaption></figure><p>ALSO READ: <a href=x>“I go,” says mayor</a></p><ul><li>Three."
        "<li>Four.</ul><!-- x --><p>Five&#8;.</p><p>The post <a href=x>A</a> appeared first on <a href=y>B</a>.</p>"
    )
    assert read_fragment(fragment).text == "One “two”.\n\nThree.\n\nFour.\n\nFive."
    assert "control characters: 1" in read_fragment(fragment).warnings[0]
    assert plain_text("<a href=x>A title that is a link</a>") == "A title that is a link"
    assert read_fragment("<p>Il a dit <q>non</q>.</p>", "fr").text == "Il a dit «non»."


def test_preformatted_text_has_paragraphs() -> None:
    wrapped = "A line that a program wrapped at about fifty characters,\nand its end.\n\nTwo\nlines."
    assert plain_text(f"<pre>\n{wrapped}\n</pre>") == (
        "A line that a program wrapped at about fifty characters, and its end.\n\nTwo\nlines."
    )


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("It&#8217;s &ldquo;wet&rdquo; &amp; cold", "It’s “wet” & cold"),
        ("AT&T &copy2 &unknown; &#8217", "AT&T &copy2 &unknown; &#8217"),
        ("&#x2019;&nbsp;", "’\xa0"),
        ("no reference", "no reference"),
    ],
)
def test_character_references_without_tags(text: str, decoded: str) -> None:
    assert decoded_references(text) == decoded


def test_prose_with_a_sign_is_no_markup() -> None:
    assert not looks_like_markup("a < b, and 3 <p or x <q")
    assert looks_like_markup("She said <q>yes</q>.") and looks_like_markup("a<hr>b")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("â€œYes,â€\ufffd she said â€“ itâ€™s wet", "“Yes,” she said – it’s wet"),
        ("L’Ã©tÃ©", "L’été"),
        ("NestlÃ© Å“uvre", "Nestlé œuvre"),
        ("РџСЂРёРІРµС‚ РјРёСЂ", "Привет мир"),
    ],
)
def test_mojibake_is_mended(broken: str, whole: str) -> None:
    assert mended(broken) == (whole, True)


@pytest.mark.parametrize("text", ["“ﬁne” ｆｕｌｌ ‘a’ …", "Ça, à la carte… “Âge”", "США С»", "Škoda „ano“", "é…  à€"])
def test_sound_text_is_not_mended(text: str) -> None:
    assert mended(text) == (text, False)


NO_ARTICLES = [
    ("404 Not Found", "<p>The requested URL was not found on this server.</p>"),
    ("Página no encontrada", "<p>Lo sentimos, la página que buscas no existe.</p>"),
    (
        "Just a moment...",
        "<p>Checking your browser before accessing the site. Enable JavaScript and cookies to continue.</p>",
    ),
    ("App", "<p>You need to enable JavaScript to run this app.</p>"),
    ("Privacy", "<p>We and our partners use cookies.</p><p>You can change your choices in the cookie settings.</p>"),
]


@pytest.mark.parametrize(("title", "body"), NO_ARTICLES)
def test_pages_that_are_no_article(title: str, body: str) -> None:
    source = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    assert read(source) is Reason.NO_TEXT


def test_a_text_that_was_cut_by_a_service_is_a_teaser() -> None:
    with pytest.raises(Refused, match="Only the beginning"):
        check_readable("The harbour of Lowmark is closed, and the… [+1234 chars]")
    check_readable("The list ended with [+1234 chars] and went on.")


SENTENCES = [
    f"The harbour board met for hour {number} on Friday, and nobody left the hall before it." for number in "abcdef"
]
SENTENCES = [FIRST, *SENTENCES, LAST]
BREAKS = "<br><br>".join(SENTENCES)
DIVS = "".join(f"<div>{sentence}</div>" for sentence in SENTENCES)
STRAY = "<p>Subscribe to the feed of this small site, and to all of its comments, at any time.</p>"
NO_PARAGRAPHS = {
    "boxes by name around text in br": '<div class="date-outer"><div itemprop="description articleBody">'
    f"{BREAKS}</div></div>"
    f'<div class="sidebar">{STRAY}</div>',
    "a form around the page": f"<p>We use cookies on this site.</p><form><h1>A</h1><div>{BREAKS}</div></form>",
    "classes of categories": f'<div class="post format-gallery category-ads">{DIVS}</div><p>Copyright</p>',
    "classes of tags": f'<div class="content tag-gallery">{BREAKS}</div><p class="foot">Some words.</p>',
    "an aside with div": f'<p class="copyright">All rights reserved by the paper.</p><aside>{DIVS}</aside>',
}


@pytest.mark.parametrize("kind", NO_PARAGRAPHS)
def test_an_article_without_paragraphs_is_no_box(kind: str) -> None:
    article = read(f"<html><head><title>A</title></head><body>{NO_PARAGRAPHS[kind]}</body></html>")
    assert isinstance(article, Article) and article.text.split("\n\n") == SENTENCES


@pytest.mark.parametrize(
    "prose",
    [
        "<p>Want to stop the hackers? Do not open e-mails from strangers, police advise.</p>",
        "<p>Get the e-mails out now, the judge told them, “or I will hold you in contempt.”</p>",
        "<p>Share your views with the council, the mayor told residents, “and we will listen.”</p>",
        "<p>Topics: the mayor said “roads, schools and the pier” would be discussed.</p>",
        "<p>“Listen!”</p>",
        "<p>“More?”</p>",
        "<p>“We are done,” the minister told Reuters</p>",
        "<h2>A long talk with Bloomberg</h2>",
        "<p>“It was bad,” he said of the picture: it showed his own house</p>",
        "<p>“Follow us on Facebook,” said the sign of the fishermen on the pier.</p>",
        "<p>“I will not go,” said Hale, who is a <a href='/h'>writer</a> in the town.</p>",
    ],
)
def test_prose_that_begins_or_ends_as_a_box_does_stays(prose: str) -> None:
    assert len(middle_of(page(prose))) == 1


def test_a_last_paragraph_with_a_quotation_is_no_biography() -> None:
    last = "Her brother is a former <a href='/b'>newspaper editor</a>, and “he will fight this to the end,” she said."
    article = read(page("<p>It rained.</p>").replace(LAST, last))
    assert isinstance(article, Article) and article.text.endswith("she said.")


@pytest.mark.parametrize(
    ("middle", "count"),
    [
        (
            "<h2>Related concerns</h2><p>The harbour board sent <a href='/l'>a letter</a> to the council, and asked for"
            " help with the costs.</p><p>It was sent <a href='/m'>on Monday</a> night.</p>",
            3,
        ),
        ("<h3>More on the way</h3><p>Another vote <a href='/v'>was planned</a> for May, he said.</p>", 2),
        ("<h3>Related stories</h3><p>Another vote was planned for the first week of May, he said on Friday.</p>", 1),
        ("<h3>Related</h3><p><a href='/1'>Storm over</a> on Friday</p><p><a href='/2'>Boats</a> in May</p>", 0),
        ("<h3>Sources</h3><h3>References</h3><ul><li><a href='/1'>A</a>. A long book of the harbour and of what it"
         " cost the town, in two volumes.</ul>", 1),
    ],
)  # fmt: skip
def test_a_heading_of_a_list_needs_a_list(middle: str, count: int) -> None:
    assert len(middle_of(page(middle))) == count


@pytest.mark.parametrize("indent", ["&nbsp;&nbsp;&nbsp;", "　", "　　", "&emsp;&emsp;", "\n&nbsp; &nbsp;"])
def test_a_line_break_and_an_indent_part_paragraphs(indent: str) -> None:
    lines = [sentence.removesuffix(".") for sentence in SENTENCES]
    assert plain_text(f"<div>{f'<br>{indent}'.join(lines)}</div>").split("\n\n") == lines
    assert plain_text("<p>A rose<br>&nbsp;is a rose</p>") == "A rose\nis a rose"


@pytest.mark.parametrize("tag", ["p", "section", "div"])
@pytest.mark.parametrize(
    "names",
    [
        *("body-updated", "ads-enabled", "has-captions", "live-updated", "read-more-content", "subscribe-content"),
        *("toc-content", "is-updated no-sidebar", "with-sidebar", "tag-cookies", "category-newsletter"),
    ],
)
def test_names_of_a_state_make_no_box(names: str, tag: str) -> None:
    inside = SENTENCES[1] if tag == "p" else f"<p>{SENTENCES[1]}</p>"
    assert middle_of(page(f'<{tag} class="{names}">{inside}</{tag}>')) == [SENTENCES[1]]


def test_the_rows_of_a_long_table_stay() -> None:
    rows = [f"Ward {number} | {number * 7}" for number in range(90)]
    table = "".join(f"<tr><td>{row.replace(' | ', '<td>')}" for row in rows)
    assert middle_of(page(f"<table>{table}</table>")) == rows


@pytest.mark.parametrize(
    "paragraph",
    [
        "<section class=text>{}</section>",
        "<app-text>{}</app-text>",
        "<section><li>{}</li></section>",
        "<div class=x><div>{}</div></div>",
        "<p class='live-updated'>{}</p>",
    ],
)
def test_whatever_holds_the_paragraphs_they_are_read(paragraph: str) -> None:
    told = [*SENTENCES[:3], "“Sorry?”", *SENTENCES[3:]]
    inside = "".join(paragraph.format(sentence) for sentence in told)
    beside = "".join(f"<div><h3>Story {number}</h3><p>A short summary of another story.</p></div>" for number in "abc")
    article = read(
        f"<html><head><title>A</title></head><body><article>{inside}</article><div>{beside}</div></body></html>"
    )
    assert isinstance(article, Article) and article.text.split("\n\n") == told


def test_line_ends_stay_where_browsers_keep_them() -> None:
    text = "\n\n".join(SENTENCES)
    assert plain_text(f"<div style='color:red; white-space: pre-wrap'>{text}</div>") == text
    assert plain_text("<p>It is <my-tip>wet</my-tip> and\ncold.</p>") == "It is wet and cold."

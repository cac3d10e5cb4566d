"""Reading HTML: whole pages become a tree; fragments (in feeds and JSON fields) become text with paragraphs."""

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.parse.pages.control_characters import page_without_controls
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_TAGS = 50_000  # refuse a page with more; an article has thousands. 200,000 take 10 s, 1,000,000 take gigabytes
TAG = re.compile(
    r"<(?:/?(?:p|div|a|em|strong|b|i|h[1-6]|[uod]l|li|d[dt]|blockquote|span|figure|q|pre|table|t[rd]|section|article"
    r"|font|center|small|su[bp]|u|code|cite|html|body|aside|figcaption)|br ?/?|hr ?/?|img|script"
    r"|style)\b[^<>]{0,2000}>",
    re.I,
)
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
DATA_URL = re.compile(r"data:[\w.+/-]{1,60}(?:;[\w=-]{1,40}){0,4};base64,[A-Za-z0-9+/=%\s]*")
# Declarations and comments before the root of a document.
# No group here is possessive: Python 3.11.2, that of Debian 12, does not match such groups rightly.
PROLOG = rb"\s*+(?:(?:<\?[^>]{0,500}>|<!--(?:(?!-->).){0,2000}-->)\s*+){0,10}"
BLANK = re.compile(r"\s{500,}")  # trafilatura's time grows with the square of the length of such white space
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


def looks_like_markup(text: str) -> bool:
    """True if the text of a field is HTML, and not prose with a "<" in it."""
    return TAG.search(text) is not None


def tree(text: str) -> "HtmlElement":
    """Return the parsed page, without its embedded images.

    Raise `Refused`: `too_large` if the page has more than `MOST_TAGS` tags, `no_text` if it has no element.
    """
    from lxml import etree
    from lxml import html as lxml_html

    if text.count("<") > MOST_TAGS:
        raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_TAGS:,} tags, which no article has. Save its text.")
    text = BLANK.sub("\n", text)
    text = DECLARATION.sub("", DATA_URL.sub("", text).replace("\0", ""), count=1)
    try:
        root = lxml_html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused(Reason.NO_TEXT, "The page is empty: there is no element in it.") from error
    if root is None:
        raise Refused(Reason.NO_TEXT, "The page is empty: there is no element in it.")
    return root


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text of an HTML fragment: empty lines between blocks, line breaks kept, white space folded."""

    text: str
    warnings: tuple[str, ...] = ()


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment, as `read_fragment` does, without the warnings."""
    return read_fragment(fragment).text


def read_fragment(fragment: str, language: str | None = None) -> Fragment:
    """Return the text of a fragment of HTML that stands in a feed, a mail or a field, cleaned as a page is.

    Captions, links to other articles and what is hidden are left out. `language` is that of the text, for the marks of
    `<q>`.
    """

    from worker.parse.pages.cleaning import clean  # these compile many patterns, which only HTML needs
    from worker.parse.pages.page_text import fragment_text

    source, warnings = page_without_controls(fragment)
    root = tree(f"<div>{source}</div>")
    clean(root, language)
    return Fragment(fragment_text(root), warnings)


def decoded_references(text: str) -> str:
    """Return the text of a field without tags, with its character references (`&#8217;`, `&amp;`) decoded.

    Only references that end in a semicolon are: "AT&T" and "&copy2" stay. Those to control characters are left out.
    """
    if "&" not in text:
        return text
    return REFERENCE.sub(_decoded_reference, text)


def _decoded_reference(match: re.Match[str]) -> str:
    decoded = html.unescape(match[0])
    return decoded if len(decoded) < len(match[0]) else match[0]

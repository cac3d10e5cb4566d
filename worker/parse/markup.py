"""Reading HTML: whole pages become a tree; fragments (in feeds and JSON fields) become text with paragraphs."""

import re
from typing import TYPE_CHECKING

from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_TAGS = 50_000  # refuse a page with more; an article has thousands. 200,000 take 10 s, 1,000,000 take gigabytes
TAG = re.compile(
    r"<(?:/?(?:p|div|a|em|strong|b|i|h[1-6]|ul|ol|li|blockquote|span|figure)|br ?/?|img)\b[^<>]{0,2000}>", re.I
)
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "td", "th", "tr", "ul",
))  # fmt: skip
UNREAD = frozenset(["script", "style", "template", "noscript", "svg", "head", "iframe"])
DATA_URL = re.compile(r"data:[\w.+/-]{1,60}(?:;[\w=-]{1,40}){0,4};base64,[A-Za-z0-9+/=%\s]*")
# Declarations and comments before the root of a document.
PROLOG = rb"\s*+(?:(?:<\?[^>]{0,500}+>|<!--(?:(?!-->).){0,2000}+-->)\s*+){0,10}+"
BLANK = re.compile(r"\s{500,}")  # trafilatura's time grows with the square of the length of such white space
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


def looks_like_markup(text: str) -> bool:
    """True if the text of a field is HTML, and not prose with a "<" in it."""
    return TAG.search(text) is not None


def tree(text: str) -> "HtmlElement":
    """Return the parsed page, without its embedded images.

    Raise `Refused`: `too_large` if the page has more than `MOST_TAGS` tags, `no_text` if it has no element.
    """
    from lxml import etree, html

    if text.count("<") > MOST_TAGS:
        raise Refused(Reason.TOO_LARGE, f"It has more than {MOST_TAGS:,} tags, which no article has. Save its text.")
    text = BLANK.sub("\n", text)
    text = DECLARATION.sub("", DATA_URL.sub("", text).replace("\0", ""), count=1)
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Refused(Reason.NO_TEXT, "The page is empty: there is no element in it.") from error
    if root is None:
        raise Refused(Reason.NO_TEXT, "The page is empty: there is no element in it.")
    return root


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment: empty lines between blocks, line breaks kept, white space folded."""
    return text_of(tree(f"<div>{fragment}</div>"))


def text_of(root: "HtmlElement") -> str:
    """Return the text of an element, in the form that `plain_text` gives."""
    from lxml import etree

    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else None
        if event == "start" and tag is not None:
            if tag in UNREAD:
                walk.skip_subtree()
            elif tag in BLOCKS:
                pieces.append("\v")
            elif tag == "br":
                pieces.append("\f")
            if tag not in UNREAD:
                pieces.append(element.text or "")
            continue
        if tag in BLOCKS:
            pieces.append("\v")
        if element is not root:
            pieces.append(element.tail or "")
    folded = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(pieces))
    folded = re.sub(r" ?\f ?", "\n", folded)
    blocks = (block.strip() for block in folded.split("\v"))
    return "\n\n".join(block for block in blocks if block)

"""HTML pages, downloaded or saved (also by SingleFile): trafilatura finds the text, `page_head` the other fields."""

import re
from typing import TYPE_CHECKING

from worker.parse.article import Article
from worker.parse.compose import compose
from worker.parse.decoding import decode
from worker.parse.encodings import codec_of
from worker.parse.format import Format, Hint
from worker.parse.markup import PROLOG, plain_text, tree
from worker.parse.page_head import page_head
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHARSET = re.compile(
    rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([\w-]{2,40})|<\?xml[^>]{1,100}?encoding=["']([\w-]{2,40})""", re.I
)
CHARSET_REACH = 4096  # look at this many first bytes; browsers look at 1024, but saved pages begin with a comment
ROOT = re.compile(PROLOG + rb"(?:<!doctype\s+html|<(?:html|head|body)[\s>])", re.I | re.S)
SHORT_BODY = 250  # replace a text with fewer characters by JSON-LD's articleBody, if that is longer


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article on the page. Raise `Refused(no_text)` if it holds no article text."""
    decoded = decode(raw, hint.charset if codec_of(hint.charset) else declared_charset(raw))
    root = tree(decoded.text)
    head = page_head(root, hint.url)
    text = _body(root, head.title)
    if head.body and len(text) < min(SHORT_BODY, len(head.body)):
        text = plain_text(head.body)
    if not text:
        raise Refused(
            Reason.NO_TEXT,
            "The page holds no article text. It may be an index, a video, or built by scripts. Save what you read as"
            " text.",
        )
    return compose(
        text,
        hint,
        title=head.title,
        authors=head.authors,
        outlet=head.outlet,
        url=head.url,
        date=head.date,
        declared_language=head.language,
        licence=head.licence,
        warnings=decoded.warnings,
    )


def declared_charset(raw: bytes) -> str | None:
    """Return the encoding that the page declares in itself, or None."""
    match = CHARSET.search(raw[:CHARSET_REACH])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _body(root: "HtmlElement", title: str | None) -> str:
    """Return the paragraphs of the article, with empty lines between them. A title at the start is removed."""
    from trafilatura import extract

    text = extract(root, include_comments=False, include_tables=False, with_metadata=False) or ""
    paragraphs = [paragraph.strip() for paragraph in text.split("\n") if paragraph.strip()]
    if title and len(paragraphs) > 1 and " ".join(paragraphs[0].split()) == title:
        del paragraphs[0]
    return "\n\n".join(paragraphs)


FORMAT = Format(
    name="HTML page",
    extensions=(".html", ".htm", ".xhtml", ".shtml"),
    media_types=("text/html", "application/xhtml+xml"),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    by_content=True,
)

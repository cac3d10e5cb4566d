"""HTML pages, downloaded or saved (SingleFile too): trafilatura finds the body, the page's head the rest."""

import re

from worker.parse.article import Article
from worker.parse.compose import compose
from worker.parse.decoding import decode
from worker.parse.format import Format, Hint
from worker.parse.markup import PROLOG, plain, tree
from worker.parse.page_head import page_head
from worker.reasons import Reason, Refused

CHARSET = re.compile(
    rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([\w-]{2,40})|<\?xml[^>]{1,100}?encoding=["']([\w-]{2,40})""", re.I
)
CHARSET_REACH = 4096  # bytes; browsers look at 1024, saved pages put a comment first
ROOT = re.compile(PROLOG + rb"(?:<!doctype\s+html|<(?:html|head|body)[\s>])", re.I | re.S)
SHORT_BODY = 250  # characters; below, JSON-LD's articleBody is believed if it is longer


def parse(raw: bytes, hint: Hint) -> Article:
    """The article on the page. Raises `Refused(no_text)` where no body is found."""
    decoded = decode(raw, hint.charset or declared_charset(raw))
    root = tree(decoded.text)
    head = page_head(root)
    text = _body(root, head.title)
    if head.body and len(text) < min(SHORT_BODY, len(head.body)):
        text = plain(head.body)
    if not text:
        raise Refused(
            Reason.NO_TEXT,
            "No article text is on the page: an index, a video, or made by scripts. Save what you read as text.",
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
    """The encoding that the page's own head declares."""
    found = CHARSET.search(raw[:CHARSET_REACH])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _body(root: object, title: str | None) -> str:
    """The paragraphs of the article, an empty line between them, without the headline that goes before."""
    from trafilatura import extract

    found = extract(root, include_comments=False, include_tables=False, with_metadata=False) or ""
    paragraphs = [paragraph.strip() for paragraph in found.split("\n") if paragraph.strip()]
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

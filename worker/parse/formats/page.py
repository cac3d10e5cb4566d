"""HTML pages, downloaded or saved (also by SingleFile): `page_text` finds the text, `page_head` the other fields."""

import re

from worker.parse.article import Article
from worker.parse.compose import compose
from worker.parse.decoding import decode
from worker.parse.encodings import codec_of
from worker.parse.format import Format, Hint
from worker.parse.pages.article_body import fuller_text, shipped_text
from worker.parse.pages.control_characters import page_without_controls
from worker.parse.pages.markup import PROLOG, tree
from worker.parse.pages.page_head import page_head
from worker.reasons import Reason, Refused

CHARSET = re.compile(
    rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([\w-]{2,40})|<\?xml[^>]{1,100}?encoding=["']([\w-]{2,40})""", re.I
)
CHARSET_REACH = 4096  # look at this many first bytes; browsers look at 1024, but saved pages begin with a comment
ROOT = re.compile(PROLOG + rb"(?:<!doctype\s+html|<(?:html|head|body)[\s>])", re.I | re.S)


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article on the page. Raise `Refused(no_text)` if it holds no article text."""
    from worker.parse.pages.cleaning import clean  # these compile many patterns, which only HTML needs
    from worker.parse.pages.page_text import page_text
    from worker.parse.pages.walls import check_page

    decoded = decode(raw, hint.charset if codec_of(hint.charset) else declared_charset(raw))
    source, warnings = page_without_controls(decoded.text)
    root = tree(source)
    head = page_head(root, hint.url)
    shipped = shipped_text(head.body)
    titles = [" ".join(title.itertext()) for title in root.iterfind(".//title")][:1]
    clean(root, head.language)
    found = page_text(root, head.title, shipped)
    check_page(found, titles)
    text = fuller_text(found.text, shipped)
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
        section=head.section,
        warnings=(*decoded.warnings, *warnings),
    )


def declared_charset(raw: bytes) -> str | None:
    """Return the encoding that the page declares in itself, or None."""
    match = CHARSET.search(raw[:CHARSET_REACH])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


FORMAT = Format(
    name="HTML page",
    extensions=(".html", ".htm", ".xhtml", ".shtml"),
    media_types=("text/html", "application/xhtml+xml"),
    sniff=lambda head: ROOT.match(head) is not None,
    parse=parse,
    by_content=True,
)

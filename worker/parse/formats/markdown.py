"""Markdown: the block of fields at the top (front matter) is read, and the mark-up is removed from the text."""

import re

from worker.parse.article import Article
from worker.parse.compose import compose, web_address
from worker.parse.decoding import decode
from worker.parse.facts import titles
from worker.parse.facts.dates import first_date
from worker.parse.facts.front_matter import front_matter
from worker.parse.facts.outlets import is_domain
from worker.parse.format import Format, Hint

TITLE = ("title", "headline")
AUTHORS = ("authors", "author", "byline", "by", "creator", "writer")
DATE = (
    "date",
    "published",
    "published_at",
    "date_published",
    "publish_date",
    "publishdate",
    "pubdate",
    "datepublished",
)
OUTLET = ("outlet", "publication", "publisher", "site", "site_name", "sitename", "newspaper")
SOURCE = ("source",)
URL = ("url", "link", "canonical", "canonical_url", "canonicalurl", "source_url", "original_url", "href", "permalink")
LANGUAGE = ("locale", "lang", "language")

HEADING = re.compile(r"\s*#[ \t]+([^\n]{1,500})(?:\n|\Z)")
# Mark-up and its replacement. Every pattern matches at most one line and a bounded length, and does not search beyond
# the next point where it could begin. So a line with many opening marks and no closing mark takes no more time than
# other lines.
MARKUP = (
    (re.compile(r"!\[[^\[\]\n]{0,500}\](?:\((?:(?!\]\()[^)\n]){0,2000}\)|\[[^\]\n]{0,200}\])"), ""),  # images
    (re.compile(r"\[([^\[\]\n]{1,500})\](?:\((?:(?!\]\()[^)\n]){0,2000}\)|\[[^\]\n]{0,200}\])"), r"\1"),  # links
    (re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,200}\]:[^\n]{0,2000}$", re.MULTILINE), ""),  # link targets
    (re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)", re.MULTILINE), ""),  # headings, block quotations
    (re.compile(r"^[ \t]{0,3}(?:\*[ \t]*){3,}$|^[ \t]{0,3}(?:_[ \t]*){3,}$", re.MULTILINE), ""),  # rules
    (re.compile(r"(\*\*|__)(?=\S)((?:(?!\1)[^\n]){1,1000})(?<=\S)\1"), r"\2"),  # strong
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,1000})(?<=\S)\*(?![\w*])"), r"\1"),  # emphasis
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,1000})(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~|\"'-])"), r"\1"),  # escapes
)


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the text without mark-up, with the fields of the front matter. A `#` heading can be the title."""
    decoded = decode(raw, hint.charset)
    text = decoded.text
    fields = front_matter(text)
    text = text[fields.end :]
    title = titles.clean(fields.text(*TITLE))
    heading = HEADING.match(text)
    if heading and (title is None or titles.key(title) == titles.key(heading[1])):
        title, text = title or heading[1].rstrip(" \t#"), text[heading.end() :]
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    locale = fields.text(*LANGUAGE)
    outlet, source = fields.text(*OUTLET), fields.text(*SOURCE)
    if source and not is_domain(source):
        outlet = outlet or source
    addresses = (*(fields.text(name) for name in URL), fields.text(*SOURCE))
    return compose(
        text.strip(),
        hint,
        title=_without_markup(title),
        authors=fields.value(*AUTHORS),
        outlet=outlet,
        url=next(filter(None, map(web_address, addresses)), None),
        date=first_date([fields.text(name) for name in DATE], "front matter", locale),
        declared_language=locale,
        licence=fields.text("license", "licence", "rights"),
        section=fields.text("section", "category"),
        warnings=decoded.warnings,
    )


def _without_markup(title: str | None) -> str | None:
    """Return the title without links and emphasis."""
    for pattern, replacement in MARKUP if title else ():
        title = pattern.sub(replacement, title or "")
    return title


FORMAT = Format(
    name="Markdown file",
    extensions=(".md", ".markdown"),
    media_types=("text/markdown",),
    sniff=lambda head: True,
    parse=parse,
)

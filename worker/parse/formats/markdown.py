"""Markdown: the block of fields at the top (front matter) is read, and the mark-up is removed from the text."""

import re

from worker.parse.article import Article
from worker.parse.compose import compose
from worker.parse.dates import publication_date
from worker.parse.decoding import decode
from worker.parse.format import Format, Hint

FRONT_MATTER = re.compile(r"\s*(---|\+\+\+)[ \t]*\r?\n(?P<fields>.{0,10000}?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
FIELD = re.compile(r"^([A-Za-z_]{2,30})[ \t]*[:=][ \t]*(.*)$", re.MULTILINE)
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
    fields: dict[str, str] = {}
    if front := FRONT_MATTER.match(text):
        text = text[front.end() :]
        fields = {key.lower(): value.strip().strip("\"'") for key, value in FIELD.findall(front["fields"])}
    title = fields.get("title")
    heading = HEADING.match(text)
    if heading and title in (None, heading[1].rstrip(" \t#")):
        title, text = heading[1].rstrip(" \t#"), text[heading.end() :]
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    return compose(
        text.strip(),
        hint,
        title=title,
        authors=re.split(r",\s*|\s+and\s+", _first(fields, "authors", "author", "byline").strip("[]")),
        outlet=_first(fields, "outlet", "source", "publication", "publisher"),
        url=_first(fields, "url", "link", "canonical"),
        date=publication_date(_first(fields, "date", "published", "published_at"), "front matter"),
        declared_language=_first(fields, "lang", "language"),
        licence=_first(fields, "license", "licence"),
        warnings=decoded.warnings,
    )


def _first(fields: dict[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


FORMAT = Format(
    name="Markdown file",
    extensions=(".md", ".markdown"),
    media_types=("text/markdown",),
    sniff=lambda head: True,
    parse=parse,
)

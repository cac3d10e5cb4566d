"""Records with fields (JSON objects, CSV rows) to articles: the field maps of news-please, fundus and everyone else."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from worker.parse.article import Article
from worker.parse.compose import compose, line
from worker.parse.dates import Published, published
from worker.parse.format import Hint
from worker.parse.markup import looks_like_markup, plain
from worker.reasons import Reason, Refused

Record = dict[str, Any]

# First match wins; keys are compared in lower case, with "_" for spaces and hyphens.
# news-please: maintext, title_rss, title_page, date_publish, source_domain. fundus: plaintext, publishing_date.
# schema.org: headline, articlebody, datepublished, inlanguage. JSON Feed: content_text, content_html, date_published.
TEXT = ("maintext", "plaintext", "text", "body", "content", "article", "articlebody", "content_text", "content_html")
TITLE = ("title", "headline", "title_rss", "title_page")
DATE = (
    *("date_publish", "publishing_date", "published_at", "publishedat", "published", "publish_date", "pubdate"),
    *("date_published", "datepublished", "date"),
)
AUTHORS = ("authors", "author", "byline")
URL = ("url", "link", "canonical_url")
OUTLET = ("outlet", "publication", "publisher", "source", "source_name", "source_domain")
LANGUAGE = ("language", "lang", "inlanguage")
LICENCE = ("licence", "license")


def article(record: Record, hint: Hint, warnings: Iterable[str] = ()) -> Article:
    """The article of a record. Raises `Refused(no_article)` where no field holds a text."""
    fields = _normalised(record)
    text = _text(fields)
    if text is None:
        raise Refused(
            Reason.NO_ARTICLE,
            f"No field holds an article's text. It is looked for under {', '.join(TEXT)} and body.sections.",
        )
    return compose(
        text,
        hint,
        title=line(_first(fields, TITLE)),
        authors=_names(_first(fields, AUTHORS)),
        outlet=next(_names(_first(fields, OUTLET)), None),
        url=line(_first(fields, URL)),
        date=_date(fields),
        declared_language=line(_first(fields, LANGUAGE)),
        licence=line(_first(fields, LICENCE)),
        warnings=warnings,
    )


def has_text(record: object) -> bool:
    """Whether a JSON value is an object with an article's text in it."""
    return isinstance(record, dict) and _text(_normalised(record)) is not None


def text_columns(names: Iterable[str]) -> bool:
    """Whether one of a table's columns can hold the text."""
    return any(_key(name) in TEXT for name in names)


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _normalised(record: Record) -> Record:
    fields: Record = {}
    for name, value in record.items():
        fields.setdefault(_key(name), value)
    return fields


def _first(fields: Record, names: Iterable[str]) -> Any:
    """The first field that says something: not null, empty, nor the string "None"."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and line(value) is None:
            continue
        if value:
            return value
    return None


def _text(fields: Record) -> str | None:
    for name in TEXT:
        value = fields.get(name)
        found = _sections(value) if isinstance(value, dict) else _prose(value)
        if found is not None and line(found):
            return found
    return None


def _prose(value: object) -> str | None:
    """Text as a string, HTML or not, or as a list of paragraphs."""
    if isinstance(value, str):
        return plain(value) if looks_like_markup(value) else value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)
    return None


def _sections(body: Record) -> str | None:
    """fundus: `summary`, then each section's `headline` and `paragraphs`. WordPress: `rendered` HTML."""
    if isinstance(body.get("rendered"), str):
        return plain(body["rendered"])
    sections = body.get("sections")
    if not isinstance(sections, list):
        return _prose(body.get("text"))
    blocks: list[Any] = [body.get("summary")]
    for section in sections:
        if isinstance(section, dict):
            blocks += [section.get("headline"), section.get("paragraphs")]
    lists = ([block] if isinstance(block, str) else block for block in blocks if isinstance(block, str | list))
    return "\n\n".join(piece for pieces in lists for piece in pieces if isinstance(piece, str) and piece.strip())


def _date(fields: Record) -> Published | None:
    return next((found for name in DATE if (found := published(fields.get(name), "field"))), None)


def _names(value: object) -> Iterator[str]:
    """Names from a string, an object with `name`, or a list of either."""
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") or each.get("title") if isinstance(each, dict) else each
        if isinstance(name, str) and line(name):
            yield name

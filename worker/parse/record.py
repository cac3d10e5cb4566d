"""Making articles from records (JSON objects, CSV rows), by the field names of crawlers such as news-please."""

import re
from collections.abc import Iterable, Iterator

from worker.parse.article import Article
from worker.parse.compose import compose, one_line
from worker.parse.dates import PublicationDate, publication_date
from worker.parse.format import Hint
from worker.parse.markup import looks_like_markup, plain_text
from worker.reasons import Reason, Refused

Record = dict[str, object]

# The first field that has a value counts; keys are compared in lower case, with "_" for spaces and hyphens.
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
FIELDS = frozenset((*TEXT, *TITLE, *DATE, *AUTHORS, *URL, *OUTLET, *LANGUAGE, *LICENCE))
SHORTENED = "onrecord:cut"
"""A field of ours: splitting left columns out of the record."""
SHORTENED_WARNING = "columns were left out: their names are longer than the values, and each row would repeat them"


def article(record: Record, hint: Hint, warnings: Iterable[str] = ()) -> Article:
    """Return the article of a record. Raise `Refused(no_article)` if no field holds a text."""
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
        title=one_line(_first(fields, TITLE)),
        authors=_names(_first(fields, AUTHORS)),
        outlet=next(_names(_first(fields, OUTLET)), None),
        url=one_line(_first(fields, URL)),
        date=_date(fields),
        declared_language=one_line(_first(fields, LANGUAGE)),
        licence=one_line(_first(fields, LICENCE)),
        warnings=[*warnings, *([SHORTENED_WARNING] if SHORTENED in record else [])],
    )


def has_text(record: object) -> bool:
    """True if a JSON value is an object with the text of an article."""
    return isinstance(record, dict) and _text(_normalised(record)) is not None


def has_text_column(names: Iterable[str]) -> bool:
    """True if one of these columns of a table can hold the text."""
    return any(_key(name) in TEXT for name in names)


def is_field(name: str) -> bool:
    """True if a field of this name is read."""
    return _key(name) in FIELDS


def _key(name: str) -> str:
    """Return the name of a field in lower case, with "_" for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _normalised(record: Record) -> Record:
    """Return the record with every field name changed by `_key`. If two names become equal, the first one counts."""
    fields: Record = {}
    for name, value in record.items():
        fields.setdefault(_key(name), value)
    return fields


def _first(fields: Record, names: Iterable[str]) -> object:
    """Return the value of the first field that is not null, empty or a placeholder such as "None"; else None."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and one_line(value) is None:
            continue
        if value:
            return value
    return None


def _text(fields: Record) -> str | None:
    """Return the text of the article: the first field of `TEXT` that is not empty, or None."""
    for name in TEXT:
        value = fields.get(name)
        text = _sections(value) if isinstance(value, dict) else _prose(value)
        if text is not None and one_line(text):
            return text
    return None


def _prose(value: object) -> str | None:
    """Return the text of a string (plain or HTML) or of a list of paragraphs; None for any other value."""
    if isinstance(value, str):
        return plain_text(value) if looks_like_markup(value) else value
    if isinstance(value, list) and value and all(isinstance(paragraph, str) for paragraph in value):
        return "\n\n".join(value)
    return None


def _sections(body: Record) -> str | None:
    """Return the text of an object: its `rendered` HTML (WordPress), or its `sections` (fundus), or its `text`.

    In fundus, `summary` comes first, then the `headline` and `paragraphs` of each section.
    """
    rendered = body.get("rendered")
    if isinstance(rendered, str):
        return plain_text(rendered)
    sections = body.get("sections")
    if not isinstance(sections, list):
        return _prose(body.get("text"))
    blocks: list[object] = [body.get("summary")]
    for section in sections:
        if isinstance(section, dict):
            blocks += [section.get("headline"), section.get("paragraphs")]
    lists = ([block] if isinstance(block, str) else block for block in blocks if isinstance(block, str | list))
    return "\n\n".join(piece for pieces in lists for piece in pieces if isinstance(piece, str) and piece.strip())


def _date(fields: Record) -> PublicationDate | None:
    return next((date for name in DATE if (date := publication_date(fields.get(name), "field"))), None)


def _names(value: object) -> Iterator[str]:
    """Yield the names in a string, in an object with `name` or `title`, or in a list of these."""
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") or item.get("title") if isinstance(item, dict) else item
        if isinstance(name, str) and one_line(name):
            yield name

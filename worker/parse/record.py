"""Making articles from records (JSON objects, CSV rows), by the field names of crawlers such as news-please."""

import re
from collections.abc import Iterable

from worker.parse.article import Article
from worker.parse.compose import compose, one_line, web_address
from worker.parse.dates import PublicationDate, UnreadDate, first_date
from worker.parse.format import Hint
from worker.parse.markup import looks_like_markup, plain_text
from worker.parse.outlets import is_domain, outlet
from worker.reasons import Reason, Refused

Record = dict[str, object]

# The first field that has a value counts; keys are compared in lower case, with "_" for spaces and hyphens.
# news-please: maintext, title_rss, title_page, date_publish, source_domain. fundus: plaintext, publishing_date.
# schema.org: headline, articlebody, datepublished, inlanguage. JSON Feed: content_text, content_html, date_published.
TEXT = ("maintext", "plaintext", "text", "body", "content", "article", "articlebody", "content_text", "content_html")
TITLE = ("title", "headline", "title_rss", "title_page", "webtitle", "article_title", "heading", "title_full")
DATE = (
    *("date_publish", "publishing_date", "published_at", "publishedat", "published", "publish_date", "pubdate"),
    *("date_published", "datepublished", "date", "publication_date", "publicationdate", "pub_date", "date_publication"),
    *("webpublicationdate", "firstpublicationdate", "first_published", "published_date", "publisheddate"),
    *("publishdate", "published_on", "published_time", "publish_time", "publishtime", "posted_at", "date_posted"),
    *("dateposted", "issued", "datetime", "created_at", "date_created", "datecreated", "date_gmt"),
)
AUTHORS = ("authors", "author", "byline", "author_name", "authorname", "author_names", "writer", "writers", "creator")
URL = (
    "url",
    "link",
    "canonical_url",
    "weburl",
    "web_url",
    "article_url",
    "source_url",
    "permalink",
    "canonical",
    "href",
)
OUTLET = ("outlet", "publication", "publication_name", "publisher", "newspaper")
SOURCE = (  # these may also hold where the article was fetched from
    *("source", "source_name", "sourcename", "site_name", "sitename", "site", "og:site_name", "og_site_name"),
    *("provider", "media_name", "news_source"),
)
DOMAIN = ("source_domain",)
LANGUAGE = ("language", "lang", "inlanguage")
LOCALE = ("locale", *LANGUAGE)
LICENCE = ("licence", "license")
FIELDS = frozenset((*TEXT, *TITLE, *DATE, *AUTHORS, *URL, *OUTLET, *SOURCE, *DOMAIN, *LOCALE, *LICENCE))
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
        authors=_first(fields, AUTHORS),
        outlet=_outlet(fields),
        domain=one_line(_first(fields, DOMAIN)),
        url=_url(fields),
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


def _date(fields: Record) -> PublicationDate | UnreadDate | None:
    """Return the first date that can be read; the locale of the record decides which of two numbers is the day."""
    return first_date([fields.get(name) for name in DATE], "field", one_line(_first(fields, LOCALE)))


def _outlet(fields: Record) -> str | None:
    """Return the first outlet that is a name and no address; in a field for the source, it is no domain either."""
    named = next(filter(None, (outlet(fields.get(name)) for name in OUTLET)), None)
    sources = (outlet(fields.get(name)) for name in SOURCE)
    return named or next((name for name in sources if name and not is_domain(name)), None)


def _url(fields: Record) -> str | None:
    """Return the address of the article; it may be where the outlet is looked for."""
    named = (*(fields.get(name) for name in URL), *(fields.get(name) for name in (*OUTLET, *SOURCE)))
    return next(filter(None, map(web_address, named)), None)

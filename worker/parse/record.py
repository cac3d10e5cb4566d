"""Making articles from records (JSON objects, CSV rows), by the field names of crawlers such as news-please."""

from collections.abc import Iterable, Iterator

from worker.parse.article import Article
from worker.parse.compose import compose, one_line
from worker.parse.dates import PublicationDate, publication_date
from worker.parse.field_text import field_text
from worker.parse.format import Hint
from worker.parse.record_text import TEXT, WEAK_TEXT, Record, key_of, lifted, text_of
from worker.reasons import Reason, Refused

# The first field that has a value counts; keys are compared as `key_of` gives them.
# news-please: title_rss, title_page, date_publish, source_domain. fundus: publishing_date.
# schema.org: headline, datepublished, inlanguage. JSON Feed: date_published.
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
FIELDS = frozenset((*TEXT, *WEAK_TEXT, *TITLE, *DATE, *AUTHORS, *URL, *OUTLET, *LANGUAGE, *LICENCE))
SHORTENED = "onrecord:cut"
"""A field of ours: splitting left columns out of the record."""
SHORTENED_WARNING = "columns were left out: their names are longer than the values, and each row would repeat them"


def article(record: Record, hint: Hint, warnings: Iterable[str] = ()) -> Article:
    """Return the article of a record. Raise `Refused(no_article)` if no field holds a text."""
    fields = lifted(record)
    text = text_of(fields)
    if text is None:
        named = ", ".join(TEXT[:12])
        raise Refused(
            Reason.NO_ARTICLE, f"No field holds an article's text. It is looked for under {named} and similar names."
        )
    return compose(
        text,
        hint,
        title=one_line(field_text(_first(fields, TITLE))),
        authors=_names(_first(fields, AUTHORS)),
        outlet=next(_names(_first(fields, OUTLET)), None),
        url=one_line(_first(fields, URL)),
        date=_date(fields),
        declared_language=one_line(_first(fields, LANGUAGE)),
        licence=one_line(_first(fields, LICENCE)),
        warnings=[*warnings, *([SHORTENED_WARNING] if SHORTENED in record else [])],
    )


def is_field(name: str) -> bool:
    """True if a field of this name is read."""
    return key_of(name) in FIELDS


def _first(fields: Record, names: Iterable[str]) -> object:
    """Return the value of the first field that is not null, empty or a placeholder such as "None"; else None."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and one_line(value) is None:
            continue
        if value:
            return value
    return None


def _date(fields: Record) -> PublicationDate | None:
    return next((date for name in DATE if (date := publication_date(fields.get(name), "field"))), None)


def _names(value: object) -> Iterator[str]:
    """Yield the names in a string, in an object with `name` or `title`, or in a list of these."""
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") or item.get("title") if isinstance(item, dict) else item
        if isinstance(name, str) and one_line(name):
            yield name

"""Making articles from records (JSON objects, CSV rows), by the field names of crawlers such as news-please."""

from collections.abc import Iterable

from worker.parse.article import Article
from worker.parse.compose import compose, one_line, web_address
from worker.parse.facts.dates import PublicationDate, UnreadDate, first_date
from worker.parse.facts.outlets import is_domain, outlet
from worker.parse.format import Hint
from worker.parse.records.field_text import field_text
from worker.parse.records.record_text import (
    LEAD,
    TEXT,
    WEAK_TEXT,
    Record,
    is_lead_alone,
    key_of,
    lifted,
    text_of,
)
from worker.reasons import Reason, Refused

# The first field that has a value counts; keys are compared as `key_of` gives them.
# news-please: title_rss, title_page, date_publish, source_domain. fundus: publishing_date.
# schema.org: headline, datepublished, inlanguage. JSON Feed: date_published.
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
    *("source", "source_name", "sourcename", "site_name", "sitename", "site", "og_site_name"),
    *("provider", "media_name", "news_source"),
)
DOMAIN = ("source_domain",)
LANGUAGE = ("language", "lang", "inlanguage")
LOCALE = ("locale", *LANGUAGE)
LICENCE = ("licence", "license")
SECTION = ("section", "section_name", "sectionname", "articlesection", "article_section", "category")
FIELDS = frozenset((
    *(*TEXT, *WEAK_TEXT, *TITLE, *DATE, *AUTHORS, *URL, *OUTLET, *SOURCE, *DOMAIN, *LOCALE, *LICENCE, *SECTION),
))  # fmt: skip
SHORTENED = "onrecord:cut"
"""A field of ours: splitting left columns out of the record."""
OVERLONG = "onrecord:beyond"
"""A field of ours: the row has more cells than the table has columns."""
OVERLONG_WARNING = "damaged row: it has more cells than the table has columns, and the last ones were left out"
SHORTENED_WARNING = "columns were left out: their names are longer than the values, and each row would repeat them"

MAIN_WORDING = ("main", "original")
LEAD_WARNING = "only the first paragraph is there: the service gives no full text"

MARKS = {SHORTENED: SHORTENED_WARNING, OVERLONG: OVERLONG_WARNING}


def article(record: Record, hint: Hint, warnings: Iterable[str] = ()) -> Article:
    """Return the article of a record. Raise `Refused(no_article)` if no field holds a text."""
    fields = lifted(record)
    text = text_of(fields)
    if text is None:
        named = ", ".join(TEXT[:12])
        raise Refused(
            Reason.NO_ARTICLE, f"No field holds an article's text. It is looked for under {named} and similar names."
        )
    if not LEAD.isdisjoint(fields) and is_lead_alone(fields):
        warnings = [*warnings, LEAD_WARNING]
    return compose(
        text,
        hint,
        title=one_line(field_text(_first(fields, TITLE))),
        authors=_first(fields, AUTHORS),
        outlet=_outlet(fields),
        domain=one_line(_first(fields, DOMAIN)),
        url=_url(fields),
        date=_date(fields),
        declared_language=one_line(_first(fields, LANGUAGE)),
        licence=one_line(_first(fields, LICENCE)),
        section=_section(fields),
        warnings=[*warnings, *(warning for mark, warning in MARKS.items() if mark in record)],
    )


def is_field(name: str) -> bool:
    """True if a field of this name is read."""
    return key_of(name) in FIELDS


def _first(fields: Record, names: Iterable[str]) -> object:
    """Return the value of the first field that is not null, empty or a placeholder such as "None"; else None.

    The New York Times writes headlines and by-lines as objects with several wordings of them.
    """
    for name in names:
        value = fields.get(name)
        if isinstance(value, dict):
            value = next((value[key] for key in MAIN_WORDING if isinstance(value.get(key), str)), value)
        if isinstance(value, str) and one_line(value) is None:
            continue
        if value:
            return value
    return None


def _date(fields: Record) -> PublicationDate | UnreadDate | None:
    """Return the first date that can be read; the locale of the record decides which of two numbers is the day."""
    return first_date([fields.get(name) for name in DATE], "field", one_line(_first(fields, LOCALE)))


def _outlet(fields: Record) -> str | None:
    """Return the first outlet that is a name and no address; in a field for the source, it is no domain either."""
    named = next(filter(None, (outlet(fields.get(name)) for name in OUTLET)), None)
    sources = (outlet(fields.get(name)) for name in SOURCE)
    return named or next((name for name in sources if name and not is_domain(name)), None)


def _section(fields: Record) -> str | None:
    """Return the section in words; of several, the first."""
    value = _first(fields, SECTION)
    value = next(iter(value), None) if isinstance(value, list) else value
    value = value.get("name") if isinstance(value, dict) else value
    section = one_line(value)
    return section if section and not section.isdigit() and not web_address(section) else None


def _url(fields: Record) -> str | None:
    """Return the address of the article; it may be where the outlet is looked for."""
    named = (*(fields.get(name) for name in URL), *(fields.get(name) for name in (*OUTLET, *SOURCE)))
    return next(filter(None, map(web_address, named)), None)

"""The text of an article in a record (a JSON object, a row), and the record itself if it is inside of another one."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from worker.parse.records.field_text import field_text, holds_text, is_weakly_titled
from worker.reasons import Reason, Refused

Record = dict[str, object]

# Keys are compared in lower case, with "_" for spaces, hyphens, dots and colons.
# news-please: maintext. fundus: plaintext. schema.org: articlebody. JSON Feed: content_text, content_html.
TEXT = (
    *("maintext", "plaintext", "text", "body", "content", "article", "articlebody", "content_text", "content_html"),
    *("full_text", "fulltext", "article_text", "articletext", "article_body", "article_content", "articlecontent"),
    *("body_text", "bodytext", "body_html", "bodyhtml", "story_text", "storytext", "story_body", "storybody"),
    *("main_text", "main_content", "maincontent", "full_content", "fullcontent", "full_article", "news_text"),
    *("clean_text", "cleaned_text", "cleantext", "text_content", "textcontent", "content_plain", "raw_text", "rawtext"),
    *("content_encoded", "content_elements", "post_content", "news_content", "newscontent", "page_text", "text_html"),
    *("texto", "contenido", "cuerpo", "inhalt", "volltext", "artikeltext", "contenu", "texte", "testo", "contenuto"),
    *("conteudo", "conteúdo", "tekst", "inhoud", "treść", "текст", "正文", "内容", "本文", "기사"),
    *("lead_paragraph", "leadparagraph"),
)
LEAD = frozenset(("lead_paragraph", "leadparagraph"))
"""These hold only the first paragraph: the New York Times gives no more to others."""
WEAK_TEXT = ("story", "news", "document", "transcript", "post")
"""These may hold a text, too, but also a number or a name."""
NAMES = frozenset(TEXT)
LONGEST_NAME = 100  # no field that is read has a longer name
FEWEST_WORDS = 5  # of a text under a weak name
# An object inside of the record that holds its fields: Guardian, Elasticsearch, JSON:API, GraphQL, Reddit, …
WRAPPERS = ("fields", "_source", "attributes", "data", "node", "article", "item", "post", "story", "document", "doc")
ORDER = {name: place for place, name in reversed(list(enumerate((*WRAPPERS, *TEXT))))}
MOST_LEVELS = 3  # objects inside of one another until the one with the fields
FULLER = 1.7  # take another field if its text is so many times as long as that of the first one
TITLES = frozenset(("title", "headline", "webtitle", "name", "article_title", "headlines", "heading", "title_page"))
LONG = 200  # characters; a text without a title is an article's if it has as many
# NewsAPI and GNews end a text so; newsdata.io has a sentence in its place.
TEASER = re.compile(r"\[\+?\s?\d[\d,. ]{0,12}\s?(?:more )?char(?:acter)?s\]\s*\Z|\AONLY AVAILABLE IN [A-Z ]{4,60}\Z")
CUT_TEXT = (
    "Only the beginning of the text is there: the service that it comes from cuts it off. Drop the whole article."
)


@lru_cache(maxsize=10_000)
def key_of(name: str) -> str:
    """Return the name of a field in lower case, with "_" for spaces, hyphens, dots and colons."""
    return re.sub(r"[\s.:_-]+", "_", name.strip(" \t\r\n.:\"'\ufeff").lower())


def normalised(record: Record) -> Record:
    """Return the record with every field name changed by `key_of`. If two names become equal, the first one counts."""
    fields: Record = {}
    for name, value in record.items():
        fields.setdefault((key_of(name) or name) if len(name) <= LONGEST_NAME else name, value)
    return fields


def lifted(record: Record) -> Record:
    """Return the fields of the article by their normalised names: the record's, or those of an object inside of it."""
    fields = normalised(record)
    for _ in range(MOST_LEVELS):
        if not any(isinstance(value, dict) for value in fields.values()):
            return fields
        inner = _whole_inside(fields)
        if inner is None and _has_text(fields):
            return fields
        inner = inner or _inner(fields)
        if inner is None:
            return fields
        fields = {**{name: value for name, value in fields.items() if value is not inner}, **normalised(inner)}
    return fields


def has_text(record: object) -> bool:
    """True if a JSON value is an object with the text of an article."""
    if not isinstance(record, dict):
        return False
    holds_more = any(isinstance(value, dict) for value in record.values())
    return _has_text(lifted(record) if holds_more else normalised(record))


def is_article(record: object) -> bool:
    """True if an object has a text, and a title or a long text: so have no tags, comments or captions."""
    if not isinstance(record, dict) or not has_text(record):
        return False
    fields = lifted(record)
    return not TITLES.isdisjoint(fields) or not is_short(fields)


def has_title(record: object) -> bool:
    """True for an object with a title."""
    return isinstance(record, dict) and not TITLES.isdisjoint(normalised(record))


def is_short(fields: Record) -> bool:
    """True if no text is as long as that of an article mostly is."""
    return not any(_length(fields[name]) >= LONG for name in NAMES.intersection(fields))


def text_of(fields: Record) -> str | None:
    """Return the text of the article: the first field of `TEXT` that has one, or another one that is much fuller.

    Raise `Refused(no_text)` if all texts are only beginnings, cut off by the service that they come from.
    """
    texts = list(_texts(fields))
    whole = [text for text in texts if not TEASER.search(text[-100:].strip())]
    if texts and not whole:
        raise Refused(Reason.NO_TEXT, CUT_TEXT)
    if not whole:
        return None
    longest = max(whole, key=len)
    return longest if len(longest) > FULLER * len(whole[0]) else whole[0]


def is_lead_alone(fields: Record) -> bool:
    """True if the text of the article is only its first paragraph."""
    return not any(_holds_text(fields, name) for name in (NAMES - LEAD).intersection(fields))


def has_text_column(names: Iterable[str]) -> bool:
    """True if one of these columns of a table can hold the text."""
    keys = set(map(key_of, names))
    return any(name in keys for name in (*TEXT, *WEAK_TEXT))


def _texts(fields: Record) -> Iterator[str]:
    for name in TEXT:
        text = field_text(fields.get(name)) if _holds_text(fields, name) else None
        if text is not None and _is_given(text):
            yield text
    for name in WEAK_TEXT:
        value = fields.get(name)
        text = field_text(value) if isinstance(value, str) and len(value.split()) >= FEWEST_WORDS else None
        if text is not None and _is_given(text):
            yield text


def _holds_text(fields: Record, name: str) -> bool:
    """True if a field holds a text. In an object without a title, a list of titled texts is a list of articles."""
    value = fields.get(name)
    return holds_text(value) and not (TITLES.isdisjoint(fields) and is_weakly_titled(value))


def _is_given(text: str) -> bool:
    return text.strip().lower() not in ("", "none", "null", "nan", "n/a", "unknown", "undefined")


def _has_text(fields: Record) -> bool:
    """True if a field can hold the text. No HTML is read for this answer."""
    for name, value in fields.items():
        if name in NAMES and _holds_text(fields, name) and not (isinstance(value, str) and not _is_given(value)):
            return True
        if name in WEAK_TEXT and isinstance(value, str) and len(value.split()) >= FEWEST_WORDS:
            return True
    return False


def _inner(fields: Record) -> Record | None:
    """Return the object inside of the record that holds the fields of the article; None if none or several do."""
    objects = _objects(fields)
    named = [objects[name] for name in WRAPPERS if name in objects]
    for value in named:
        if len(named) == 1 or _has_text(normalised(value)):
            return value
    others = [value for value in objects.values() if _is_whole(normalised(value))]
    return others[0] if len(others) == 1 else None


def _whole_inside(fields: Record) -> Record | None:
    """Return an object that stands for the text but is a whole article with its title; None if there is none."""
    objects = _objects(fields)
    if any(isinstance(fields[name], str) and holds_text(fields[name]) for name in NAMES.intersection(fields)):
        return None
    whole = {name for name, value in objects.items() if name in ORDER and _is_whole(normalised(value))}
    return objects[min(whole, key=ORDER.__getitem__)] if whole else None


def _objects(fields: Record) -> dict[str, Record]:
    return {name: value for name, value in fields.items() if isinstance(value, dict)}


def _is_whole(fields: Record) -> bool:
    return _has_text(fields) and not TITLES.isdisjoint(fields)


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else LONG if isinstance(value, dict | list) and holds_text(value) else 0

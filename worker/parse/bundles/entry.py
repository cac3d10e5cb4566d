"""One article of a bundle: its fields as the database wrote them. It is stored as JSON, and parsed from it."""

import re
from dataclasses import asdict, dataclass, replace

from worker.parse.article import Article, Member
from worker.parse.bundles.languages import code_of
from worker.parse.bundles.written_dates import written_date
from worker.parse.compose import compose
from worker.parse.facts.dates import publication_date
from worker.parse.format import Hint
from worker.parse.records.json_values import dump, load
from worker.reasons import Reason, Refused

MEDIA_TYPE = "application/vnd.onrecord.bundle+json"
DATE_SOURCE = "database"
DATABASE = re.compile(rb'\s*\{\s*"database"\s*:\s*"([^"\\]{1,100})"')
LONGEST_FIELD = 2000  # keep at most this many characters of a field; `compose` shortens what it stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The fields of one article, as its database wrote them.

    `body` has empty lines between its paragraphs. `date` is text in any language; `language` is a code, or the name of
    a language in any of the languages of the databases.
    """

    database: str
    body: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    language: str | None = None
    identifier: str | None = None
    licence: str | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()

    def member(self, name: str) -> Member:
        """Return the article as a member. Raise `Refused(no_article)` if the database gives no text of it."""
        if not any(character.isalnum() for character in self.body):
            shown = " ".join((self.title or "without a title").split())[:200]
            raise Refused(
                Reason.NO_ARTICLE,
                f"{self.database} gives no text of this article ({shown}); it may hold only a picture.",
            )
        return Member(dump({key: value for key, value in asdict(self).items() if value}), MEDIA_TYPE, name)


def entry(database: str, body: str, **fields: object) -> Entry:
    """Return an entry of these fields, without white space at their ends; fields that are empty are left out."""
    authors = tuple(name for author in _texts(fields.pop("authors", ())) if (name := _field(author)))
    warnings = tuple(_texts(fields.pop("warnings", ())))
    kept = {name: text for name, value in fields.items() if (text := _field(value))}
    return Entry(database=database, body=body.strip(), authors=authors, warnings=warnings, **kept)


def database_of(raw: bytes) -> str | None:
    """Return the database of an entry that `Entry.member` wrote: it is the first field."""
    match = DATABASE.match(raw)
    return match[1].decode("utf-8", "replace") if match else None


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of an entry."""
    try:
        value = load(raw)
        if not isinstance(value, dict):
            raise TypeError(type(value).__name__)
        found = entry(**value)
    except TypeError as error:
        raise Refused(Reason.MALFORMED, "It is no article of a bundle. Drop the whole bundle again.") from error
    date = publication_date(written_date(found.date), DATE_SOURCE) or publication_date(found.date, DATE_SOURCE)
    warnings = found.warnings
    if found.date and date is None:
        warnings = (*warnings, f"date not understood: {found.date[:60]}")
    return compose(
        found.body,
        hint,
        title=found.title,
        authors=found.authors,
        outlet=found.outlet,
        url=found.url,
        date=date,
        declared_language=code_of(found.language),
        licence=found.licence,
        section=found.section,
        identifier=found.identifier,
        warnings=warnings,
    )


def warned(found: Entry, warnings: tuple[str, ...]) -> Entry:
    """Return the entry with these warnings, which are about the whole bundle, before its own."""
    return replace(found, warnings=(*warnings, *found.warnings)) if warnings else found


def _texts(value: object) -> list[str]:
    values = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [text for text in values if isinstance(text, str)]


def _field(value: object) -> str | None:
    """Return a text as one line, without white space at its ends; None if nothing is left."""
    return (" ".join(value[:LONGEST_FIELD].split()) or None) if isinstance(value, str) else None

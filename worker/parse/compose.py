"""The last step of every format: check the fields of a document and put them together as an `Article`."""

import re
from collections.abc import Iterable

from worker.parse.article import Article
from worker.parse.body import body
from worker.parse.dates import PublicationDate
from worker.parse.format import Hint
from worker.parse.language import language
from worker.parse.mojibake import mended
from worker.parse.readable import check_readable
from worker.parse.storable import REPLACEMENT, UNSTORABLE
from worker.reasons import Reason, Refused

LONGEST_FIELD = 1000  # keep at most this many code points of a title, licence or author
LONGEST_OUTLET = 300  # keep at most this many code points: an index entry holds at most 2,704 bytes
LONGEST_URL = 2000  # ignore an address with more characters
MOST_AUTHORS = 50  # keep at most this many authors
EMPTY_VALUES = {"", "none", "null", "nan", "n/a", "unknown", "undefined"}


def compose(
    text: str,
    hint: Hint,
    *,
    title: str | None = None,
    authors: Iterable[str] = (),
    outlet: str | None = None,
    url: str | None = None,
    date: PublicationDate | None = None,
    declared_language: str | None = None,
    licence: str | None = None,
    section: str | None = None,
    identifier: str | None = None,
    revision: str | None = None,
    is_withdrawn: bool = False,
    warnings: Iterable[str] = (),
) -> Article:
    """Return the article with this text and these fields.

    Raise `Refused`: `too_large` if the text is longer than `max_text`, or `no_text` if it has no letter or digit or is
    only the teaser of a paywall (the free beginning of an article).
    """
    limit = hint.limits.max_text
    if len(text) > limit:
        raise Refused(
            Reason.TOO_LARGE,
            f"The text has {len(text):,} characters, more than {limit:,}. Split it, or raise ONRECORD_MAX_TEXT.",
        )
    text, notes = _storable_text(text, warnings)
    bounds = body(text)
    check_readable(text[bounds.start : bounds.end])
    return Article(
        text=text,
        body_start=bounds.start,
        body_end=bounds.end,
        title=one_line(mended(title)[0] if title else title),
        dateline=bounds.dateline,
        licence=one_line(bounds.licence) or one_line(licence),
        outlet=(one_line(outlet) or bounds.outlet or "")[:LONGEST_OUTLET].strip() or None,
        url=web_address(url) or web_address(hint.url),
        authors=_people(authors),
        published_at=date.at if date else None,
        date_source=date.source if date else None,
        language=language(text[bounds.start : bounds.end], declared_language),
        section=one_line(section),
        identifier=one_line(identifier),
        revision=one_line(revision),
        is_withdrawn=is_withdrawn,
        warnings=tuple(notes),
    )


def _storable_text(text: str, warnings: Iterable[str]) -> tuple[str, list[str]]:
    """Return the text as it is stored, and the warnings with those about what was replaced and mended in it."""
    notes = list(warnings)
    text, unstorable = UNSTORABLE.subn(REPLACEMENT, text)
    if unstorable:
        notes.append(f"{unstorable} NUL or lone surrogate characters were replaced by U+FFFD")
    text, was_broken = mended(text)
    if was_broken:
        notes.append("mojibake: characters that were once read in a wrong encoding were mended")
    return text, notes


def one_line(value: object) -> str | None:
    """Return a string as one trimmed line that can be stored, cut to `LONGEST_FIELD`; None for any other value.

    Empty strings and placeholders such as "None" and "n/a" also give None.
    """
    if not isinstance(value, str):
        return None
    text = " ".join(UNSTORABLE.sub(REPLACEMENT, value[: 10 * LONGEST_FIELD]).split())[:LONGEST_FIELD]
    return None if text.lower() in EMPTY_VALUES else text


def web_address(value: object) -> str | None:
    """Return `value` if it is an http(s) address that can be stored, or else None."""
    text = one_line(value) if isinstance(value, str) and len(value) <= LONGEST_URL else None
    return text if text and re.match(r"(?i)https?://[^\s/]+", text) and " " not in text else None


def _people(names: Iterable[str]) -> tuple[str, ...]:
    """Return each author once, in order, without web addresses."""
    people = (re.sub(r"(?i)^by\s+", "", name) for name in map(one_line, names) if name and not web_address(name))
    return tuple(dict.fromkeys(people))[:MOST_AUTHORS]

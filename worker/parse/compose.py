"""The last step of every format: check the fields of a document and put them together as an `Article`."""

import re
from collections.abc import Iterable

from worker.parse.article import Article
from worker.parse.facts import titles
from worker.parse.facts.body import Body, body
from worker.parse.facts.date_places import date_of_address, date_of_path
from worker.parse.facts.dates import PublicationDate, UnreadDate, publication_date
from worker.parse.facts.fields import LONGEST_FIELD, one_line, web_address
from worker.parse.facts.first_lines import FirstLines, first_lines
from worker.parse.facts.outlets import outlet as outlet_name
from worker.parse.facts.outlets import outlet_of_credit, outlet_of_dateline
from worker.parse.facts.people import by_lines, people
from worker.parse.facts.wires import wire
from worker.parse.format import Hint
from worker.parse.language import language
from worker.parse.mojibake import mended
from worker.parse.readable import check_readable
from worker.parse.storable import REPLACEMENT, UNSTORABLE
from worker.reasons import Reason, Refused

__all__ = ["LONGEST_FIELD", "compose", "one_line", "web_address"]


def compose(
    text: str,
    hint: Hint,
    *,
    title: str | None = None,
    authors: object = (),
    outlet: object = None,
    domain: str | None = None,
    url: str | None = None,
    date: PublicationDate | UnreadDate | None = None,
    declared_language: str | None = None,
    licence: str | None = None,
    section: str | None = None,
    identifier: str | None = None,
    revision: str | None = None,
    is_withdrawn: bool = False,
    warnings: Iterable[str] = (),
    is_file: bool = False,
) -> Article:
    """Return the article with this text and these fields, which may be raw: a by-line, an object with a name.

    This is the one place where titles, authors, outlets and dates are cleaned. What no field says is read from the text
    itself, from its address and from the path of its file. `domain` is kept as the outlet if nothing names it.
    `is_file` is True if the text is a whole file of plain text, so that its first line may be its title.

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
    title = titles.clean(mended(title)[0] if title else title)
    head = first_lines(text, locale=declared_language, title=title, is_file=is_file)
    bounds = body(text, head.end)
    body_text = text[bounds.start : bounds.end]
    check_readable(body_text)
    address = web_address(url) or web_address(hint.url) or head.url or web_address(outlet)
    named = _outlet(outlet, head, bounds, body_text) or one_line(domain)
    spoken = language(body_text, declared_language)
    in_place = date_of_address(address) or date_of_path(hint.path)
    declared = list(by_lines(authors))
    rights = one_line(bounds.licence) or one_line(licence)
    agency = wire(
        text,
        bounds.end,
        dateline=bounds.dateline,
        outlet=named,
        by_lines=[*declared, *by_lines(head.authors)],
        licence=rights,
        identifier=identifier,
    )
    dated = _date((date, head.date, _date_of_dateline(bounds.dateline)), in_place, spoken, notes)
    return Article(
        text=text,
        body_start=bounds.start,
        body_end=bounds.end,
        title=titles.without_outlet(title, [named or ""]) if title else one_line(head.title),
        dateline=bounds.dateline,
        licence=rights,
        outlet=named,
        url=address,
        authors=people(declared, named) or people(head.authors, named),
        published_at=dated.at if dated else None,
        date_source=dated.source if dated else None,
        language=spoken,
        section=one_line(section),
        identifier=one_line(identifier),
        revision=one_line(revision),
        is_withdrawn=is_withdrawn,
        wire=agency,
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


def _outlet(declared: object, head: FirstLines, bounds: Body, body_text: str) -> str | None:
    """Return the outlet as it is declared, or as the first lines, the licence or the credit of an agency name it."""
    from_text = (head.outlet, bounds.outlet, outlet_of_dateline(bounds.dateline))
    return next(filter(None, map(outlet_name, (declared, *from_text))), None) or outlet_of_credit(body_text)


def _date(
    found: Iterable[PublicationDate | UnreadDate | None],
    in_place: PublicationDate | None,
    spoken: str | None,
    notes: list[str],
) -> PublicationDate | None:
    """Return the first of the dates that can be read, or else the date in the address or path; warn of the others.

    A date of which the day may be the month is read as that date says, or with the day first if the text is not in
    English; otherwise it is not read, and nothing else is.
    """
    for date in found:
        if isinstance(date, PublicationDate):
            notes += [date.warning] if date.warning else []
            return date
        if date is None:
            continue
        readings = [reading for reading in (date.day_first, date.month_first) if reading]
        if same := [reading for reading in readings if in_place and reading.at[:10] == in_place.at[:10]]:
            return same[0]
        if date.day_first and spoken not in (None, "en"):
            return date.day_first
        notes.append(date.warning)
        if readings:
            return None
    return in_place


def _date_of_dateline(dateline: str | None) -> PublicationDate | None:
    """Return the date in a dateline such as "LISBON, March 5, 2024 (Costa Wire)", if it has a year."""
    match = re.search(r" (?P<date>[^\W\d_]{3,9}\.? \d{1,2}, \d{4})", dateline or "")
    return publication_date(match["date"], "dateline") if match else None

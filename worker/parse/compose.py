"""The last step of every format: what was found in a document, checked and put together as an `Article`."""

import re
from collections.abc import Iterable

from worker.parse.article import Article
from worker.parse.body import body
from worker.parse.dates import Published
from worker.parse.format import Hint
from worker.parse.language import language
from worker.parse.storable import REPLACEMENT, UNSTORABLE
from worker.reasons import Reason, Refused

LONGEST_FIELD = 1000  # code points of a title, outlet, licence; a longer one is no such thing, and is cut
LONGEST_OUTLET = 300  # code points: outlets are looked up in an index, whose rows hold 2,704 bytes
LONGEST_URL = 2000
MOST_AUTHORS = 50
PAYWALL_WORDS = 150  # a text this short that asks for a subscription is only the teaser
PAYWALL = re.compile(  # what only a paywall says: "already a member" and "for subscribers" are news, too
    r"(?i)\b(?:subscribe (?:now )?to (?:continue|read|keep|unlock)|continue reading,? (?:this|subscribe|log|sign)"
    r"|to continue reading|already a (?:subscriber|member)\?|(?:sign|log) in to (?:continue|read|keep)"
    r"|(?:article|story|content|page) is (?:only |exclusively )?(?:for|available to) (?:paid |our )?subscribers"
    r"|(?:create|register for) (?:a|your) free account|(?:start|begin) your (?:free trial|subscription))(?!\w)"
)
NOBODY = {"", "none", "null", "nan", "n/a", "unknown", "undefined"}


def compose(
    text: str,
    hint: Hint,
    *,
    title: str | None = None,
    authors: Iterable[str] = (),
    outlet: str | None = None,
    url: str | None = None,
    date: Published | None = None,
    declared_language: str | None = None,
    licence: str | None = None,
    warnings: Iterable[str] = (),
) -> Article:
    """The article of a text and what was found beside it.

    Raises `Refused`: `too_large` beyond `max_text`, `no_text` where nothing is to be read or a paywall took it.
    """
    limit = hint.limits.max_text
    if len(text) > limit:
        raise Refused(
            Reason.TOO_LARGE,
            f"The text has {len(text):,} characters, more than {limit:,}. Split it, or raise ONRECORD_MAX_TEXT.",
        )
    notes = list(warnings)
    text, unstorable = UNSTORABLE.subn(REPLACEMENT, text)
    if unstorable:
        notes.append(f"{unstorable} NUL or lone surrogate characters were replaced by U+FFFD")
    found = body(text)
    _check_readable(text[found.start : found.end])
    return Article(
        text=text,
        body_start=found.start,
        body_end=found.end,
        title=line(title),
        dateline=found.dateline,
        licence=line(found.licence) or line(licence),
        outlet=(line(outlet) or found.outlet or "")[:LONGEST_OUTLET].strip() or None,
        url=web_address(url) or web_address(hint.url),
        authors=_people(authors),
        published_at=date.at if date else None,
        date_source=date.source if date else None,
        language=language(text[found.start : found.end], declared_language),
        warnings=tuple(notes),
    )


def line(value: object) -> str | None:
    """`value` as one trimmed line that can be stored, cut at `LONGEST_FIELD`; None where it says nothing."""
    if not isinstance(value, str):
        return None
    text = " ".join(UNSTORABLE.sub(REPLACEMENT, value[: 10 * LONGEST_FIELD]).split())[:LONGEST_FIELD]
    return None if text.lower() in NOBODY else text


def web_address(value: object) -> str | None:
    """`value` if it is an http(s) address that can be stored."""
    text = line(value) if isinstance(value, str) and len(value) <= LONGEST_URL else None
    return text if text and re.match(r"(?i)https?://[^\s/]+", text) and " " not in text else None


def _people(names: Iterable[str]) -> tuple[str, ...]:
    """The authors, each once, in order; addresses are not names."""
    people = (re.sub(r"(?i)^by\s+", "", name) for name in map(line, names) if name and not web_address(name))
    return tuple(dict.fromkeys(people))[:MOST_AUTHORS]


def _check_readable(body_text: str) -> None:
    if not any(character.isalnum() for character in body_text):
        raise Refused(Reason.NO_TEXT, "There is no text in it. If the page needs a browser, save it as text or HTML.")
    if len(body_text) < 20 * PAYWALL_WORDS and len(body_text.split()) < PAYWALL_WORDS and PAYWALL.search(body_text):
        raise Refused(
            Reason.NO_TEXT,
            "Only a paywall's teaser is there (it asks to subscribe or sign in). Drop the whole article instead.",
        )

"""The templates: every text that goes into a page is escaped, and cannot turn around what stands beside it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

HERE = Path(__file__).parent

# Controls that no page can show, overrides and isolates of the direction of writing, and lone surrogates. Marks that
# only give a direction to the letter beside them stay: Arabic and Hebrew are written with them.
UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
HITS = re.compile("[\x02\x03]")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of all pages."""
    made = Environment(
        loader=FileSystemLoader([HERE, HERE / "pages"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"marked": marked, "number": number, "day": day, "moment": moment, "link": link, "percent": percent}
    made.globals |= {"with_query": with_query, "colour": colour}
    return made


def shown(value: object) -> object:
    """Return a value for a page: nothing for None, and a text with its unshowable characters spelled as `\\uNNNN`."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def visible(text: str) -> str:
    """Return a text with every character that cannot be shown, or that would turn the text around, as `\\uNNNN`."""
    return UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def marked(text: str) -> Markup:
    """Return a text of the search, in which STX and ETX stand around each hit, with the hits as `<mark>`."""
    pieces = HITS.split(text)
    signs = HITS.findall(text)
    made = escape(visible(pieces[0]))
    is_open = False
    for sign, piece in zip(signs, pieces[1:], strict=True):
        if (sign == "\x02") != is_open:
            is_open = not is_open
            made += Markup("<mark>") if is_open else Markup("</mark>")
        made += escape(visible(piece))
    return made + Markup("</mark>") if is_open else made


def number(value: int) -> str:
    """Return a number with commas between thousands."""
    return f"{value:,}"


def percent(value: float) -> str:
    """Return a share from 0 to 1 as a percentage; only what is certain is 100 %."""
    return f"{min(round(value * 100), 99) if value < 1 else 100} %"


def day(value: date | datetime | None) -> str:
    """Return a day in UTC as people write it: 17 May 2024."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return f"{value.day} {value:%B} {value.year}"


def moment(value: datetime | None) -> str:
    """Return a moment in UTC: 17 May 2024, 08:30 UTC."""
    return f"{day(value)}, {value.astimezone(UTC):%H:%M} UTC" if value is not None else ""


def link(address: str | None) -> str | None:
    """Return an address of the web as it is; None for anything else, such as `javascript:`."""
    if not address:
        return None
    try:
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def with_query(path: str, query: Mapping[str, object], **changes: object) -> str:
    """Return an address with a query: `changes` replace values, and a value of None or an empty one is left out."""
    values = {name: value for name, value in {**query, **changes}.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(values)}" if values else path


def colour(speaker_id: int | None) -> int:
    """Return which of the eight colours a speaker has, the same one on every page; 0: no speaker."""
    return speaker_id % 8 + 1 if speaker_id is not None else 0

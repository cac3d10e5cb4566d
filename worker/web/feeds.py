"""Feeds: Atom (RFC 4287) and JSON feed (jsonfeed.org, version 1.1), made from the same entries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.web.templates import visible

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `id` and `link` are paths on the page; the id never changes."""

    id: str
    link: str
    title: str
    author: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, its own addresses as Atom and as JSON, that of the same page for people, and its entries."""

    title: str
    atom: str
    json: str
    home: str
    entries: Sequence[Entry]


def author_of(row: RowMapping) -> str:
    """Return who said a quotation, as a feed names the author of an entry."""
    return str(row["speaker"] or row["source_text"] or "nobody named")


def heading_of(row: RowMapping) -> str:
    """Return the title of an entry about a quotation: who said it, how, and where it was printed.

    The words alone would say the contrary of what a source denied.
    """
    who = row["speaker"] or row["source_text"] or "Nobody named"
    cue = f" ({row['cue']})" if row["cue"] else ""
    return ", ".join(filter(None, (who + cue, "DENIED" if row["denied"] else "", row["outlet"], row["title"])))


def as_atom(request: Request, feed: Feed) -> Response:
    """Return a feed as Atom."""
    base = str(request.base_url).rstrip("/")
    Xml.register_namespace("", ATOM)
    made = Xml.Element(f"{{{ATOM}}}feed")
    add(made, "id", base + feed.atom)
    add(made, "title", feed.title)
    add(made, "updated", max((entry.at for entry in feed.entries), default=NEVER).isoformat())
    add(made, "link", rel="self", href=base + feed.atom)
    add(made, "link", rel="alternate", href=base + feed.home)
    for entry in feed.entries:
        element = Xml.SubElement(made, f"{{{ATOM}}}entry")
        add(element, "id", base + entry.id)
        add(element, "title", entry.title)
        add(element, "updated", entry.at.isoformat())
        add(Xml.SubElement(element, f"{{{ATOM}}}author"), "name", entry.author)
        add(element, "link", rel="alternate", href=base + entry.link)
        add(element, "content", entry.words, type="text")
    body = Xml.tostring(made, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml")


def as_json(request: Request, feed: Feed) -> Response:
    """Return a feed as a JSON feed."""
    base = str(request.base_url).rstrip("/")
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": base + feed.home,
        "feed_url": base + feed.json,
        "items": [
            {
                "id": base + entry.id,
                "url": base + entry.link,
                "title": entry.title,
                "content_text": entry.words,
                "date_published": entry.at.isoformat(),
                "authors": [{"name": entry.author}],
            }
            for entry in feed.entries
        ],
    }
    return Response(json.dumps(made, ensure_ascii=False), media_type="application/feed+json")


def add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> None:
    """Add an element of Atom; characters that XML cannot hold are spelled out."""
    Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = visible(text) if text is not None else None

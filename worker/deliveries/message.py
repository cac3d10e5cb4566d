"""What a receiver is told: the deliveries of one message, with the words that reports show at this moment.

Deliveries hold no words, so what was forgotten or corrected before it was sent is never sent as it was.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from worker.report.reading import reading
from worker.store.watch_lists import Delivery

COLUMNS = (
    *("quote_id", "kind", "quote", "speaker", "source_text", "cue", "denied", "confidence", "article_id", "title"),
    *("outlet", "url", "link", "published_at", "language"),
)
"""The columns of `report.quotes` that a message has."""
QUOTATIONS = f"""
SELECT {", ".join(f"q.{name}" for name in COLUMNS)} FROM quotes q
WHERE q.quote_id IN (SELECT x.id FROM unnest(CAST(%(numbers)s AS bigint[])) AS x (id))
"""  # noqa: S608 - constants
SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery as it is told. `quotation` has `COLUMNS`; None if the quotation is withdrawn."""

    delivery: Delivery
    quotation: Mapping[str, object] | None

    def to_json(self, page: str) -> dict[str, object]:
        """Return the delivery for a webhook; `page` is the page's address, or empty."""
        told: dict[str, object] = {
            "delivery_id": self.delivery.id,
            "what": self.delivery.what,
            "quote_id": self.delivery.quote_id,
        }
        if page:
            told["page"] = permalink(page, self.delivery.quote_id)
        if self.quotation is not None:
            told["quotation"] = {name: plain(self.quotation[name]) for name in COLUMNS}
        return told


def permalink(page: str, quote_id: int) -> str:
    """Return the address of a quotation on the page."""
    return f"{page.rstrip('/')}/quotes/{quote_id}"


def plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else value


def items_of(reader: Engine, deliveries: Sequence[Delivery]) -> list[Item]:
    """Return what there is to tell of deliveries: of new quotations, those that reports still show."""
    with reading(reader, SECONDS) as asking:
        new = [delivery.quote_id for delivery in deliveries if delivery.what == "new"]
        shown = {row["quote_id"]: dict(row) for row in asking.rows(QUOTATIONS, numbers=new)} if new else {}
    return [
        Item(delivery, shown.get(delivery.quote_id) if delivery.what == "new" else None)
        for delivery in deliveries
        if delivery.what != "new" or delivery.quote_id in shown
    ]


def body_of(watch_list_id: int, watch_list: str, items: Sequence[Item], page: str) -> bytes:
    """Return the body of a message to a webhook."""
    named = {"id": watch_list_id, "name": watch_list}
    told = {"watch_list": named, "deliveries": [item.to_json(page) for item in items]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

"""Gopress (Mediargus) exports in text: a numbered list of the articles, and behind it their texts in the same order.

An entry of the list is title, publication with date, page and length, and a lead. A text begins with its date and page.
"""

import re
from dataclasses import dataclass

from worker.parse.bundles.bundle import Bundle, Documents, pieces
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.names import authors_of
from worker.reasons import Reason, Refused

DATABASE = "Gopress"
ITEM = re.compile(
    r"(?m)^[?\ufeff]?(?P<number>\d{1,5})\. (?P<title>[^\n]{1,400})\n(?:[ \t]*\n){0,2}"
    r"(?P<outlet>[^\n,]{2,80}), (?P<date>(?:[^\W\d_]{4,10} )?\d{1,2} [^\W\d_]{3,10} \d{4})"
    r"(?:, (?:blz|p|pp|pag)\. ?(?P<page>[\w/ -]{1,12}))?, (?P<words>\d{1,6}) ?w\.?[ \t]*$"
)
TEXT = re.compile(
    r"(?m)^(?P<day>\d{2})-(?P<month>\d{2})-(?P<year>\d{4}), ?(?:blz|p|pp|pag)\. ?(?P<page>[\w/ -]{1,12}?)[ \t]*$"
)
RIGHTS = re.compile(r"(?:©|\(c\)|Copyright\b).{0,200}", re.I)
MOST_MISSING = 50  # look for the entry of a text in at most so many entries ahead
UNTITLED = "artikel zonder titel"
SEPARATOR = "\n\x1c\n"
"""Between the entry of the list and the text, in the text of one document."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the list."""

    source: str
    title: str
    page: str


def looks_like(head: str) -> bool:
    """True if the beginning of a text is the list of an export of Gopress."""
    match = ITEM.search(head[:4000])
    return match is not None and not head[: match.start()].strip("?\ufeff \n\t")


def documents(text: str) -> Documents:
    """Return each entry of the list together with its text."""
    listed = list(ITEM.finditer(text))
    texts = _texts(text, listed[-1].end() if listed else 0)
    if not texts:
        raise Refused(
            Reason.MALFORMED,
            f"It is a list of {len(listed)} articles of {DATABASE} without their texts. Export it again with the"
            " full texts.",
        )
    items = [Item(match[0], match["title"], match["page"] or "") for match in listed]
    return Documents([item.source + SEPARATOR + body for item, body in _paired(items, texts)], len(listed))


def _texts(text: str, start: int) -> list[str]:
    """Return the texts behind the list, each from its date on."""
    return pieces(text, [match.start() for match in TEXT.finditer(text, start)])


def _paired(items: list[Item], texts: list[str]) -> list[tuple[Item, str]]:
    """Return each text with its entry. Both are in the same order, but a text may be missing."""
    pairs: list[tuple[Item, str]] = []
    place = 0
    for body in texts:
        missing = len(items) - place - (len(texts) - len(pairs))
        ahead = items[place : place + min(max(0, missing), MOST_MISSING) + 1]
        skipped = next((at for at, item in enumerate(ahead) if _belongs(item, body)), 0)
        if place + skipped >= len(items):
            break
        pairs.append((items[place + skipped], body))
        place += skipped + 1
    return pairs


def _belongs(item: Item, body: str) -> bool:
    return _folded(item.title) in _folded(body[:3000])


def _folded(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def read(text: str) -> Entry:
    """Return the fields of one article: an entry of the list, and its text."""
    listed, _, body = text.partition(SEPARATOR)
    item = ITEM.search(listed)
    assert item is not None
    blocks = [
        " ".join(block.split()) for block in re.split(r"\n[ \t]*\n", TEXT.sub("", body, count=1)) if block.strip()
    ]
    rights = next((block for block in blocks[-2:] if RIGHTS.fullmatch(block)), None)
    blocks = [block for block in blocks if block != rights]
    title = " ".join(item["title"].split())
    at = next((place for place, block in enumerate(blocks[:6]) if _folded(block) == _folded(title)), None)
    if at is not None:
        blocks = blocks[at + 1 :]
    return entry(
        DATABASE,
        "\n\n".join(blocks),
        title=None if title.lower() == UNTITLED else title,
        outlet=item["outlet"],
        date=item["date"],
        authors=authors_of(None),
        licence=rights,
        language=None,
    )


BUNDLE = Bundle(database=DATABASE, documents=documents, read=read)

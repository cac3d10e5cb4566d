"""The text of one field of a record or feed: plain, HTML, with character references, in pieces or in an object."""

import re
from collections.abc import Iterator

from worker.parse.pages import markup
from worker.parse.pages.markup import looks_like_markup, plain_text

TWICE = 2  # programs escape twice by mistake, and hardly ever more often
MOST_LEVELS = 6  # look for the text of an object so deep
# In an object that stands for a text, under one of these keys (WordPress, Drupal, XML that became JSON, …).
INNER = (
    *("rendered", "processed", "value", "html", "plain", "text", "content", "paragraph", "#text", "$t", "_text"),
    *("__text", "__cdata", "#cdata-section", "body", "raw"),
)
PIECES = ("blocks", "paragraphs", "content_elements", "children", "elements", "content")
NO_TEXT_TYPE = re.compile(
    r"(?i)image|picture|photo|video|audio|gallery|caption|embed|advert|^ads?$|link|social|related"
)
NOT_A_PIECE = frozenset(
    (
        *("title", "headline", "webtitle", "article_title", "articletitle", "title_page", "url", "link", "weburl"),
        *("author", "authors", "published_at", "publishedat", "date_published", "datepublished"),
    )
)
"""A list of objects with one of these keys is a list of articles, not of the paragraphs of one."""
WEAK_TITLES = frozenset(("name", "heading"))
"""So may the sections of an article be titled, too, or what its speakers say."""


def decoded_references(text: str) -> str:
    """Return the text with its character references decoded, also of references that were escaped once more."""
    for _ in range(TWICE):
        text = markup.decoded_references(text)
    return text


def clean(value: str) -> str:
    """Return the text of a string that may be HTML, or plain text with character references in it."""
    if looks_like_markup(value):
        return plain_text(value)
    decoded = decoded_references(value)
    return plain_text(decoded) if decoded != value and looks_like_markup(decoded) else decoded


def field_text(value: object, depth: int = 0) -> str | None:
    """Return the text of a value: a string, a list of paragraphs, or an object that holds it; None for any other."""
    if isinstance(value, str):
        return clean(value)
    if depth < MOST_LEVELS and isinstance(value, list) and value:
        pieces = [field_text(piece, depth + 1) for piece in value if not _is_beside(piece)]
        if is_pieces(value):
            return "\n\n".join(piece.strip() for piece in pieces if piece and piece.strip())
    if depth < MOST_LEVELS and isinstance(value, dict):
        return _object_text(value, depth)
    return None


def is_pieces(value: object) -> bool:
    """True for a list of paragraphs: of strings, or of objects that hold nothing but a text."""
    if not isinstance(value, list):
        return False
    return all(
        isinstance(piece, str) or (isinstance(piece, dict) and NOT_A_PIECE.isdisjoint(map(str.lower, piece)))
        for piece in value
    )


def is_weakly_titled(value: object) -> bool:
    """True for a list of objects that each have a text, and a title that a section may have as well as an article."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(piece, dict) and _has_weak_title(piece) for piece in value)
    )


def _has_weak_title(piece: dict[str, object]) -> bool:
    keys = set(map(str.lower, piece))
    has_text = any(isinstance(each, str) and key.lower() in INNER for key, each in piece.items())
    return has_text and not WEAK_TITLES.isdisjoint(keys) and keys.isdisjoint(("type", "_type"))


def holds_text(value: object, depth: int = 0) -> bool:
    """True if `field_text` would most likely return a text. No HTML is read for this answer."""
    if isinstance(value, str):
        return any(map(str.isalnum, value))
    if depth >= MOST_LEVELS:
        return False
    if isinstance(value, list):
        return is_pieces(value) and any(holds_text(piece, depth + 1) for piece in value if not _is_beside(piece))
    if isinstance(value, dict):
        return any(holds_text(each, depth + 1) for each in _texts_in(value))
    return False


def _object_text(value: dict[str, object], depth: int) -> str | None:
    if isinstance(value.get("sections"), list):
        return _sections(value)
    for each in _texts_in(value):
        text = field_text(each, depth + 1)
        if text is not None and text.strip():
            return text
    return None


def _texts_in(value: dict[str, object]) -> Iterator[object]:
    """Yield what may be the text of an object, the likeliest first."""
    sections = value.get("sections")
    if isinstance(sections, list):
        yield from _section_blocks(value)
    yield from (value[key] for key in INNER if isinstance(value.get(key), str))
    yield from (value[key] for key in PIECES if isinstance(value.get(key), list))
    yield from (value[key] for key in ("data", *INNER) if isinstance(value.get(key), dict))


def _sections(body: dict[str, object]) -> str:
    """Return the text of an object with `sections` (fundus): the summary, then headline and paragraphs of each."""
    lists = ([block] if isinstance(block, str) else block for block in _section_blocks(body))
    return "\n\n".join(
        clean(piece)
        for pieces in lists
        if isinstance(pieces, list)
        for piece in pieces
        if isinstance(piece, str) and piece.strip()
    )


def _section_blocks(body: dict[str, object]) -> Iterator[object]:
    yield body.get("summary")
    sections = body.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            yield section.get("headline")
            yield section.get("paragraphs")


def _is_beside(piece: object) -> bool:
    """True for a piece that is a picture, a film or an advertisement, with its caption."""
    kind = piece.get("type") or piece.get("_type") if isinstance(piece, dict) else None
    return isinstance(kind, str) and NO_TEXT_TYPE.search(kind) is not None

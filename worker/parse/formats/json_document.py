"""JSON: one article or many.

Many articles are an array, `{publisher: [articles]}` (the crawler fundus), `{"articles": […]}` (APIs), or JSON Lines.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Article, Member
from worker.parse.decoding import decode
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats import json_lines
from worker.parse.json_values import MEDIA_TYPE, dump, load
from worker.parse.reading import chained, read_up_to
from worker.parse.record import article, has_text, has_text_column
from worker.reasons import Reason, Refused

# Keys that programs use for a list of articles; any other key of a list is the name of a publisher (fundus).
WRAPPERS = frozenset(
    (
        "articles",
        "article",
        "items",
        "item",
        "results",
        "result",
        "data",
        "docs",
        "documents",
        "entries",
        "posts",
        "news",
    )
)

LONGEST_PUBLISHER = 50  # keep at most this many code points of a publisher's name, which each of its articles repeats
LONGEST_NAME = 20  # and at most this many of them in the name of each article
# Other formats (RTF, INI files) begin with such a bracket, too. The NULs are those of UTF-16.
BEGINNING = re.compile(rb"[\s\0]*(?:\{[\s\0]*[\"}]|\[[\s\0]*[\[{\]])")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in one JSON object. Raise `Refused(no_article)` for any other value."""
    decoded = decode(raw, hint.charset)
    value = load(decoded.text)
    if not isinstance(value, dict):
        raise Refused(Reason.NO_ARTICLE, "It is JSON, but no object with an article's fields.")
    return article(value, hint, decoded.warnings)


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the articles of a JSON file. If the file is one article, the member has the bytes of the file."""
    raw = read_up_to(stream, limits.max_article_bytes + 1)
    is_whole = len(raw) <= limits.max_article_bytes
    if _is_lines(raw):
        yield from json_lines.split(chained(raw, stream), name, limits)
    elif is_whole:
        yield from _from_memory(raw)
    else:
        yield from _streamed(chained(raw, stream))


def _is_lines(raw: bytes) -> bool:
    """True if the first line is a whole JSON object, and another object or array follows."""
    first, _, rest = raw.lstrip().partition(b"\n")
    if not rest.lstrip().startswith((b"{", b"[")) or not first.startswith(b"{"):
        return False
    try:
        load(first)
    except (Refused, UnicodeDecodeError):
        return False
    return True


def _from_memory(raw: bytes) -> Iterator[Member]:
    """Yield the articles of a file that is held in memory."""
    value = load(decode(raw).text)
    if isinstance(value, dict) and (has_text(value) or not any(map(_has_objects, value.values()))):
        yield Member(raw, MEDIA_TYPE)
        return
    lists = {None: value} if isinstance(value, list) else value if isinstance(value, dict) else {}
    for key, elements in lists.items():
        if isinstance(elements, list):
            for number, element in enumerate(elements, 1):
                yield _member(key, number, element)


def _has_objects(value: object) -> bool:
    """True for a list with at least one object."""
    return isinstance(value, list) and any(isinstance(element, dict) for element in value)


def _member(key: str | None, number: int, element: object) -> Member:
    """Return one element of a list as a member; `key` is the key of the list. A publisher becomes the outlet."""
    publisher = key[:LONGEST_PUBLISHER] if key is not None and key.lower() not in WRAPPERS else None
    if publisher is not None and isinstance(element, dict) and has_text_column(element):
        element = {"outlet": publisher, **element}
    name = str(number) if publisher is None else f"{publisher[:LONGEST_NAME]}:{number}"
    try:
        return Member(dump(element), MEDIA_TYPE, name)
    except Refused as refusal:
        return Member(b"", MEDIA_TYPE, name, refusal.reason, refusal.message)


def _streamed(stream: BinaryIO) -> Iterator[Member]:
    """Yield the articles of a file too large for memory: the elements of its array, or of all arrays in its object."""
    import ijson  # type: ignore[import-untyped]

    key: str | None = None
    number, builder, inside = 0, None, ""
    try:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if builder is not None:
                builder.event(event, value)
                if prefix == inside and event in ("end_map", "end_array"):
                    number += 1
                    yield _member(key, number, builder.value)
                    builder = None
            elif prefix == "" and event == "map_key":
                key, number = value, 0
            elif event == "start_map" and prefix in ("item", f"{key}.item"):
                builder, inside = ijson.ObjectBuilder(), prefix
                builder.event(event, value)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise Refused(Reason.MALFORMED, f"The JSON is broken after {number} articles: {error}.") from error


FORMAT = Format(
    name="JSON file",
    extensions=(".json",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: BEGINNING.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)

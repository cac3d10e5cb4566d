"""JSON: one article or many.

Many articles are in an array or object at any depth, or JSON Lines.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.article import Article, Member
from worker.parse.decoding import decode
from worker.parse.format import Format, Hint, Limits
from worker.parse.formats import json_lines
from worker.parse.reading import chained, read_up_to
from worker.parse.records.json_values import MEDIA_TYPE, dump, load
from worker.parse.records.record import article
from worker.parse.records.record_finding import Found, articles, publisher_of, with_publisher
from worker.parse.records.record_heading import is_heading
from worker.parse.records.record_lists import refuse_titles
from worker.parse.records.record_text import has_text, has_title, is_article
from worker.reasons import Reason, Refused

MOST_KEYS = 10_000  # remember so many keys of a large file, which may name publishers
LONGEST_NAME = 20  # keep at most this many code points of a publisher's name in the name of each article
# Other formats (RTF, INI files) begin with such a bracket, too. The NULs are those of UTF-16.
BEGINNING = re.compile(rb"[\s\0]*(?:\{[\s\0]*[\"}]|\[[\s\0]*[\[{\]])")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in one JSON object. Raise `Refused(no_article)` for any other value."""
    decoded = decode(raw, hint.charset)
    value = load(decoded.text)
    if not isinstance(value, dict):
        raise Refused(Reason.NO_ARTICLE, "It is JSON, but no object with an article's fields.")
    if not has_text(value) and len(found := articles(value)) == 1 and isinstance(found[0].element, dict):
        value = found[0].element
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
    if isinstance(value, dict) and has_text(value) and not is_heading(value):
        yield Member(raw, MEDIA_TYPE)
        return
    found = articles(value)
    if not found:
        refuse_titles(value)
        found = _elements(value)
    if not found and isinstance(value, dict):
        yield Member(raw, MEDIA_TYPE)
    elif len(found) == 1 and not found[0].in_list:
        yield Member(dump(found[0].element), MEDIA_TYPE)
    else:
        yield from _numbered(found)


def _elements(value: object) -> list[Found]:
    """Return the elements of the lists in a value without articles. Parsing tells what is wrong with each."""
    if isinstance(value, list):
        return [Found(element) for element in value]
    lists = value.items() if isinstance(value, dict) else ()
    if not any(_has_objects(elements) for _, elements in lists):
        return []
    return [Found(element, key) for key, elements in lists if isinstance(elements, list) for element in elements]


def _has_objects(value: object) -> bool:
    """True for a list with at least one object."""
    return isinstance(value, list) and any(isinstance(element, dict) for element in value)


def _numbered(found: list[Found]) -> Iterator[Member]:
    """Yield the elements as members, numbered for each publisher from 1."""
    numbers: Counter[str | None] = Counter()
    for each in found:
        publisher = publisher_of(each.publisher)
        numbers[publisher] += 1
        yield _member(publisher, numbers[publisher], each.element)


def _member(publisher: str | None, number: int, element: object) -> Member:
    """Return one element of a list as a member. Its publisher becomes the outlet."""
    name = str(number) if publisher is None else f"{publisher[:LONGEST_NAME]}:{number}"
    try:
        return Member(dump(with_publisher(element, publisher)), MEDIA_TYPE, name)
    except Refused as refusal:
        return Member(b"", MEDIA_TYPE, name, refusal.reason, refusal.message)


def _streamed(stream: BinaryIO) -> Iterator[Member]:
    """Yield the articles of a file too large for memory: the elements of the arrays in it, each with what is inside."""
    import ijson  # type: ignore[import-untyped]

    keys: dict[str, str] = {}
    numbers: Counter[str | None] = Counter()
    builder, inside = None, ""
    try:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if builder is not None:
                builder.event(event, value)
                if prefix == inside and event == "end_map":
                    key = keys.get(inside)
                    publisher = publisher_of(key)
                    is_sure = inside == "item" or (key is not None and publisher is None)
                    for element in _inside(builder.value, is_sure=is_sure):
                        numbers[publisher] += 1
                        yield _member(publisher, numbers[publisher], element)
                    builder = None
            elif event == "map_key" and prefix == "" and len(keys) < MOST_KEYS:
                keys[f"{value}.item"] = value
            elif event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                builder, inside = ijson.ObjectBuilder(), prefix
                builder.event(event, value)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        total = numbers.total()
        raise Refused(Reason.MALFORMED, f"The JSON is broken after {total} articles: {error}.") from error


def _inside(element: object, *, is_sure: bool) -> list[object]:
    """Return an element of an array, or the articles that are deeper inside of it; nothing for a tag or the like.

    `is_sure` is True for an array that must be one of articles.
    """
    if not (isinstance(element, dict) and is_heading(element)):
        if is_article(element) or (is_sure and has_text(element)):
            return [element]
        if has_text(element):
            return []
    deeper = [each.element for each in articles(element)]
    return deeper or ([element] if is_sure or has_title(element) else [])


FORMAT = Format(
    name="JSON file",
    extensions=(".json",),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: BEGINNING.match(head) is not None,
    parse=parse,
    split=split,
    by_content=True,
)

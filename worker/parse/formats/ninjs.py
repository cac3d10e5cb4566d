"""ninjs 1 to 3, the JSON of agencies, and the items of AP's Media API, which are made after it."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from worker.parse.agencies.bodies import text_of, text_of_string
from worker.parse.agencies.item import Item, article_of, is_withdrawal
from worker.parse.agencies.trees import tree
from worker.parse.article import Article, Member
from worker.parse.compose import one_line
from worker.parse.decoding import Decoded, decode
from worker.parse.format import Format, Hint, Limits
from worker.parse.reading import read_whole
from worker.parse.records.json_values import dump, load
from worker.reasons import Reason, Refused

MEDIA_TYPE = "application/vnd.iptc.ninjs+json"
BEGINNING = re.compile(rb"\s*[\[{]\s*[\[{\"]")
VERSION = re.compile(rb'"versioncreated"\s*:')
IDENTITY = re.compile(rb'"(?:uri|guid|altids)"\s*:')
TEXT = re.compile(rb'"(?:body_\w{1,30}|bodies|headlines?|pubstatus)"\s*:')
BODIES = ("body_xhtml", "body_html", "body_html5", "body_richhtml5", "body_text", "body_nitf", "body_xml")
DEEPEST = 6  # look for items in lists and objects at most this deep
NOT_INSIDE = frozenset(("associations", "renditions", "subject", "subjects", "place", "places", "person", "people"))
TEXT_TYPES = (None, "text", "composite", "advisory", "article")
AP_ADVICE = (
    "The item has no text. Download its text (renditions.nitf in it has the address), and drop that NITF file instead."
)

Fields = dict[str, object]


def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    """Yield the items of a file: it is one item, or has a list of them at any depth, or has one item in each line."""
    raw = read_whole(stream, limits.max_article_bytes, "ONRECORD_MAX_ARTICLE_BYTES")
    value = _value(decode(raw))
    if isinstance(value, dict) and _is_item(value):
        yield Member(raw, MEDIA_TYPE)
        return
    found = [item for item in _items(value, 0) if item.get("type") in TEXT_TYPES]
    if not found:
        raise Refused(Reason.NO_ARTICLE, "It has no item with a text: pictures, films and events have none.")
    for number, item in enumerate(found, 1):
        yield Member(dump(item), MEDIA_TYPE, str(number))


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article of an item. Raise `Refused`: `no_text` or `no_article` if it has no text, or `malformed`."""
    decoded = decode(raw, hint.charset)
    fields = next(_items(_value(decoded), 0), None)
    if fields is None:
        raise Refused(Reason.NO_ARTICLE, "It is JSON, but no item of an agency.")
    item = _item(fields)
    item.warnings = decoded.warnings
    if not item.text and not item.is_withdrawn and isinstance(fields.get("renditions"), dict):
        raise Refused(Reason.NO_TEXT, AP_ADVICE)
    return article_of(item, hint, "ninjs")


def _item(fields: Fields) -> Item:
    """Return the fields of an item."""
    alternatives = fields.get("altids")
    item_id = alternatives.get("itemid") if isinstance(alternatives, dict) else None
    return Item(
        text=_text(fields),
        title=_words(fields.get("headlines")) or _words(fields.get("headline")) or _words(fields.get("title")),
        by_lines=[line for line in (_words(fields.get("by")), _words(fields.get("byline"))) if line],
        dateline=_words(fields.get("dateline")) or _words(fields.get("located")),
        outlet=_first(fields, "creditline", "source", "provider", "infosources", "copyrightholder"),
        first_created=_words(fields.get("firstcreated")),
        version_created=_words(fields.get("versioncreated")),
        language=_words(fields.get("language")),
        licence=_first(fields, "copyrightnotice", "usageterms"),
        section=_words(fields.get("service")),
        identifier=_first({"id": item_id, **fields}, "id", "guid", "uri") if item_id else _first(fields, "guid", "uri"),
        version=_version(fields.get("version")),
        note=_words(fields.get("ednote")),
        is_withdrawn=is_withdrawal(_words(fields.get("pubstatus"))),
    )


def _text(fields: Fields) -> str:
    """Return the text of the first body that has one: those with mark-up tell paragraphs apart, so they come first."""
    bodies = [(name, fields.get(name)) for name in BODIES]
    listed = fields.get("bodies")
    for body in listed if isinstance(listed, list) else []:
        if isinstance(body, dict):
            bodies.append((str(body.get("contenttype") or body.get("role") or "text"), body.get("value")))
    bodies[len(BODIES) :] = sorted(bodies[len(BODIES) :], key=lambda named: "html" not in named[0])
    for name, value in bodies:
        if isinstance(value, str) and value.strip() and (text := _text_of_body(name, value)):
            return text
    return ""


def _text_of_body(name: str, value: str) -> str:
    """Return the text of one body; XML that is none has no text."""
    if "nitf" in name or "xml" in name.replace("xhtml", ""):
        try:
            return text_of(tree(value.encode("utf-8", "replace")).root)
        except Refused:
            return ""
    return text_of_string(value, is_markup="html" in name)


def _words(value: object) -> str | None:
    """Return the words of a value: a string, an object with `value` or `name`, or the main one of a list of these."""
    if isinstance(value, list):
        objects = [each for each in value if isinstance(each, dict)]
        main = [each for each in objects if each.get("role") in (None, "main")]
        return next(filter(None, map(_words, [*main, *value])), None)
    if isinstance(value, dict):
        value = value.get("value") or value.get("name")
    return one_line(value)


def _first(fields: Fields, *names: str) -> str | None:
    """Return the words of the first field that has some."""
    return next(filter(None, (_words(fields.get(name)) for name in names)), None)


def _version(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _is_item(fields: Fields) -> bool:
    """True for an object with the fields of an item."""
    names = {name.lower() for name in fields}
    return "versioncreated" in names and bool(names & {"uri", "guid", "altids"})


def _items(value: object, depth: int) -> Iterator[Fields]:
    """Yield the items in a value; what belongs to an item, such as its pictures, is none."""
    if isinstance(value, dict) and _is_item(value):
        yield value
    elif depth < DEEPEST:
        inner = value if isinstance(value, list) else []
        if isinstance(value, dict):
            inner = [each for name, each in value.items() if name not in NOT_INSIDE]
        for each in inner:
            if isinstance(each, dict | list):
                yield from _items(each, depth + 1)


def _value(decoded: Decoded) -> object:
    """Return the value of a JSON text; for JSON Lines, the list of the values."""
    try:
        return load(decoded.text)
    except Refused:
        lines = [line for line in decoded.text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise
        return [load(line) for line in lines]


def _sniff(head: bytes) -> bool:
    return (
        BEGINNING.match(head) is not None
        and VERSION.search(head) is not None
        and IDENTITY.search(head) is not None
        and TEXT.search(head) is not None
    )


FORMAT = Format(
    name="ninjs item",
    extensions=(".ninjs",),
    shared_extensions=(".json",),
    media_types=(MEDIA_TYPE,),
    sniff=_sniff,
    parse=parse,
    split=split,
    by_content=True,
    narrow=True,
)

"""Splitting a message of an agency into its items."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from worker.parse.agencies.trees import tree
from worker.parse.article import Member
from worker.parse.documents.elements import local
from worker.parse.format import Limits
from worker.parse.reading import read_whole
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.etree import _Element


def first_item(
    raw: bytes, name: str, is_wanted: Callable[["_Element"], bool], message: str
) -> tuple["_Element", tuple[str, ...]]:
    """Return the first item of a message with this name that is wanted, and the warnings about the message's XML.

    Raise `Refused`: `no_article` if no item is wanted, `malformed` or `bomb`.
    """
    found = tree(raw)
    item = next((element for element in found.root.iter() if local(element) == name and is_wanted(element)), None)
    if item is None:
        raise Refused(Reason.NO_ARTICLE, f"The {message} message has no item with a text.")
    return item, found.warnings


def split_items(
    stream: BinaryIO, limits: Limits, media_type: str, name: str, is_wanted: Callable[["_Element"], bool]
) -> Iterator[Member]:
    """Yield the items of a message with this name that are wanted, numbered from 1.

    If the message has one item, the member has the bytes of the file, and no name. Raise `Refused(no_article)` if none
    of its items is wanted.
    """
    from lxml import etree

    raw = read_whole(stream, limits.max_article_bytes, "ONRECORD_MAX_ARTICLE_BYTES")
    found = tree(raw)
    items = [element for element in found.root.iter() if local(element) == name]
    wanted = [item for item in items if is_wanted(item)]
    if not wanted:
        raise Refused(Reason.NO_ARTICLE, "The message has no item with a text: pictures, films and lists have none.")
    if len(items) == 1 or (len(wanted) == 1 and found.warnings):
        yield Member(raw, media_type)
        return
    for number, item in enumerate(wanted, 1):
        yield Member(etree.tostring(item, encoding="utf-8", with_tail=False), media_type, str(number))

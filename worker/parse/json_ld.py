"""Reading the JSON-LD (schema.org) of a page: the best source for the title, date, authors and outlet."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from worker.parse.json_values import load
from worker.reasons import Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = 2_000_000  # ignore a script with more characters: it does not describe an article
MOST_NODES = 5000  # look at no more than this many values of one script
ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")

Node = dict[str, object]  # one JSON object


def article_node(root: "HtmlElement") -> Node:
    """Return the first JSON-LD object of the page that describes an article, or an empty object."""
    for script in root.iterfind(".//script[@type]"):
        if "ld+json" not in (script.get("type") or "").lower() or len(script.text or "") > LONGEST:
            continue
        try:
            value = load(_unwrapped(script.text or ""))
        except Refused:
            continue
        for node in _nodes(value):
            if any(ARTICLE_TYPE.search(kind) for kind in _strings(node.get("@type"))):
                return node
    return {}


def first_text(value: object) -> str | None:
    """Return the first of the `names` in `value`, or None if it has no name."""
    return next(names(value), None)


def names(value: object) -> Iterator[str]:
    """Yield the names in a string, in an object with `name`, `url` or `@id`, or in a list of these.

    HTML entities are decoded.
    """
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") or item.get("url") or item.get("@id") if isinstance(item, dict) else item
        if isinstance(name, list):
            name = next(iter(_strings(name)), None)
        if isinstance(name, str) and name.strip():
            yield html.unescape(name)


def _unwrapped(script: str) -> str:
    """Return the script without the comment or CDATA marks that old pages put around it. Each end is checked once."""
    bare = script.strip().removesuffix(";").rstrip()
    bare = bare.removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//")
    bare = bare.removeprefix("//").lstrip()
    return bare.removeprefix("<!--").removeprefix("<![CDATA[")


def _nodes(value: object) -> Iterator[Node]:
    """Yield all objects in the value, outer objects first."""
    queue = [value]
    for count, item in enumerate(queue):
        if count > MOST_NODES:
            return
        if isinstance(item, dict):
            yield item
            queue.extend(child for child in item.values() if isinstance(child, dict | list))
        elif isinstance(item, list):
            queue.extend(child for child in item if isinstance(child, dict | list))


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]

"""What pages say of themselves in JSON-LD (schema.org), the best source of title, date, authors and outlet."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from worker.parse.json_values import load
from worker.reasons import Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = 2_000_000  # characters of one script; longer ones are no description of an article
MOST_NODES = 5000
ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")

Node = dict[str, Any]


def article_node(root: "HtmlElement") -> Node:
    """The first JSON-LD object of the page that describes an article; empty where none does."""
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


def words(value: object) -> str | None:
    """A string of the node, its HTML entities undone; of a list or object, the first name in it."""
    return next(names(value), None)


def names(value: object) -> Iterator[str]:
    """The names in a string, an object with `name` or `@id`, or a list of them."""
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") or each.get("url") or each.get("@id") if isinstance(each, dict) else each
        if isinstance(name, list):
            name = next(iter(_strings(name)), None)
        if isinstance(name, str) and name.strip():
            yield html.unescape(name)


def _unwrapped(script: str) -> str:
    """The script without the comment or CDATA marks that old pages put around it; one look at each end of it."""
    bare = script.strip().removesuffix(";").rstrip()
    bare = bare.removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//")
    bare = bare.removeprefix("//").lstrip()
    return bare.removeprefix("<!--").removeprefix("<![CDATA[")


def _nodes(value: object) -> Iterator[Node]:
    """All objects in the value, nearest to the top first."""
    queue = [value]
    for seen, each in enumerate(queue):
        if seen > MOST_NODES:
            return
        if isinstance(each, dict):
            yield each
            queue.extend(child for child in each.values() if isinstance(child, dict | list))
        elif isinstance(each, list):
            queue.extend(child for child in each if isinstance(child, dict | list))


def _strings(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]

"""Reading the JSON-LD (schema.org) of a page: the best source for the date, the authors and the outlet."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worker.parse.facts.fields import one_line, web_address
from worker.parse.facts.titles import agrees
from worker.parse.pages import json_mending

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST = 2_000_000  # ignore a script with more characters: it does not describe an article
MOST_NODES = 5000  # look at no more than this many values of one script
DEEPEST = 4  # follow no more than this many references
ARTICLE_TYPE = re.compile(r"(?:Article|(?<!Job)Posting|Report)$")
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "CreativeWork", "Review", "MediaReview", "ClaimReview", "Statement"))
SITE_TYPES = frozenset(("WebSite", "NewsMediaOrganization", "Newspaper", "Periodical", "PublicationIssue", "Blog"))
PUBLISHERS = ("publisher", "sourceOrganization", "provider")
PERSON, BODY = "Person", "Organization"
ORGANISATION = re.compile(r"(?:Organization|Corporation|Newspaper|Periodical|Business|WebSite|Brand)$")
OTHERS = frozenset((
    *("itemListElement", "hasPart", "relatedLink", "mentions", "citation", "isBasedOn", "comment", "comments"),
    *("review", "video", "image", "associatedMedia", "potentialAction", "offers", "workExample", "subjectOf"),
    *("significantLink", "blogPost", "blogPosts", "liveBlogUpdate", "isRelatedTo", "isSimilarTo", "recommendation"),
    *("related", "relatedArticle", "breadcrumb", "suggestedAnswer", "acceptedAnswer"),
))  # fmt: skip
"""Keys of what is not the article, but belongs to it or stands beside it."""

Node = dict[str, object]  # one JSON object


@dataclass(frozen=True, slots=True)
class Described:
    """What the JSON-LD says about the article of a page: its own object, that of the page, and all others by `@id`."""

    node: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    sites: tuple[str, ...] = ()
    known: dict[str, Node] = field(default_factory=dict)

    def value(self, *names: str) -> object:
        """Return the first of these fields that the article has, or else that its page has."""
        for node in (self.node, self.page):
            for name in names:
                if node.get(name):
                    return node[name]
        return None

    def text(self, *names: str) -> str | None:
        """Return the first of these fields as one line, with its character references decoded."""
        return first_text(self.value(*names))

    def authors(self) -> list[str]:
        """Return the names of the authors; those of bodies only if no person is named."""
        named = list(self._named(self.value("author", "creator"), 0))
        return [name for name, kind in named if kind != BODY] or [name for name, _ in named]

    def publishers(self) -> list[str]:
        """Return the names of the publisher; not that of a person, who may publish alone on a site with a name."""
        named = (each for name in PUBLISHERS for each in self._named(self.value(name), 0))
        return [name for name, kind in named if kind != PERSON]

    def site(self) -> str | None:
        """Return the name of the site that the article is a part of; or that of the only site that is described."""
        part: object = self.value("isPartOf")
        for _ in range(DEEPEST):
            part = next(self._resolved(part), None)
            if part is None:
                break
            if _types(part) & SITE_TYPES and (name := first_text(part.get("name"))):
                return name
            part = part.get("isPartOf")
        return self.sites[0] if len(set(self.sites)) == 1 else None

    def _resolved(self, value: object) -> Iterator[Node]:
        """Yield the objects in a value; a reference to another object becomes that object."""
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item in self.known:
                yield self.known[item]
            elif isinstance(item, dict):
                identity = item.get("@id")
                other = self.known.get(identity) if isinstance(identity, str) else None
                yield {**other, **item} if other else item

    def _named(self, value: object, depth: int) -> Iterator[tuple[str, str]]:
        """Yield each name in a value, and whether it is that of a person, of a body, or of what is not said."""
        if depth > DEEPEST:
            return
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list):
                yield from self._named(item, depth + 1)
            elif isinstance(item, str) and item not in self.known and (text := one_line(html.unescape(item))):
                yield text, ""
            for node in self._resolved(item):
                name = node.get("name") or node.get("alternateName") or node.get("legalName")
                is_body = any(ORGANISATION.search(each) for each in _types(node))
                kind = PERSON if PERSON in _types(node) else BODY if is_body else ""
                yield from ((text, kind) for text in names(name))


def described(root: "HtmlElement", titles: Sequence[str], addresses: Sequence[str]) -> Described:
    """Return what the page's JSON-LD says about its article.

    `titles` are the headlines that the page shows or declares, and `addresses` its own: they tell the article from
    others that the page only names.
    """
    nodes = list(_all_nodes(root))
    known: dict[str, Node] = {}
    for node, _ in nodes:
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > len(known.get(identity, {})):
            known[identity] = node
    articles = [
        (_score(node, is_other, titles, addresses), -number, node)
        for number, (node, is_other) in enumerate(nodes)
        if any(ARTICLE_TYPE.search(kind) for kind in _types(node))
    ]
    score, _, article = max(articles, key=lambda each: each[:2], default=(-1, 0, {}))
    pages = [
        (_score(node, is_other, titles, addresses), -number, node)
        for number, (node, is_other) in enumerate(nodes)
        if _types(node) & PAGE_TYPES and not is_other
    ]
    page_score, _, page = max(pages, key=lambda each: each[:2], default=(-1, 0, {}))
    sites = [first_text(node.get("name")) for node, is_other in nodes if not is_other and _types(node) & SITE_TYPES]
    return Described(article if score >= 0 else {}, page if page_score >= 0 else {}, tuple(filter(None, sites)), known)


def first_text(value: object) -> str | None:
    """Return the first of the `names` in `value` as one line, or None if it has no name."""
    return one_line(next(names(value), None))


def names(value: object) -> Iterator[str]:
    """Yield the names in a string, in an object with `name`, `@value`, `url` or `@id`, or in a list of these.

    HTML entities are decoded.
    """
    for item in value if isinstance(value, list) else [value]:
        name = item
        if isinstance(item, dict):
            name = item.get("name") or item.get("@value") or item.get("url") or item.get("@id")
        if isinstance(name, list):
            name = next(iter(_strings(name)), None)
        if isinstance(name, str) and name.strip():
            yield html.unescape(name)


def same_address(one: str, other: str) -> bool:
    """True if two addresses are those of one page: without scheme, "www", query, fragment and the last slash."""
    return _place(one) == _place(other)


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    path = re.sub(r"/(?:amp/?)?$|\.(?:amp|html?)$", "", parts.path)
    return re.sub(r"^(?:www|m|amp)\.", "", parts.netloc.lower()), path.rstrip("/")


def _all_nodes(root: "HtmlElement") -> Iterator[tuple[Node, bool]]:
    """Yield all objects of all scripts, outer objects first, and True for what only stands beside the article."""
    for script in root.iterfind(".//script[@type]"):
        if "ld+json" in (script.get("type") or "").lower() and len(script.text or "") <= LONGEST:
            for value in json_mending.values(script.text or ""):
                yield from _nodes(value)


def _nodes(value: object) -> Iterator[tuple[Node, bool]]:
    queue: list[tuple[object, bool]] = [(value, False)]
    for count, (item, is_other) in enumerate(queue):
        if count > MOST_NODES:
            return
        if isinstance(item, dict):
            yield item, is_other
            queue.extend(
                (child, is_other or name in OTHERS) for name, child in item.items() if isinstance(child, dict | list)
            )
        elif isinstance(item, list):
            queue.extend((child, is_other) for child in item if isinstance(child, dict | list))


def _score(node: Node, is_other: bool, titles: Sequence[str], addresses: Sequence[str]) -> int:
    """Return how likely an object describes the article of the page itself; less than 0 if it does not."""
    score = -6 if is_other else 0
    own = [first_text(node.get(name)) for name in ("headline", "name", "alternativeHeadline", "alternateName")]
    headlines = [text for text in own if text]
    if headlines and titles:
        score += 4 if any(agrees(one, other) for one in headlines for other in titles) else -2
    linked = [first_text(node.get(name)) for name in ("url", "@id", "mainEntityOfPage")]
    links = [link.partition("#")[0] for link in linked if link and web_address(link)]
    if links and addresses:
        score += 4 if any(same_address(one, other) for one in links for other in addresses) else -3
    return score + sum(bool(node.get(name)) for name in ("datePublished", "author", "articleBody"))


def _types(node: Node) -> set[str]:
    """Return the types of an object, without the address of schema.org."""
    return {re.split(r"[/:#]", kind)[-1] for kind in _strings(node.get("@type"))}


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]

"""Title, date, authors, outlet and address of an HTML page: JSON-LD, then OpenGraph and meta, then what is printed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.parse.compose import line, web_address
from worker.parse.dates import Published, published
from worker.parse.json_ld import Node, article_node, names, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "publishdate", "publish_date", "pubdate"),
    *("parsely-pub-date", "sailthru.date", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date", "date"),
    *("cxenseparse:recs:publishtime", "published_time", "publication_date"),
)
AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
OUTLETS = ("og:site_name", "application-name", "publisher", "dc.publisher")
SAVED_FROM = re.compile(r"(?i)saved from url=\(\d+\)(https?://\S+)|\burl: (https?://\S+)")


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page says of the article on it."""

    title: str | None
    date: Published | None
    authors: tuple[str, ...]
    outlet: str | None
    url: str | None
    language: str | None
    licence: str | None
    body: str | None  # JSON-LD's articleBody


def page_head(root: "HtmlElement") -> PageHead:
    """The head of the page; on 84 pages of known answers these orders were right most often (notes/formats.md)."""
    node, meta = article_node(root), _meta(root)
    outlet = line(words(node.get("publisher"))) or _first(meta, OUTLETS)
    return PageHead(
        title=_without_outlet(
            line(words(node.get("headline"))) or meta.get("og:title") or _printed_title(root), outlet
        ),
        date=_date(root, node, meta),
        authors=tuple(names(node.get("author"))) or _bylines(_first(meta, AUTHORS)),
        outlet=None if web_address(outlet) else outlet,
        url=_address(root, node, meta),
        language=line(words(node.get("inLanguage"))) or root.get("lang") or meta.get("og:locale"),
        licence=line(words(node.get("license"))) or _licence(root),
        body=node["articleBody"] if isinstance(node.get("articleBody"), str) else None,
    )


def _meta(root: "HtmlElement") -> dict[str, str]:
    """The page's meta elements by lower-case property, name or itemprop; the first of a name stays."""
    found: dict[str, str] = {}
    for element in root.iterfind(".//meta[@content]"):
        content = line(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], wanted: Iterable[str]) -> str | None:
    return next((meta[name] for name in wanted if name in meta), None)


def _bylines(author: str | None) -> tuple[str, ...]:
    return tuple(re.split(r"\s*[,;]\s*|\s+and\s+", author)) if author else ()


def _printed_title(root: "HtmlElement") -> str | None:
    headings = (line(" ".join(heading.itertext())) for heading in root.iter("h1"))
    return next(filter(None, headings), None) or line(root.findtext(".//title"))


def _without_outlet(title: str | None, outlet: str | None) -> str | None:
    """The title without " | Outlet" behind it."""
    if title and outlet and title.lower().endswith(outlet.lower()):
        shorter = re.sub(r"\s+[|–—-]\s*$", "", title[: -len(outlet)])
        return shorter if shorter != title[: -len(outlet)] and shorter else title
    return title


def _date(root: "HtmlElement", node: Node, meta: dict[str, str]) -> Published | None:
    found = published(node.get("datePublished"), "json-ld")
    for name in DATES:
        found = found or published(meta.get(name), "meta")
    for element in root.iterfind(".//*[@itemprop='datePublished']"):
        found = found or published(element.get("datetime") or element.get("content"), "itemprop")
    for element in root.iterfind(".//time[@datetime]"):
        found = found or published(element.get("datetime"), "time")
    return found


def _address(root: "HtmlElement", node: Node, meta: dict[str, str]) -> str | None:
    """The canonical address; for a saved page that lost it, the one that the browser noted in a comment."""
    canonical = root.find(".//link[@rel='canonical']")
    main = node.get("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    given = (None if canonical is None else canonical.get("href"), meta.get("og:url"), node.get("url"), main)
    if found := next(filter(None, map(web_address, given)), None):
        return found
    from lxml import etree

    comments = [*root.itersiblings(etree.Comment, preceding=True), *root.iter(etree.Comment)][:20]
    noted = next(filter(None, (SAVED_FROM.search((comment.text or "")[:2000]) for comment in comments)), None)
    return web_address(noted[1] or noted[2]) if noted else None


def _licence(root: "HtmlElement") -> str | None:
    link = root.find(".//*[@rel='license']")
    return None if link is None else line(" ".join(link.itertext())) or web_address(link.get("href"))

"""Title, date, authors, outlet and address of an HTML page: from JSON-LD, OpenGraph, meta or visible text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.parse.compose import one_line, web_address
from worker.parse.dates import PublicationDate, publication_date
from worker.parse.json_ld import Node, article_node, first_text, names

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
    """The fields of an article that its page declares."""

    title: str | None
    date: PublicationDate | None
    authors: tuple[str, ...]
    outlet: str | None
    url: str | None
    language: str | None
    licence: str | None
    body: str | None  # JSON-LD's articleBody


def page_head(root: "HtmlElement") -> PageHead:
    """Return the fields of the page. Each field is read from the first source that has it.

    Several orders of the sources were tried on 84 pages with known answers; the orders here were right most often.
    """
    node, meta = article_node(root), _meta(root)
    article_body = node.get("articleBody")
    outlet = one_line(first_text(node.get("publisher"))) or _first(meta, OUTLETS)
    return PageHead(
        title=_without_outlet(
            one_line(first_text(node.get("headline"))) or meta.get("og:title") or _visible_title(root), outlet
        ),
        date=_date(root, node, meta),
        authors=tuple(names(node.get("author"))) or _bylines(_first(meta, AUTHORS)),
        outlet=None if web_address(outlet) else outlet,
        url=_address(root, node, meta),
        language=one_line(first_text(node.get("inLanguage"))) or root.get("lang") or meta.get("og:locale"),
        licence=one_line(first_text(node.get("license"))) or _licence(root),
        body=article_body if isinstance(article_body, str) else None,
    )


def _meta(root: "HtmlElement") -> dict[str, str]:
    """Return the contents of the meta elements by property, name or itemprop in lower case. The first counts."""
    meta: dict[str, str] = {}
    for element in root.iterfind(".//meta[@content]"):
        content = one_line(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)):
                meta.setdefault(name.strip().lower(), content)
    return meta


def _first(meta: dict[str, str], keys: Iterable[str]) -> str | None:
    return next((meta[key] for key in keys if key in meta), None)


def _bylines(author: str | None) -> tuple[str, ...]:
    """Return the names in one byline ("Una Roe, Bo Ek and Ana Ferro")."""
    return tuple(re.split(r"\s*[,;]\s*|\s+and\s+", author)) if author else ()


def _visible_title(root: "HtmlElement") -> str | None:
    """Return the first `h1` with text, or else the `title` element."""
    headings = (one_line(" ".join(heading.itertext())) for heading in root.iter("h1"))
    return next(filter(None, headings), None) or one_line(root.findtext(".//title"))


def _without_outlet(title: str | None, outlet: str | None) -> str | None:
    """Return the title without " | Outlet" at its end."""
    if title and outlet and title.lower().endswith(outlet.lower()):
        shorter = re.sub(r"\s+[|–—-]\s*$", "", title[: -len(outlet)])
        return shorter if shorter != title[: -len(outlet)] and shorter else title
    return title


def _date(root: "HtmlElement", node: Node, meta: dict[str, str]) -> PublicationDate | None:
    date = publication_date(node.get("datePublished"), "json-ld")
    for name in DATES:
        date = date or publication_date(meta.get(name), "meta")
    for element in root.iterfind(".//*[@itemprop='datePublished']"):
        date = date or publication_date(element.get("datetime") or element.get("content"), "itemprop")
    for element in root.iterfind(".//time[@datetime]"):
        date = date or publication_date(element.get("datetime"), "time")
    return date


def _address(root: "HtmlElement", node: Node, meta: dict[str, str]) -> str | None:
    """Return the canonical address, or else the address that the browser wrote into a comment of a saved page."""
    canonical = root.find(".//link[@rel='canonical']")
    main = node.get("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    candidates = (None if canonical is None else canonical.get("href"), meta.get("og:url"), node.get("url"), main)
    if address := next(filter(None, map(web_address, candidates)), None):
        return address
    from lxml import etree

    comments = [*root.itersiblings(etree.Comment, preceding=True), *root.iter(etree.Comment)][:20]
    match = next(filter(None, (SAVED_FROM.search((comment.text or "")[:2000]) for comment in comments)), None)
    return web_address(match[1] or match[2]) if match else None


def _licence(root: "HtmlElement") -> str | None:
    link = root.find(".//*[@rel='license']")
    return None if link is None else one_line(" ".join(link.itertext())) or web_address(link.get("href"))

"""Elements of a page: their text, their classes, and whether they stand in the article or beside it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from worker.parse.facts.fields import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = 40  # look at so many elements around one
MOST_INSIDE = 200  # look at no more elements inside one


def classes_like(names: str) -> re.Pattern[str]:
    """Return a pattern for a list of classes in which one of these is."""
    return re.compile(rf"(?i)(?:^|[\s_-])(?:{names})(?:$|[\s_-])")


BESIDE = classes_like(
    r"related|comments?|commentlist|sidebar|recommend\w*|teasers?|promo\w*|widget\w*|trending|popular|most-?read"
    r"|more-?(?:news|stories|articles|from|in|on)|read-?(?:more|next|also)|also-?read|recirc\w*|outbrain|taboola|footer"
    r"|nav\w*|menu|breadcrumbs?|cards?|listing|latest|newsletter|subscribe|popup|modal|ticker|masthead"
)
"""Names of classes of what stands beside an article."""


def properties(element: "HtmlElement") -> set[str]:
    """Return the names that an element has in microdata, in lower case."""
    return set((element.get("itemprop") or "").lower().split())


def classes(element: "HtmlElement") -> str:
    """Return the classes of an element."""
    return (element.get("class") or "")[:500]


def text_of(element: "HtmlElement") -> str | None:
    """Return the text of an element as one line, with a blank where a line is broken."""
    return one_line("".join(_pieces(element)))


def _pieces(element: "HtmlElement") -> Iterator[str]:
    for part in islice(element.iter(), MOST_INSIDE):
        if isinstance(part.tag, str):
            if part.tag in ("br", "p", "div", "li", "h1", "h2", "h3"):
                yield " "
            if part.tag not in ("script", "style", "svg", "title"):
                yield part.text or ""
        if part is not element:
            yield part.tail or ""


def is_beside(element: "HtmlElement", scope: "HtmlElement | None") -> bool:
    """True if an element stands in a part of the page, or of the article `scope`, that is no part of the article."""
    inside_article = False
    for depth, above in enumerate((element, *element.iterancestors())):
        if depth > DEEPEST or above is scope or above.tag in ("body", "html"):
            return False
        if depth and (above.tag in ("nav", "footer", "aside", "form") or _names_beside(classes(above))):
            return True
        if above.tag == "header" and not inside_article and scope is None:
            heading = above.find(".//h1")
            if heading is None or heading.find(".//a") is not None:  # the head of the page
                return True
        inside_article = inside_article or above.tag in ("article", "main")
    return False


@lru_cache(maxsize=4096)
def _names_beside(classes: str) -> bool:
    return BESIDE.search(classes) is not None

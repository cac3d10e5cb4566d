"""The headline that a page shows, told from the names of the site and from the headlines of other articles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from worker.parse.facts.fields import one_line
from worker.parse.pages.page_elements import classes, classes_like, is_beside, properties, text_of

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

MOST = 30  # look at no more headlines and logos
LONGEST = 400  # a headline has at most this many characters
FEWEST_LETTERS = 2
HEADLINE = classes_like("headline|entry-title|post-title|article-title|articletitle|story-title")
LOGO = classes_like(r"logo|brand\w*|site-?(?:title|name)|masthead|navbar|sr-only|visually-?hidden")
HOME = re.compile(r"(?:https?:)?(?://[^/]{1,200})?/?(?:index\.\w{2,5})?")


@dataclass(slots=True)
class Headlines:
    """The elements that show a headline, the names of the site that the page shows, and the element of the article."""

    elements: "list[HtmlElement]" = field(default_factory=list)
    logos: list[str] = field(default_factory=list)
    scope: "HtmlElement | None" = None


@lru_cache(maxsize=1)
def _marked() -> "XPath":
    from lxml.etree import XPath

    names = ("headline", "entry-title", "post-title", "article-title", "story-title", "logo", "site-title", "site-name")
    of_class = " or ".join(f"contains(@class, '{name}')" for name in names)
    return XPath(f"//h1 | //*[@itemprop='headline' or {of_class}]")


def headlines(root: "HtmlElement") -> Headlines:
    """Return the headlines and logos of the page."""
    found = Headlines()
    elements = cast("list[HtmlElement]", _marked()(root))
    first = [element for element in elements if element.tag == "h1"][:MOST]
    for element in [*first, *[element for element in elements if element.tag != "h1"][:MOST]]:
        _add(element, found)
    found.scope = _scope(found.elements)
    return found


def _add(element: "HtmlElement", found: Headlines) -> None:
    """Add an element that shows a headline, or the text of a logo."""
    is_headline = "headline" in properties(element) or HEADLINE.search(classes(element)) is not None
    if element.tag == "h1" or (is_headline and element.tag in ("h2", "h3", "div", "span", "p")):
        if _is_logo(element):
            if text := text_of(element):
                found.logos.append(text)
        elif text_of(element):
            found.elements.append(element)
    elif LOGO.search(classes(element)) and element.tag in ("a", "div", "span", "p", "img"):
        text = text_of(element) or one_line(element.get("alt")) or one_line(element.get("title"))
        found.logos += [text] if text else []


def _is_logo(element: "HtmlElement") -> bool:
    """True if a heading is the name of the site: its link leads home, or it is named so."""
    link = element.find(".//a")
    target = "" if link is None else (link.get("href") or "").split("?")[0].split("#")[0][:300]
    if target and HOME.fullmatch(target):
        return True
    above = element.getparent()
    if above is not None and above.tag == "a" and (above.get("href") or "") in ("/", "./", "index.html"):
        return True
    return LOGO.search(f"{classes(element)} {'' if above is None else classes(above)}") is not None


def ranked(found: Headlines) -> list[str]:
    """Return the headlines that the page shows, the likeliest first."""
    texts: list[tuple[int, int, str]] = []
    for number, element in enumerate(found.elements):
        text = text_of(element)
        if text is None or len(text) > LONGEST or len(re.findall(r"\w", text)) < FEWEST_LETTERS:
            continue
        above = [ancestor.tag for ancestor in element.iterancestors()]
        marked = "headline" in properties(element) or HEADLINE.search(classes(element)) is not None
        rank = 4 - 2 * (element.tag == "h1") - bool({"article", "main"} & set(above)) - marked
        rank += 3 * bool({"nav", "footer", "aside"} & set(above)) + 2 * is_beside(element, None)
        rank += "header" in above and not {"article", "main"} & set(above)
        texts.append((rank, number, text))
    return list(dict.fromkeys(text for _, _, text in sorted(texts)))


def _scope(found: "Iterable[HtmlElement]") -> "HtmlElement | None":
    """Return the element of the whole article: the one around the first headline of first rank, if there is one."""
    for element in found:
        for above in element.iterancestors():
            kind = (above.get("itemtype") or "") + " " + classes(above)
            if above.tag in ("article", "main") or re.search(r"Article\b|Posting\b|\bhentry\b|\bh-entry\b", kind):
                return above
    return None

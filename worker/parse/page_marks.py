"""What a page shows beside its text: its headline, its by-line and its date, by the marks that its elements carry."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from worker.parse.date_words import CHANGED_WORDS, plain
from worker.parse.dates import PublicationDate, UnreadDate, read_date
from worker.parse.fields import one_line
from worker.parse.people import introduction, is_person, people

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

DEEPEST = 40  # look at so many elements around one
MOST_MARKS = 2000  # look at no more marked elements
LONGEST_BYLINE = 200  # a by-line has at most this many characters
LONGEST_DATE = 100
LONGEST_HEADLINE = 400
FEWEST_LETTERS = 2


def _classes_like(names: str) -> re.Pattern[str]:
    """Return a pattern for a list of classes in which one of these is."""
    return re.compile(rf"(?i)(?:^|[\s_-])(?:{names})(?:$|[\s_-])")


HEADLINE = _classes_like("headline|entry-title|post-title|article-title|articletitle|story-title")
LOGO = _classes_like(r"logo|brand\w*|site-?(?:title|name)|masthead|navbar|sr-only|visually-?hidden")
BYLINE = _classes_like(r"by-?line\w*|author(?:s|-?name)?|p-author|fn|writer|reporter|dateline-author")
PUBLISHED = _classes_like(
    r"published\w*|pub-?date|publish-?date|date-?published|entry-date|post-?date|posted(?:-on)?|article-?date|dateline"
    r"|dt-published|publication-?date|timestamp|date(?:time)?|time"
)
BESIDE = _classes_like(
    r"related|comments?|commentlist|sidebar|recommend\w*|teasers?|promo\w*|widget\w*|trending|popular|most-?read"
    r"|more-?(?:news|stories|articles|from|in|on)|read-?(?:more|next|also)|also-?read|recirc\w*|outbrain|taboola|footer"
    r"|nav\w*|menu|breadcrumbs?|cards?|listing|latest|newsletter|subscribe|popup|modal|ticker|masthead"
)
"""Names of classes of what stands beside an article."""
CHANGED = re.compile(r"(?i)updat|modif|edited|revis|aktualis|actuali|aggiorn|dt-updated")
UNREAD = frozenset(("meta", "link", "body", "html", "h1", "script", "form", "input"))


@dataclass(slots=True)
class Marks:
    """The marked elements of a page, each list in the order of the page."""

    headlines: "list[HtmlElement]" = field(default_factory=list)
    authors: "list[tuple[int, HtmlElement]]" = field(default_factory=list)  # with a rank: the lower, the surer
    dates: "list[tuple[int, HtmlElement]]" = field(default_factory=list)
    outlets: "list[HtmlElement]" = field(default_factory=list)
    logos: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def _marked() -> "XPath":
    from lxml.etree import XPath

    words = ("itle", "line", "uthor", "writer", "reporter", "fn", "date", "Date", "publish", "posted", "time", "logo")
    classes = " or ".join(f"contains(@class, '{word}')" for word in words)
    return XPath(f"//*[self::h1 or self::time or self::address or @itemprop or @rel='author' or @pubdate or {classes}]")


def marks(root: "HtmlElement") -> Marks:
    """Return the marked elements of the page that do not stand beside the article."""
    found = Marks()
    elements = [element for element in _elements(root)[:MOST_MARKS] if isinstance(element.tag, str)]
    for element in elements:
        _headline(element, found)
    scope = _scope(found.headlines)
    for element in elements:
        if element.tag in UNREAD or (scope is not None and not _is_in(element, scope)):
            continue
        _author(element, found, scope)
        _date(element, found, scope)
        if _property(element) & {"publisher", "copyrightholder"}:
            found.outlets.append(element)
    return found


def _elements(root: "HtmlElement") -> "list[HtmlElement]":
    return cast("list[HtmlElement]", _marked()(root))


def _headline(element: "HtmlElement", found: Marks) -> None:
    """Add an element that shows a headline, or the text of a logo."""
    classes = _classes(element)
    is_headline = "headline" in _property(element) or HEADLINE.search(classes) is not None
    if element.tag == "h1" or (is_headline and element.tag in ("h2", "h3", "div", "span", "p")):
        if _is_logo(element):
            if text := text_of(element):
                found.logos.append(text)
        elif text_of(element):
            found.headlines.append(element)
    elif LOGO.search(classes) and element.tag in ("a", "div", "span", "p", "img"):
        text = text_of(element) or one_line(element.get("alt")) or one_line(element.get("title"))
        found.logos += [text] if text else []


def _is_logo(element: "HtmlElement") -> bool:
    """True if a heading is the name of the site: its link leads home, or it is named so."""
    for link in element.iter("a"):
        target = (link.get("href") or "").split("?")[0].split("#")[0]
        if re.fullmatch(r"(?:https?:)?(?://[^/]{1,200})?/?(?:index\.\w{2,5})?", target) and target:
            return True
    above = element.getparent()
    if above is not None and above.tag == "a" and (above.get("href") or "") in ("/", "./", "index.html"):
        return True
    return LOGO.search(f"{_classes(element)} {'' if above is None else _classes(above)}") is not None


def headlines(found: Marks) -> list[str]:
    """Return the headlines that the page shows, the likeliest first."""
    texts: list[tuple[int, int, str]] = []
    for number, element in enumerate(found.headlines):
        text = text_of(element)
        if text is None or len(text) > LONGEST_HEADLINE or len(re.findall(r"\w", text)) < FEWEST_LETTERS:
            continue
        above = [ancestor.tag for ancestor in element.iterancestors()]
        marked = "headline" in _property(element) or HEADLINE.search(_classes(element)) is not None
        rank = 4 - 2 * (element.tag == "h1") - bool({"article", "main"} & set(above)) - marked
        rank += 3 * bool({"nav", "footer", "aside"} & set(above)) + 2 * _is_beside(element, None)
        rank += "header" in above and not {"article", "main"} & set(above)
        texts.append((rank, number, text))
    return list(dict.fromkeys(text for _, _, text in sorted(texts)))


def authors(found: Marks, outlet: str | None) -> tuple[str, ...]:
    """Return the people in the surest by-lines of the page."""
    for rank in sorted({rank for rank, _ in found.authors}):
        named = [names for each, element in found.authors if each == rank and (names := _people_in(element, outlet))]
        if named:
            return people([name for names in (named if rank < 2 else named[:1]) for name in names], outlet)
    return ()


def date(found: Marks, locale: str | None) -> PublicationDate | UnreadDate | None:
    """Return the publication date that the page shows, from its surest mark."""
    unread: UnreadDate | None = None
    for rank, element in sorted(found.dates, key=lambda each: each[0]):
        source = ("itemprop", "time", "time", "text")[rank]
        for value in (element.get("datetime"), element.get("content"), element.get("title"), text_of(element)):
            if value and len(value) <= LONGEST_DATE and re.search(r"\d", value):
                read = read_date(value, source, locale)
                if isinstance(read, PublicationDate):
                    return read
                unread = unread or (read if rank < 2 else None)
    return unread


def text_of(element: "HtmlElement") -> str | None:
    """Return the text of an element as one line, with a blank where a line is broken."""
    pieces: list[str] = []
    for text in _pieces(element):
        pieces.append(text)
        if sum(map(len, pieces)) > 2000:
            break
    return one_line("".join(pieces))


def _pieces(element: "HtmlElement") -> Iterator[str]:
    for part in element.iter():
        if not isinstance(part.tag, str):
            if part is not element:
                yield part.tail or ""
            continue
        if part.tag in ("br", "p", "div", "li", "h1", "h2", "h3"):
            yield " "
        if part.tag not in ("script", "style", "svg", "title"):
            yield part.text or ""
        if part is not element:
            yield part.tail or ""


def _author(element: "HtmlElement", found: Marks, scope: "HtmlElement | None") -> None:
    """Add an element that names the author."""
    properties, classes = _property(element), _classes(element)
    rank = None
    if "author" in properties or "creator" in properties:
        rank = 0
    elif (element.get("rel") or "").lower() == "author":
        rank = 1
    elif BYLINE.search(classes):
        rank = 2 if re.search(r"(?i)by-?line|author|p-author", classes) else 3
    if rank is not None and not _is_beside(element, scope):
        found.authors.append((rank, element))


def inner_name(element: "HtmlElement") -> "HtmlElement":
    """Return the element inside that is marked as the name, or else the element itself."""
    return next((each for each in element.iter() if each is not element and "name" in _property(each)), element)


def _people_in(element: "HtmlElement", outlet: str | None) -> tuple[str, ...]:
    """Return the people whom an element names; none if it says anything else."""
    inner = inner_name(element)
    value = inner.get("content") or text_of(inner)
    if value is None or len(value) > LONGEST_BYLINE:
        return ()
    links = [text for link in inner.iter("a") if (text := text_of(link)) and is_person(text)]
    if len(links) > 1:
        return people(links, outlet)
    found = people(value, outlet)
    if found and all(map(is_person, found)):
        return found
    pieces = [piece for piece in (one_line(text) for text in inner.itertext()) if piece]
    named = [name for piece in pieces[:20] for name in people(piece, outlet) if is_person(name)]
    if named:
        return tuple(dict.fromkeys(named))
    is_declared = "author" in _property(element) or introduction(value) > 0
    return found if is_declared and len(found) == 1 and len(found[0].split()) <= 3 else ()


def _date(element: "HtmlElement", found: Marks, scope: "HtmlElement | None") -> None:
    """Add an element that says when the article was published."""
    properties, classes = _property(element), _classes(element)
    if "datepublished" in properties:
        rank = 0
    elif "datecreated" in properties or element.get("pubdate") is not None:
        rank = 1
    elif element.tag == "time":
        rank = 1 if PUBLISHED.search(classes) else 2
    elif PUBLISHED.search(classes) and len(element) <= 3:
        rank = 3
    else:
        return
    if rank > 0 and (_is_changed(element) or _is_beside(element, scope)):
        return
    above = {id(ancestor) for ancestor in element.iterancestors()}
    if not any(id(other) in above for each, other in found.dates[-3:] if each <= rank):
        found.dates.append((rank, element))


def _is_changed(element: "HtmlElement") -> bool:
    """True if a date is that of a change, by the names of its element or by the word before it."""
    above = element.getparent()
    names = [*_property(element), _classes(element), element.get("id") or ""]
    names += [] if above is None else [_classes(above)] if len(above) == 1 else []
    if any(CHANGED.search(name) for name in names):
        return True
    previous = element.getprevious()
    before = ((above.text if above is not None else "") if previous is None else previous.tail) or ""
    if not before.strip() and previous is not None:
        before = text_of(previous) or ""
    words = re.findall(r"[^\W\d_]+", plain(f"{before[-40:]} {(text_of(element) or '')[:20]}"))
    return any(word in CHANGED_WORDS for word in words)


def _scope(found: "Iterable[HtmlElement]") -> "HtmlElement | None":
    """Return the element of the whole article: the one around the first headline of first rank, if there is one."""
    for element in found:
        if element.tag != "h1" and not _property(element):
            continue
        for above in element.iterancestors():
            kind = (above.get("itemtype") or "") + " " + _classes(above)
            if above.tag in ("article", "main") or re.search(r"Article\b|Posting\b|\bhentry\b|\bh-entry\b", kind):
                return above
    return None


def _is_in(element: "HtmlElement", scope: "HtmlElement") -> bool:
    return element is scope or any(above is scope for above in element.iterancestors())


def _is_beside(element: "HtmlElement", scope: "HtmlElement | None") -> bool:
    """True if an element stands in a part of the page, or of the article `scope`, that is no part of the article."""
    inside_article = False
    for depth, above in enumerate((element, *element.iterancestors())):
        if depth > DEEPEST or above is scope or above.tag in ("body", "html"):
            return False
        if depth and (above.tag in ("nav", "footer", "aside", "form") or _names_beside(_classes(above))):
            return True
        is_top = above.tag == "header" and not inside_article and scope is None
        if is_top and (element.tag == "time" or above.find(".//h1") is None):
            return True
        inside_article = inside_article or above.tag in ("article", "main")
    return False


@lru_cache(maxsize=4096)
def _names_beside(classes: str) -> bool:
    return BESIDE.search(classes) is not None


def _property(element: "HtmlElement") -> set[str]:
    return set((element.get("itemprop") or "").lower().split())


def _classes(element: "HtmlElement") -> str:
    return (element.get("class") or "")[:500]

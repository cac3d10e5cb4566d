"""The by-line and the date that a page shows, by the marks that their elements carry."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, cast

from worker.parse.facts.dates import PublicationDate, UnreadDate, read_date
from worker.parse.facts.fields import one_line
from worker.parse.facts.first_lines import date_within
from worker.parse.facts.people import introduction, is_person, people
from worker.parse.pages.page_dates import LONGEST_DATE, WHOLE, is_publication
from worker.parse.pages.page_elements import DEEPEST, MOST_INSIDE, classes, classes_like, is_beside, properties, text_of

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

MOST_MARKS = 200  # look at no more marked elements
LONGEST_BYLINE = 200  # a by-line has at most this many characters
SURE = 2  # of by-lines with a lower rank, all are read; of others, the first
BYLINE = classes_like(r"by-?line\w*|author(?:s|-?name)?|p-author|fn|writer|reporter|dateline-author")
PUBLISHED = classes_like(
    r"published\w*|pub-?date|publish-?date|date-?published|entry-date|post-?date|posted(?:-on)?|article-?date|dateline"
    r"|dt-published|publication-?date|timestamp|date(?:time)?|time"
)
_OTHER = r"photo|image|picture|pic|quote|caption|comment|commenter|foto|bild|zitat|cite|citation|gallery|video|reply"
OTHER_WORK = re.compile(rf"(?i)(?:^|[_-])(?:[a-z]{{0,10}}(?:{_OTHER})s?)[_-]{{0,2}}(?:author|by|writer|fn|name)")
AROUND_OTHER = re.compile(
    r"(?i)(?:^|[_-])(?:(?:pull|block)?-?quotes?|pullquote|captions?|testimonials?|comments?)(?:$|[_-])"
)
OF_ENTRY = re.compile(r"(?i)(?:post-)?(?:format|category|tag|type)-|has-|with-")
OTHER_KIND = re.compile(r"/(?:ImageObject|VideoObject|Photograph|Comment|UserComments|Quotation|Review)\b")
LONGEST_TEASER = 600  # characters of an article that is only announced
UNREAD = frozenset(("link", "body", "html", "h1", "script", "form", "input"))


@dataclass(slots=True)
class Marks:
    """The marked elements of a page, each list in the order of the page, with a rank: the lower, the surer."""

    authors: "list[tuple[int, HtmlElement]]" = field(default_factory=list)
    dates: "list[tuple[int, HtmlElement]]" = field(default_factory=list)
    outlets: "list[HtmlElement]" = field(default_factory=list)


@lru_cache(maxsize=1)
def _marked() -> "XPath":
    from lxml.etree import XPath

    names = ("yline", "y-line", "uthor", "writer", "reporter", "fn", "date", "Date", "publish", "posted", "timestamp")
    of_class = " or ".join(f"contains(@class, '{name}')" for name in names)
    return XPath(f"descendant-or-self::*[self::time or @itemprop or @rel='author' or @pubdate or {of_class}]")


def marks(root: "HtmlElement", scope: "HtmlElement | None") -> Marks:
    """Return the marked elements of the article `scope`; or, if it has none of a kind, those of the whole page."""
    found = _marks_in(root if scope is None else scope, scope)
    if scope is None or (found.authors and found.dates):
        return found
    elsewhere = _marks_in(root, None, is_outside=True)
    return Marks(found.authors or elsewhere.authors, found.dates or elsewhere.dates, found.outlets or elsewhere.outlets)


def _marks_in(part: "HtmlElement", scope: "HtmlElement | None", *, is_outside: bool = False) -> Marks:
    """Return the marks in a part of the page; if `is_outside` is True, not those in elements of articles."""
    found = Marks()
    for element in cast("list[HtmlElement]", _marked()(part))[:MOST_MARKS]:
        if element.tag not in UNREAD and not (is_outside and next(element.iterancestors("article"), None) is not None):
            _author(element, found, scope)
            _date(element, found, scope)
            if properties(element) & {"publisher", "copyrightholder"}:
                found.outlets.append(element)
    return found


def authors(found: Marks, outlet: str | None) -> tuple[str, ...]:
    """Return the people in the surest by-lines of the page."""
    for rank in sorted({rank for rank, _ in found.authors}):
        named = [names for each, element in found.authors if each == rank and (names := _people_in(element, outlet))]
        if named:
            return people([name for names in (named if rank < SURE else named[:1]) for name in names], outlet)
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
    by_lines = (text_of(element) for rank, element in found.authors if rank >= SURE)
    within = (date_within(text, locale) for text in by_lines if text and len(text) <= LONGEST_BYLINE)
    return unread or next((date for date in within if isinstance(date, PublicationDate)), None)


def _author(element: "HtmlElement", found: Marks, scope: "HtmlElement | None") -> None:
    """Add an element that names the author."""
    kinds, names = properties(element), classes(element)
    rank = None
    if "author" in kinds or "creator" in kinds:
        rank = 0
    elif (element.get("rel") or "").lower() == "author":
        rank = 1
    elif element.tag != "meta" and BYLINE.search(names):
        rank = 2 if re.search(r"(?i)by-?line|author", names) else 3
    if rank is not None and not is_beside(element, scope) and not _is_of_other(element, scope):
        found.authors.append((rank, element))


def inner_name(element: "HtmlElement") -> "HtmlElement":
    """Return the element inside that is marked as the name, or else the element itself."""
    return next(
        (each for each in islice(element.iter(), MOST_INSIDE) if each is not element and "name" in properties(each)),
        element,
    )


def _people_in(element: "HtmlElement", outlet: str | None) -> tuple[str, ...]:
    """Return the people whom an element names; none if it says anything else."""
    inner = inner_name(element)
    value = inner.get("content") or text_of(inner)
    if value is None or len(value) > LONGEST_BYLINE:
        return ()
    links = [text for link in islice(inner.iter("a"), 10) if (text := text_of(link)) and is_person(text)]
    if len(links) > 1:
        return people(links, outlet)
    found = people(value, outlet)
    if found and all(map(is_person, found)):
        return found
    pieces = [piece for piece in (one_line(text) for text in islice(inner.itertext(), 40)) if piece]
    named = [name for piece in pieces for name in people(piece, outlet) if is_person(name)]
    if named:
        return tuple(dict.fromkeys(named))
    is_declared = "author" in properties(element) or introduction(value) > 0
    return found if is_declared and len(found) == 1 and len(found[0].split()) <= 3 else ()


def _date(element: "HtmlElement", found: Marks, scope: "HtmlElement | None") -> None:
    """Add an element that says when the article was published."""
    kinds, names = properties(element), classes(element)
    if "datepublished" in kinds:
        rank = 0
    elif "datecreated" in kinds or element.get("pubdate") is not None:
        rank = 1
    elif element.tag == "time":
        rank = 1 if PUBLISHED.search(names) else 2
    elif PUBLISHED.search(names) and len(element) <= 3:
        rank = 3
    else:
        return
    beside = is_beside(element, scope)
    if rank > 0 and (beside or _is_in_teaser(element, scope) or not is_publication(element)):
        return
    found.dates.append((2 if beside else rank, element))


def _is_of_other(element: "HtmlElement", scope: "HtmlElement | None") -> bool:
    """True if an author is that of a quotation, a picture, a comment, or of another article that is only announced."""
    tokens = classes(element).split()
    if any(OTHER_WORK.search(token) for token in tokens):
        return True
    for depth, above in enumerate(element.iterancestors()):
        if above is scope or depth > DEEPEST or above.tag in ("body", "html"):
            return False
        kind = above.get("itemtype") or ""
        if above.tag in ("blockquote", "figure", "figcaption", "q") or OTHER_KIND.search(kind):
            return True
        if above.tag in WHOLE:
            return _is_teaser(above)
        if any(AROUND_OTHER.search(token) for token in classes(above).split() if not OF_ENTRY.match(token)):
            return True
    return False


def _is_in_teaser(element: "HtmlElement", scope: "HtmlElement | None") -> bool:
    """True if an element stands in an article, inside that of the page, which only announces another one."""
    article = next(element.iterancestors("article"), None)
    return article is not None and article is not scope and _is_teaser(article)


def _is_teaser(article: "HtmlElement") -> bool:
    """True for an article inside the page that only announces another one: a linked headline with little text."""
    if len(text_of(article) or "") >= LONGEST_TEASER or article.find(".//h1") is not None:
        return False
    linked = (".//h2//a", ".//h3//a", ".//h4//a", ".//a//h2", ".//a//h3")
    return any(article.find(path) is not None for path in linked)

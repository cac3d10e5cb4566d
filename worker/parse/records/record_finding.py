"""Finding the articles in a JSON value: in any list or object, at whatever depth.

Lists of articles have many wrappings: `{"articles": […]}`, `{"response": {"results": […]}}`, an object whose keys are
numbers of articles, or `{publisher: [articles]}` (the crawler fundus).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from worker.parse.records.record_heading import LISTS, is_heading
from worker.parse.records.record_text import Record, has_text, has_text_column, is_article
from worker.reasons import Reason, Refused

MOST_LEVELS = 64  # look no deeper
MOST_PLACES = 150_000  # look at so many lists and objects that are no articles
PLACES_OF_ARTICLE = 20  # and at so many more for each article, which may have wrappers
LONGEST_PUBLISHER = 50  # keep at most this many code points of a publisher's name, which each of its articles repeats


@dataclass(frozen=True, slots=True)
class Found:
    """One element that is an article, or stands in a list of articles; with the name of its publisher if known."""

    element: object
    publisher: str | None = None
    in_list: bool = True


@dataclass(slots=True)
class Place:
    """A value that is to be looked at: with its key, its depth, and whether it is an element of a list."""

    value: object
    key: str | None
    depth: int
    in_list: bool
    is_known: bool = False  # to be no article


def articles(value: object) -> list[Found]:
    """Return the articles in a value, in order; also what else is in a list that has articles.

    Raise `Refused(too_large)` if there are articles, but among very many other objects.
    """
    of_feed = _feed_fields(value)
    by_publisher = _is_by_publisher(value)
    found: list[Found] = []
    waiting = [Place(value, None, 0, in_list=False)]
    looked_at = 0
    while waiting:
        place = waiting.pop()
        looked_at += 1
        if looked_at > MOST_PLACES + PLACES_OF_ARTICLE * len(found):
            return _stopped(found)
        if isinstance(place.value, dict):
            if not place.is_known and _is_article_at(place.value, is_sure=place.depth <= 1 + place.in_list):
                publisher = place.key if by_publisher and place.in_list and place.depth == 2 else None
                found.append(Found(_with(of_feed, place.value), publisher, place.in_list))
                continue
            inner = [
                Place(each, key, place.depth + 1, in_list=False)
                for key, each in place.value.items()
                if isinstance(each, dict | list)
            ]
        elif isinstance(place.value, list):
            depth = place.depth + 1
            is_sure = place.depth == 0 or (place.depth == 1 and (by_publisher or (place.key or "").lower() in LISTS))
            if any(isinstance(each, dict) and _is_article_at(each, is_sure=is_sure) for each in place.value):
                publisher = place.key if by_publisher and place.depth == 1 else None
                found += [Found(_with(of_feed, each), publisher) for each in _elements(place)]
                continue
            inner = [
                Place(each, place.key, depth, in_list=True, is_known=True)
                for each in place.value
                if isinstance(each, dict | list)
            ]
        else:
            continue
        if place.depth < MOST_LEVELS:
            waiting += reversed(inner)
    return found


def _stopped(found: list[Found]) -> list[Found]:
    """Return nothing if nothing was found in very many objects: the file is something else than articles."""
    if found:
        message = f"Its articles are among more than {MOST_PLACES:,} other objects. Drop the list of articles alone."
        raise Refused(Reason.TOO_LARGE, message)
    return []


def publisher_of(key: str | None) -> str | None:
    """Return the key of a list as the name of a publisher, if it can be one."""
    return key[:LONGEST_PUBLISHER] if key is not None and key.lower() not in LISTS else None


def with_publisher(element: object, publisher: str | None) -> object:
    """Return an article with its publisher as the outlet, unless it names one itself."""
    if publisher is not None and isinstance(element, dict) and has_text_column(element):
        return {"outlet": publisher, **element}
    return element


def _elements(place: Place) -> Iterator[object]:
    """Yield the elements of a list of articles; instead of one that only holds articles deeper inside, these."""
    assert isinstance(place.value, list)
    for element in place.value:
        if isinstance(element, dict) and _holds_others(element) and (deeper := articles(element)):
            yield from (each.element for each in deeper)
        else:
            yield element


def _holds_others(element: Record) -> bool:
    return not has_text(element) or is_heading(element)


def _is_article_at(value: Record, *, is_sure: bool) -> bool:
    """True for an article. Where none must be, such as deep inside, only what looks like a whole one counts."""
    return (has_text(value) if is_sure else is_article(value)) and not is_heading(value)


def _is_by_publisher(value: object) -> bool:
    """True if all values of an object are lists, as in `{publisher: [articles]}`, and no key is a program's word."""
    return isinstance(value, dict) and all(
        isinstance(each, list) and key.lower() not in LISTS for key, each in value.items()
    )


def _feed_fields(value: object) -> Record:
    """Return what a JSON Feed says about all of its items: its title is their outlet."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return {}
    version = value.get("version")
    if not (isinstance(version, str) and "jsonfeed" in version) and "home_page_url" not in value:
        return {}
    fields = {"outlet": value.get("title"), "language": value.get("language")}
    kept = {name: text[:LONGEST_PUBLISHER] for name, text in fields.items() if isinstance(text, str)}
    return {**kept, **_authors(value)}


def _authors(feed: Record) -> Record:
    """Return the authors of a feed, if they are few: each item without authors of its own repeats them."""
    authors = feed.get("authors") or ([feed["author"]] if isinstance(feed.get("author"), dict) else None)
    if not isinstance(authors, list):
        return {}
    names = [author.get("name") for author in authors[:3] if isinstance(author, dict)]
    return {"authors": [{"name": name[:LONGEST_PUBLISHER]} for name in names if isinstance(name, str)]}


def _with(of_feed: Record, element: object) -> object:
    """Return an item of a feed with what the feed says about all items."""
    if not of_feed or not isinstance(element, dict):
        return element
    if "author" in element:
        of_feed = {name: value for name, value in of_feed.items() if name != "authors"}
    return {**of_feed, **element}

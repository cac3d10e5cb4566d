"""Telling an article from an object whose short text is only about the list of articles beside it."""

from collections.abc import Iterator
from itertools import islice

from worker.parse.records.field_text import PIECES
from worker.parse.records.record_text import TEXT, TITLES, Record, is_article, is_short, lifted, normalised

# Keys that programs use for a list of articles; another key of a list is the name of a publisher (fundus).
LISTS = frozenset((
    "articles", "article", "items", "item", "results", "result", "data", "docs", "documents", "entries", "posts",
    "news", "stories", "records", "rows", "hits", "list", "content", "contents", "value", "values", "objects", "pages",
    "feed", "feeds", "response", "responses", "payload", "output", "collection", "nodes", "edges", "children",
    "elements", "headlines", "publications", "texts", "corpus", "dataset", "train", "test", "dev", "validation",
))  # fmt: skip
MOST_LOOKED_AT = 20  # so many elements of a list tell whether it is one of articles
MOST_LEVELS = 3  # of objects around the list
NAMED_SO = TITLES - {"name"}  # tags, comments and persons have a name, too


def is_heading(value: Record) -> bool:
    """True for an object with a short text and a list of articles: "Results for ferry", and then the results.

    An object that has a title, too, may be an article with others in it. Then only a list under a key that programs
    use for articles counts, if these are titled and one of them has a longer text.
    """
    if not any(isinstance(each, list | dict) for each in value.values()):
        return False
    fields = lifted(value)
    if not is_short(fields):
        return False
    is_titled = not TITLES.isdisjoint(fields)
    own = _length(fields)
    return any(
        _is_list_of_articles(key, elements, is_titled=is_titled, longer_than=own)
        for key, elements in _lists(fields, MOST_LEVELS)
    )


def _is_list_of_articles(key: str, elements: list[object], *, is_titled: bool, longer_than: int) -> bool:
    found = [lifted(each) for each in islice(elements, MOST_LOOKED_AT) if isinstance(each, dict) and is_article(each)]
    is_program_word = key in LISTS and key not in PIECES
    if is_titled or not is_program_word:
        found = [fields for fields in found if not NAMED_SO.isdisjoint(fields)]
    if is_titled:
        return is_program_word and any(_length(fields) > longer_than for fields in found)
    return bool(found)


def _lists(fields: Record, levels: int) -> Iterator[tuple[str, list[object]]]:
    """Yield the lists in an object by their keys, also those in objects under keys that programs use for lists."""
    for key, value in fields.items():
        if isinstance(value, list):
            yield key, value
        elif isinstance(value, dict) and levels and key in LISTS:
            yield from _lists(normalised(value), levels - 1)


def _length(fields: Record) -> int:
    """Return the length of the longest text of an object, as far as it is a string."""
    return max((len(text) for name in TEXT if isinstance(text := fields.get(name), str)), default=0)

"""Telling lists of articles without their texts, as services answer if one does not ask for the texts."""

from collections import deque

from worker.parse.facts.fields import web_address
from worker.parse.records.record_heading import NAMED_SO
from worker.parse.records.record_text import has_text, lifted
from worker.reasons import Reason, Refused

URLS = frozenset(("url", "link", "weburl", "web_url", "article_url", "permalink", "href", "canonical_url"))
MOST_LEVELS = 6  # look no deeper
MOST_PLACES = 5_000  # look at so many values
GET_TEXTS = (
    "ask the service for them (the Guardian: show-fields=bodyText), or fetch the pages at the addresses with a crawler"
    " (news-please, fundus, wget --warc-file), and drop what that saves"
)


def refuse_titles(value: object) -> None:
    """Raise `Refused(malformed)` if a JSON value holds a list of titles and addresses of articles, and no texts."""
    waiting = deque([(value, 0)])
    for _ in range(MOST_PLACES):
        if not waiting:
            return
        place, depth = waiting.popleft()
        if isinstance(place, list) and place and all(map(_is_title, place)):
            count = f"{len(place):,} article{'s' * (len(place) != 1)}"
            raise Refused(
                Reason.MALFORMED, f"It is a list of {count} without the texts. To get the texts, {GET_TEXTS}."
            )
        inner = place.values() if isinstance(place, dict) else place if isinstance(place, list) else ()
        if depth < MOST_LEVELS:
            waiting.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))


def _is_title(element: object) -> bool:
    """True for an object with the title and the address of an article, and without its text."""
    if not isinstance(element, dict) or has_text(element):
        return False
    fields = lifted(element)
    return not NAMED_SO.isdisjoint(fields) and any(web_address(fields.get(name)) for name in URLS)

"""The title of an article: the headline that its page shows, without the name of the outlet around it."""

import html
import re
from collections.abc import Iterable, Sequence

from worker.parse.facts.fields import one_line

SEPARATOR = re.compile(r"\s*(?:\s[-–—‒―:/~]\s|[|│｜»«‹›•·]|\s?::\s?|:\s)\s*")
STRONG = re.compile(r"[|│｜»«‹›•·]|::")
ALIKE = 0.6  # two titles agree if they share this share of the words of the shorter one
FEWEST_LETTERS = 8  # a title that is a part of another has at least this many letters
LONGEST_OUTLET = 5  # words of the name of an outlet behind a dash
SHORTEST_OUTLET = 2  # letters of the name of an outlet
MOST_OF_NAME = 0.6  # a shorter form of a name has more than this share of its letters
FEWEST_WORDS = 3  # words that are left of a title before an unknown name is cut off
REFERENCE = re.compile(r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|amp|quot|apos|nbsp|lt|gt|[lr][sd]quo|hellip|[mn]dash);")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def clean(value: object) -> str | None:
    """Return a title as one line, without tags and with its character references decoded."""
    if not isinstance(value, str):
        return None
    text = html.unescape(value[:10_000])
    if REFERENCE.search(text):  # some pages encode a title twice
        text = html.unescape(text)
    return one_line(TAG.sub("", text) if "<" in text else text)


def key(text: str) -> str:
    """Return a title or an outlet by which it is compared: its letters and digits in lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def is_outlet(part: str, outlets: Iterable[str], *, exactly: bool = False) -> bool:
    """True if a part of a title is one of the outlets, or (unless `exactly`) a longer or shorter form of its name."""
    found = key(re.sub(r"(?i)^the\s+", "", part))
    for outlet in outlets:
        known = key(re.sub(r"(?i)^the\s+", "", outlet))
        shorter, longer = sorted((found, known), key=len)
        if len(shorter) < SHORTEST_OUTLET:
            continue
        if shorter == longer:
            return True
        if not exactly and longer.startswith(shorter) and len(shorter) > MOST_OF_NAME * len(longer):
            return True
    return False


def without_outlet(title: str, outlets: Iterable[str]) -> str:
    """Return the title without the names of the outlet before and behind it (" | Outlet", "Outlet: ")."""
    known = [outlet for outlet in outlets if outlet]
    while known:
        marks = list(SEPARATOR.finditer(title))
        if not marks:
            break
        first, last = marks[0], marks[-1]
        before, behind = title[: last.start()].strip(), title[first.end() :].strip()
        if before and is_outlet(title[last.end() :], known, exactly=last[0].strip() == ":"):
            title = before
        elif behind and is_outlet(title[: first.start()], known, exactly=True):
            title = behind
        else:
            break
    return title


def without_section(title: str) -> str:
    """Return a title without the sections and the outlet that stand behind a bar, if nothing names them."""
    parts = [part.strip() for part in STRONG.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    return parts[0] if len(parts[0].split()) >= FEWEST_WORDS else max(parts, key=len)


def without_suffix(title: str) -> str:
    """Return a title of a page without what looks like a section or an outlet behind it, if nothing names them."""
    title = without_section(title)
    head, mark, tail = _last(title)
    words = tail.split()
    in_capitals = all(word[:1].isupper() or word in ("of", "the", "and", "de", "der", "la") for word in words)
    if mark and len(words) <= LONGEST_OUTLET and in_capitals and len(head.split()) >= max(FEWEST_WORDS, len(words)):
        return head
    return title


def _last(title: str) -> tuple[str, str, str]:
    """Return what stands before and behind the last dash."""
    marks = list(re.finditer(r"\s[-–—]\s", title))
    return (title[: marks[-1].start()].strip(), "-", title[marks[-1].end() :].strip()) if marks else (title, "", "")


def agrees(one: str, other: str) -> bool:
    """True if two titles are alike: one is a part of the other, or they share most of their words."""
    first, second = key(one), key(other)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    if shorter == longer or (len(shorter) >= FEWEST_LETTERS and shorter in longer):
        return True
    words, others = _words(one), _words(other)
    return len(words & others) > ALIKE * max(2, min(len(words), len(others)))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}


def _is_section(text: str) -> bool:
    """True for a heading that nothing confirms if it is one word: "News"."""
    return len(text.split()) == 1


def best(shown: Sequence[str], declared: Sequence[str], page_title: str | None, headline: str | None) -> str | None:
    """Return the title of a page.

    `shown` are the headlines on the page, the likeliest first; `declared` are those in its meta elements; `headline` is
    that of its JSON-LD. All are without the outlet's name. A headline that the page shows, and another source confirms,
    is taken. Otherwise two sources that agree decide, and JSON-LD alone is believed last.
    """
    others = [text for text in (*declared, headline, page_title) if text]
    for text in shown:
        if any(key(text) == key(other) for other in others):
            return text
    for text in shown:
        confirming = [other for other in others if agrees(text, other)]
        if confirming:
            inner = [other for other in others if key(other) in key(text) and key(other) != key(text)]
            twice = [one for place, one in enumerate(inner) if any(key(one) == key(two) for two in inner[place + 1 :])]
            return twice[0] if twice else text
    for place, text in enumerate(others):
        if any(key(text) == key(other) for other in others[place + 1 :]):
            return text
    for alone in filter(None, (*declared, headline)):
        if any(agrees(alone, other) for other in others if other is not alone):
            return alone
    if len(shown) == 1 and _is_section(shown[0]) and page_title and len(page_title.split()) >= FEWEST_WORDS:
        return next(filter(None, (*declared, page_title)))
    unconfirmed = [*shown[:1], *declared[:1], page_title, headline]
    return next(filter(None, [*declared[:1], *unconfirmed] if len(shown) != 1 else unconfirmed), None)

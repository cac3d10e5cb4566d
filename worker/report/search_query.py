"""Reads a search from the query of an address: the page has it in its address, and a watch-list keeps it."""

from collections.abc import Mapping
from datetime import date

from worker.report.search import Search
from worker.report.search_line import KINDS, YES_OR_NO, Unreadable, read_line

LEVELS = ("high", "middle", "low")

NARROWING = (
    *("q", "speaker", "nobody", "outlet", "kind", "denied", "language", "confidence", "from", "to", "statement"),
    "candidates",
)
"""The names in the address that narrow a search; the rest is how it is shown."""


def narrowed(query: Mapping[str, str]) -> dict[str, str]:
    """Return the part of a query that narrows a search: for files and feeds of the same search."""
    return {name: query[name] for name in NARROWING if name in query}


def search_of(query: Mapping[str, str]) -> Search:
    """Return the search of a query. Raises `Unreadable` with a sentence."""
    return Search(
        line=read_line(query.get("q", "").strip()),
        speaker_id=whole(query, "speaker"),
        no_speaker="nobody" in query,
        outlet=query.get("outlet"),
        kind=one_of(query, "kind", KINDS),
        denied=YES_OR_NO.get(one_of(query, "denied", tuple(YES_OR_NO)) or ""),
        language=query.get("language"),
        level=one_of(query, "confidence", LEVELS),
        since=day_of(query, "from"),
        until=day_of(query, "to"),
        statement_id=whole(query, "statement"),
        candidates="candidates" in query,
    )


def whole(query: Mapping[str, str], name: str) -> int | None:
    """Return a number of the query, from 1; None if it is not there. Raises `Unreadable`."""
    value = query.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 18 or int(value) < 1:
        raise Unreadable(f"In the address, {name}= takes a number from 1.")
    return int(value)


def one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str | None:
    """Return a word of the query, which is one of `choices`; None if it is not there. Raises `Unreadable`."""
    value = query.get(name)
    if value is not None and value not in choices:
        raise Unreadable(f"In the address, {name}= takes {', '.join(choices[:-1])} or {choices[-1]}.")
    return value


def day_of(query: Mapping[str, str], name: str) -> date | None:
    """Return a day of the query; None if it is not there. Raises `Unreadable`."""
    value = query.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unreadable(f"In the address, {name}= takes a day, as in {name}=2024-05-17.") from None

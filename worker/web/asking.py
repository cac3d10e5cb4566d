"""Reads the query of an address, and the page that it asks for; `worker.report.search_query` reads the search in it."""

from collections.abc import Mapping
from math import ceil
from urllib.parse import parse_qsl

from starlette.requests import Request

from worker.report.search_query import whole

PAGE = 50
"""A page shows so many rows."""


class Query(dict[str, str]):
    """The query of an address; a name that is not there has an empty text."""

    def __missing__(self, _name: str) -> str:
        """Return what a name has that is not there."""
        return ""


def query_of(request: Request) -> Query:
    """Return the query of a request; of a name that stands there twice, the last value."""
    named = parse_qsl(request.url.query, keep_blank_values=False)
    return Query((name, value.replace("\0", "")) for name, value in named)


def page_number(query: Mapping[str, str]) -> int:
    """Return the number of the page that is asked for, from 1. Raises `Unreadable`."""
    return whole(query, "page") or 1


def pages_for(total: int) -> int:
    """Return the number of pages that so many rows fill; the last may be part full."""
    return ceil(total / PAGE)

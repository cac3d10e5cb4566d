"""`/statements/N`: one thing said, who printed it, and how the printings differ."""

import difflib
import re
from collections.abc import Sequence

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from worker.web.house import read
from worker.web.responses import message, page
from worker.web.templates import visible

STATEMENT = """
SELECT s.statement_id, s.statement, s.speaker, s.quotes, s.articles, s.outlets, s.first_day, s.last_day
FROM statements s WHERE s.statement_id = %(statement)s
"""
PRINTINGS = """
SELECT q.quote_id, q.quote, q.kind, q.outlet, q.title, q.file, q.published_at, q.article_id, p.day, q.source_text, q.cue
FROM quotes q JOIN quote_places p ON p.quote_id = q.quote_id
WHERE q.statement_id = %(statement)s ORDER BY p.day, q.quote_id LIMIT 200
"""
WORD = re.compile(r"\s+|[^\s]+")
INSERTED, DELETED = Markup("<ins>{}</ins>"), Markup("<del>{}</del>")
MOST_COMPARED = 2_000
"""Longer printings are not compared: the time of a comparison grows with the product of the lengths."""


def show(request: Request) -> Response:
    """Answer `/statements/N`."""
    number = request.path_params["number"]
    with read(request) as reading:
        statement = reading.row(STATEMENT, statement=number)
        if statement is None:
            return message(request, 404, f"There is no statement {number}.")
        printings = reading.looked_up(PRINTINGS, statement=number)
    first = printings[0]["quote"]
    return page(
        request,
        "statement.html",
        statement=statement,
        printings=[(printing, compared(first, printing["quote"])) for printing in printings],
    )


def compared(first: str, other: str) -> Markup:
    """Return the other printing, with `<ins>` around words that the first lacks, `<del>` around those only it has."""
    if first == other or max(len(first), len(other)) > MOST_COMPARED:
        return escape(visible(other))
    before, after = WORD.findall(first), WORD.findall(other)
    made = Markup("")
    for change, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change in ("replace", "delete"):
            made += DELETED.format(words_of(before[i:j]))
        if change in ("replace", "insert"):
            made += INSERTED.format(words_of(after[k:m]))
        if change == "equal":
            made += escape(words_of(after[k:m]))
    return made


def words_of(words: Sequence[str]) -> str:
    """Return words as one text for a page."""
    return visible("".join(words))

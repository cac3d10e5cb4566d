"""`/quotes/N`: one quotation in its context: where it came from, how to cite it, what was decided about it."""

import re

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from worker.report.reading import Reading
from worker.web import citing
from worker.web.asking import query_of
from worker.web.decided import about_quote, decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.marking import Role, Stretch, paragraphs
from worker.web.responses import message, page

AROUND = 500
"""Show so many characters before and after the quotation."""
LONGEST_WORD = 40
"""A word at the edge of the context is left out, if it is not longer than this many characters."""
FIRST_WORD = re.compile(r"\S*\s+")
LAST_WORD = re.compile(r"\s+\S*\Z")

QUOTE = """
SELECT q.quote_id, q.kind, q.quote, q.speaker, q.source_text, q.source_kind, q.cue, q.confidence, q.article_id, q.title,
       q.outlet, q.url, q.published_at, q.inbox, q.file, q.start_char, q.end_char, q.statement_id, q.extractor,
       q.extracted_at, p.day, p.language, p.parts, p.source_start, p.source_end, p.cue_start, p.cue_end,
       q.denied, q.speaks_for, q.by_hand,
       NOT EXISTS (SELECT FROM quote_places s WHERE s.quote_id = q.quote_id) AS is_candidate,
       greatest(q.start_char - %(around)s, 0) AS context_start,
       substr(a.text, greatest(q.start_char - %(around)s, 0) + 1,
              q.end_char - greatest(q.start_char - %(around)s, 0) + %(around)s) AS context,
       char_length(a.text) > q.end_char + %(around)s AS goes_on
FROM all_quotes q JOIN all_places p ON p.quote_id = q.quote_id JOIN articles a ON a.article_id = q.article_id
WHERE q.quote_id = %(quote)s
"""
FILES = """
SELECT f.inbox, f.file, f.member, f.sha256, f.first_seen FROM article_files f
WHERE f.article_id = %(article)s ORDER BY f.first_seen, f.file LIMIT 50
"""
CHANGES = """SELECT * FROM quote_changes c WHERE c.quote_id = %(quote)s ORDER BY c.changed_at DESC LIMIT 50"""
PRINTINGS = """SELECT s.quotes, s.outlets FROM statements s WHERE s.statement_id = %(statement)s"""


def show(request: Request) -> Response:
    """Answer `/quotes/N`."""
    number = request.path_params["number"]
    with read(request) as reading:
        just_decided = decided(reading, query_of(request))
        quote = quote_of(reading, number)
        decisions = about_quote(reading, number)
        if quote is None:
            if not decisions:
                return missing(request, number)
            return page(request, "quote_gone.html", 404, number=number, decisions=decisions, decided=just_decided)
        speakers = speakers_of(reading, [number])[number]
        files = reading.looked_up(FILES, article=quote["article_id"])
        changes = reading.looked_up(CHANGES, quote=number)
        printings = reading.row(PRINTINGS, statement=quote["statement_id"])
    return page(
        request,
        "quote.html",
        quote=quote,
        speakers=speakers,
        context=context_of(quote),
        files=files,
        changes=changes,
        printings=printings,
        decisions=decisions,
        cited=citing.forms_of(quote, str(request.base_url)),
        decided=just_decided,
    )


def quote_of(reading: Reading, number: int) -> RowMapping | None:
    """Return all that is known of a quotation; None if reports have none with this number, not even a candidate."""
    return reading.row(QUOTE, quote=number, around=AROUND)


def missing(request: Request, number: int) -> Response:
    """Say that there is no quotation with this number."""
    advice = "Its article may have been read again, replaced by a newer version, or forgotten."
    return message(request, 404, f"There is no quotation {number}.", advice)


def context_of(quote: RowMapping) -> object:
    """Return the paragraphs around a quotation, with its words, source and cue marked."""
    begin, text = whole_words(quote["context"], is_cut=quote["context_start"] > 0, goes_on=quote["goes_on"])
    first = quote["context_start"] + begin
    length = len(text)
    parts = quote["parts"]
    spans = [(start, end, Role.WORDS) for start, end in zip(parts[::2], parts[1::2], strict=True)]
    if quote["source_start"] is not None:
        spans.append((quote["source_start"], quote["source_end"], Role.SOURCE))
    if quote["cue_start"] is not None:
        spans.append((quote["cue_start"], quote["cue_end"], Role.CUE))
    stretches = [
        Stretch(max(start - first, 0), min(end - first, length), role, quote["quote_id"])
        for start, end, role in spans
        if end > first and start < first + length
    ]
    return paragraphs(text, stretches, 0, length)


def whole_words(text: str, *, is_cut: bool, goes_on: bool) -> tuple[int, str]:
    """Return a piece of an article without the word that is cut at each end, and where it begins in the piece."""
    first = FIRST_WORD.match(text, 0, LONGEST_WORD) if is_cut else None
    last = LAST_WORD.search(text, max(len(text) - LONGEST_WORD, 0)) if goes_on else None
    begin = first.end() if first else 0
    return begin, text[begin : last.start() if last else len(text)]

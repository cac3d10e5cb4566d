"""`/articles/N#qM`: the whole article, set for reading, with its quotations marked, and where it came from."""

from starlette.requests import Request
from starlette.responses import Response

from worker.web.asking import query_of
from worker.web.decided import decided
from worker.web.hits import speakers_of
from worker.web.house import read
from worker.web.marking import Role, Stretch, paragraphs
from worker.web.responses import message, page

ARTICLE = """
SELECT a.article_id, a.title, a.text, a.body_start, a.body_end, a.outlet, a.url, a.published_at, a.date_source,
       a.language, a.licence, a.story_id, a.sources, a.stored_at, a.stored_at AS day, a.warnings
FROM articles a WHERE a.article_id = %(article)s
"""
QUOTES = """
SELECT q.quote_id, q.kind, q.quote, q.speaker, q.source_text, q.source_kind, q.cue, q.confidence, q.statement_id,
       q.denied, q.speaks_for, p.parts, p.source_start, p.source_end, p.cue_start, p.cue_end, p.inside,
       NOT EXISTS (SELECT FROM quote_places s WHERE s.quote_id = q.quote_id) AS is_candidate
FROM all_quotes q JOIN all_places p ON p.quote_id = q.quote_id
WHERE q.article_id = %(article)s AND p.article_id = %(article)s
ORDER BY q.start_char, q.end_char DESC, q.quote_id
"""
SOURCES = """
SELECT s.outlet, s.url, s.title, s.authors, s.published_at, s.date_source, s.inbox, s.file, s.member,
       s.format, s.identifier, s.revision, s.section, s.wire
FROM sources s
WHERE s.article_id = %(article)s ORDER BY s.published_at NULLS LAST, s.outlet, s.file LIMIT 200
"""
VERSIONS = """
SELECT v.revision, v.what, v.article_id, v.reported, v.title, v.file, v.member, v.at FROM versions v
WHERE v.item_id IN (SELECT o.item_id FROM versions o WHERE o.article_id = %(article)s)
ORDER BY v.revision DESC NULLS LAST, v.at DESC LIMIT 100
"""
STORY = """
SELECT a.article_id, a.title, a.outlet, a.published_at, a.stored_at, a.first_file FROM articles a
WHERE a.story_id = %(story)s AND a.article_id <> %(article)s
ORDER BY coalesce(a.published_at, a.stored_at), a.article_id LIMIT 100
"""


def show(request: Request) -> Response:
    """Answer `/articles/N`."""
    number = request.path_params["number"]
    with read(request) as reading:
        article = reading.row(ARTICLE, article=number)
        versions = reading.looked_up(VERSIONS, article=number)
        if article is None:
            if versions:
                return page(request, "article_gone.html", 404, number=number, versions=versions)
            advice = "It may have been replaced by a newer version, or forgotten."
            return message(request, 404, f"There is no article {number}.", advice)
        quotes = reading.looked_up(QUOTES, article=number)
        speakers = speakers_of(reading, (quote["quote_id"] for quote in quotes))
        sources = reading.looked_up(SOURCES, article=number)
        story = reading.looked_up(STORY, article=number, story=article["story_id"])
        just_decided = decided(reading, query_of(request))
    stretches: list[Stretch] = []
    for quote in quotes:
        number_of_it, parts = quote["quote_id"], quote["parts"]
        stretches += [
            Stretch(start, end, Role.WORDS, number_of_it) for start, end in zip(parts[::2], parts[1::2], strict=True)
        ]
        for role, name in ((Role.SOURCE, "source"), (Role.CUE, "cue")):
            if quote[f"{name}_start"] is not None:
                stretches.append(Stretch(quote[f"{name}_start"], quote[f"{name}_end"], role, number_of_it))
    return page(
        request,
        "article.html",
        article=article,
        paragraphs=paragraphs(article["text"], stretches, article["body_start"], article["body_end"]),
        quotes={quote["quote_id"]: quote for quote in quotes},
        speakers=speakers,
        sources=sources,
        versions=versions if len(versions) > 1 else (),
        story=story,
        decided=just_decided,
    )

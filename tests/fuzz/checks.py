"""Checks that every result must pass: members, articles, fingerprints (hash and sketch), quotations, speakers."""

import io
import json
from datetime import datetime

from worker.bounded import BoundedParser
from worker.dedupe.canonical import canonical_hash, canonical_text
from worker.dedupe.sketch import sketch
from worker.extract import Kind, Quotation, extract
from worker.extract.building import joined
from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import regions
from worker.extract.marks.sentences import sentences
from worker.extract.nesting import nested
from worker.extract.rules.passage import passage, within
from worker.extract.union import union
from worker.extract.version import Mode
from worker.parse import Article
from worker.parse.article import Member
from worker.reasons import Reason, Refused
from worker.speakers.within import Resolution, resolve

OUT_OF_BOUNDS = {Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED}  # no small input may be refused for these reasons
Outcomes = list[str]
"""One word for each result: the reason of a refused member, or for example `stored` or `quoted`."""


def read_file(parser: BoundedParser, raw: bytes, name: str) -> Outcomes:
    """Split and parse a file as a worker does, and check the results."""
    try:
        members = list(parser.split(io.BytesIO(raw), name))
    except Refused as refusal:
        return [check_refusal(refusal)]
    assert members
    return [check_member(member) or read_member(parser, member.raw, member.media_type) for member in members]


def read_member(parser: BoundedParser, raw: bytes, media_type: str) -> str:
    """Parse one document and check the result."""
    try:
        article = parser.parse(raw, media_type)
    except Refused as refusal:
        return check_refusal(refusal)
    check_article(article)
    return "stored"


def check_refusal(refusal: Refused) -> str:
    """Check that a refusal has a sentence as its message, and no reason of `OUT_OF_BOUNDS`. Return its reason."""
    assert refusal.reason not in OUT_OF_BOUNDS, refusal.message
    check_storable(refusal.message, 1000)
    assert refusal.message[0].isupper() and refusal.message.endswith((".", ")")), refusal.message
    return refusal.reason.value


def check_member(member: Member) -> str | None:
    """Check that a member can be stored. Return the reason if it is refused, else None."""
    check_storable(member.name, 1000)
    check_storable(member.message, 2000)
    if member.reason is None:
        return None
    assert member.message and member.reason not in OUT_OF_BOUNDS, member.message
    return member.reason.value


def check_article(article: Article) -> None:
    """Check the offsets and fields of an article, and that it can be stored and fingerprinted."""
    assert 0 <= article.body_start < article.body_end <= len(article.text)
    check_storable(article.text, 1_000_000)
    for words in (article.title, article.dateline, article.licence, article.outlet, *article.authors):
        check_storable(words, 1000)
        assert words is None or words.strip()
    check_storable(article.url, 2000)
    check_storable(article.language, 3)
    assert (article.published_at is None) == (article.date_source is None)
    if article.published_at is not None:
        moment = datetime.fromisoformat(article.published_at)
        assert moment.tzinfo is not None and 1600 <= moment.year < 2200
    assert Article.from_json(json.loads(json.dumps(article.to_json()))) == article
    check_fingerprints(article.body, article)


def check_fingerprints(body: str, article: Article | None = None) -> None:
    """Check that the canonical text is stable, and that the sketch is sorted and fits into PostgreSQL's integers."""
    canonical = canonical_text(body)
    assert canonical_text(canonical) == canonical
    fields = {name: getattr(article, name, None) for name in ("title", "outlet", "url")}
    assert len(canonical_hash(body, **fields)) == 32
    hashes = sketch(body)
    assert hashes == sorted(set(hashes)) and all(-(1 << 63) <= value < 1 << 63 for value in hashes)


def check_storable(words: str | None, longest: int) -> None:
    """Check that PostgreSQL can store a text, and that it has at most `longest` characters."""
    if words is not None:
        words.encode("utf-8")
        assert "\0" not in words
        assert len(words) <= longest, f"{len(words)} characters"


def by_rule(text: str) -> list[Quotation]:
    """Return the quotations that the rules find without the network."""
    blocks = paragraphs(text, 0, len(text))
    found = regions(text, blocks)
    outermost = [region for region in found if region.parent is None]
    row = items(text, (0, len(text)), outermost)
    ruled = passage(text, row, sentences(row, blocks), blocks)
    for outer in outermost:
        ruled += within(text, outer, [found[number] for number in outer.children])
    return nested([each for _, each in ruled] + union(text, [], ruled))


def read_text(text: str, mode: Mode, language: str | None, body: tuple[int, int]) -> Outcomes:
    """Extract the quotations from the body of a text, name the speakers, and check the results."""
    quotations = extract(text, body, language, mode)
    check_quotations(text, quotations, body)
    check_resolution(text, quotations, resolve(text, quotations, title=text[:60], body=body))
    return ["quoted" if quotations else "no quotation"]


def check_quotations(text: str, quotations: list[Quotation], body: tuple[int, int] | None = None) -> None:
    """Check the quotations: their offsets must fit the text, be in order, and be inside the body."""
    first, last = body or (0, len(text))
    assert [quotation.start for quotation in quotations] == sorted(quotation.start for quotation in quotations)
    for number, quotation in enumerate(quotations):
        edges = [edge for part in quotation.parts for edge in part]
        assert max(0, first) <= edges[0] and edges[-1] <= min(last, len(text))
        assert edges == sorted(edges) and all(start < end for start, end in quotation.parts)
        assert quotation.text == joined(text, quotation.parts, quotation.source, quotation.cue)
        assert any(sign.isalnum() for sign in quotation.text)
        assert 0.0 <= quotation.confidence <= 1.0 and quotation.kind in Kind
        for mention in (quotation.source, quotation.cue):
            assert mention is None or mention.text == text[mention.start : mention.end] != ""
        if quotation.inside is not None:
            outer = quotations[quotation.inside]
            assert quotation.inside != number
            assert any(start <= quotation.start and quotation.end <= end for start, end in outer.parts)


def check_resolution(text: str, quotations: list[Quotation], resolution: Resolution) -> None:
    """Check that every quotation has one attribution, to entities that exist and have a name."""
    assert len(resolution.attributions) == len(quotations)
    for attribution in resolution.attributions:
        assert all(0 <= number < len(resolution.entities) for number in attribution.entities)
        assert len(set(attribution.entities)) == len(attribution.entities)
        assert 0.0 <= attribution.confidence <= 1.0
    for entity in resolution.entities:
        assert entity.name.strip() and len(entity.name) <= 1000, entity.name[:100]

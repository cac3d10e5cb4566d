"""How to cite a quotation: as a sentence, as BibTeX, as CSL-JSON (Zotero and others), as schema.org's `Quotation`."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

LETTER_NEEDS_ESCAPE = re.compile(r"([&%$#_{}])")


def forms_of(quote: Mapping[Any, Any], base: str) -> dict[str, str]:
    """Return the citation of a quotation in each form, by the form's name. `base` is the address of the page."""
    permalink = f"{base.rstrip('/')}/quotes/{quote['quote_id']}"
    published: datetime | None = quote["published_at"]
    day = published.astimezone(UTC).date() if published else None
    headline = quote["title"] or quote["file"] or f"article {quote['article_id']}"
    facts = {
        "speaker": quote["speaker"] or quote["source_text"],
        "outlet": quote["outlet"],
        "day": day.isoformat() if day else None,
        "headline": headline,
        "url": quote["url"] or permalink,
        "words": quote["quote"],
        "key": f"onrecord{quote['quote_id']}",
    }
    return {
        "Text": as_text(facts),
        "BibTeX": as_bibtex(facts),
        "CSL-JSON": as_csl(facts, quote["language"]),
        "schema.org": as_schema(facts, quote["language"], permalink),
    }


def as_text(facts: Mapping[str, str | None]) -> str:
    """Return the sentence with which one cites."""
    where = ", ".join(part for part in (facts["outlet"], facts["day"] or "undated") if part)
    speaker = f"{facts['speaker']}: " if facts["speaker"] else ""
    return f"{speaker}“{facts['words']}” In: {facts['headline']}. {where}. {facts['url']}"


def as_bibtex(facts: Mapping[str, str | None]) -> str:
    """Return an entry for BibTeX."""
    fields = {
        "title": facts["headline"],
        "journal": facts["outlet"],
        "date": facts["day"],
        "url": facts["url"],
        "note": f"Quotation of {facts['speaker']}: ``{facts['words']}''"
        if facts["speaker"]
        else f"``{facts['words']}''",
    }
    lines = [f"  {name} = {{{escaped(value)}}}" for name, value in fields.items() if value]
    return f"@article{{{facts['key']},\n" + ",\n".join(lines) + "\n}"


def escaped(text: str) -> str:
    """Return a text in which no character is a command to TeX."""
    return LETTER_NEEDS_ESCAPE.sub(r"\\\1", text.replace("\\", "/").replace("~", "-").replace("^", " "))


def as_csl(facts: Mapping[str, str | None], language: str | None) -> str:
    """Return an item of CSL-JSON."""
    item: dict[str, object] = {
        "id": facts["key"],
        "type": "article-newspaper",
        "title": facts["headline"],
        "URL": facts["url"],
        "note": facts["words"],
    }
    if facts["outlet"]:
        item["container-title"] = facts["outlet"]
    if facts["day"]:
        item["issued"] = {"date-parts": [[int(part) for part in facts["day"].split("-")]]}
    if language:
        item["language"] = language
    return json.dumps([item], ensure_ascii=False, indent=2)


def as_schema(facts: Mapping[str, str | None], language: str | None, permalink: str) -> str:
    """Return a `Quotation` of schema.org as JSON-LD."""
    printed: dict[str, object] = {"@type": "NewsArticle", "headline": facts["headline"], "url": facts["url"]}
    if facts["outlet"]:
        printed["publisher"] = {"@type": "Organization", "name": facts["outlet"]}
    if facts["day"]:
        printed["datePublished"] = facts["day"]
    item: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": permalink,
        "text": facts["words"],
        "isPartOf": printed,
    }
    if facts["speaker"]:
        item["creator"] = {"@type": "Thing", "name": facts["speaker"]}
    if language:
        item["inLanguage"] = language
    return json.dumps(item, ensure_ascii=False, indent=2)

"""`onrecord extract`: prints the quotations of files. It needs no database."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from worker.cli.answers import remark, write_line
from worker.cli.errors import Complaint, of_system, say
from worker.cli.options import ASK
from worker.report.printable import printable_json

if TYPE_CHECKING:
    from worker.bounded.parser import BoundedParser
    from worker.extract.quotation import Mention
    from worker.parse.article import Article


class SpanJson(TypedDict):
    """A source or cue in the JSON."""

    text: str
    start: int
    end: int


QuoteJson = TypedDict(
    "QuoteJson",
    {
        "kind": str,
        "text": str,
        "start": int,
        "end": int,
        "parts": list[list[int]],
        "source": SpanJson | None,
        "cue": SpanJson | None,
        "denied": bool,
        "speaker": str | None,
        "for": str | None,
        "confidence": float,
    },
)
"""A quotation in the JSON. `for` names the body or person for whom an unnamed source speaks."""


class ArticleJson(TypedDict):
    """An article in the JSON, as docs/reference.md shows it."""

    file: str
    article: int
    title: str | None
    published_at: str | None
    outlet: str | None
    language: str | None
    text: str
    quotes: list[QuoteJson]


def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Articles, or files with many of them.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for each article, each on one line.")
    ] = False,
) -> None:
    """Print the quotations of files. It needs no database and stores nothing."""
    from worker.waiting import spoken, waiting_for

    refused = 0
    with waiting_for("the files to be read"), bounded_parser() as parser:
        for file in files:
            index = complaints = 0
            for outcome in articles(parser, file):
                if isinstance(outcome, Complaint):
                    complaints += 1
                    refused += outcome.code > 0
                    say(outcome)
                    continue
                described = article_json(file, index, outcome)
                index += 1
                if as_json:
                    import json

                    print(printable_json(json.dumps(described, ensure_ascii=False)), flush=True)
                else:
                    show(described)
                spoken()
            refused += bool(complaints and not index)
    if refused:
        raise typer.Exit(1)


def bounded_parser() -> "BoundedParser":
    """Return a parser with the same limits of size, memory and time as the parser in a worker."""
    from worker.bounded.parser import BoundedParser
    from worker.settings import settings

    configured = settings()
    return BoundedParser(configured.limits, configured.parse_memory_bytes, configured.parse_seconds)


def articles(parser: "BoundedParser", file: Path) -> "Iterator[Article | Complaint]":
    """Yield the articles of one file in their order, and for each refused member a complaint in its place.

    The code of a complaint is 0 if the member is no article and no fault, such as a picture in a zip.
    """
    from worker.reasons import Refused

    try:
        with file.open("rb") as opened:
            for member in parser.split(opened, file.name):
                place = f"{file}:{member.name}" if member.name else str(file)
                path = f"{file}/{member.name}" if member.name else str(file)
                try:
                    if member.reason is not None:
                        raise Refused(member.reason, member.message or "It cannot be read.")
                    yield parser.parse(member.raw, member.media_type, path)
                except Refused as error:
                    is_beside = member.name is not None and error.reason.state == "ignored"
                    yield Complaint(f"{place}: {error.reason}", error.message, code=0 if is_beside else 1)
                if member.note:
                    remark(f"{file}: {member.note}")
    except Refused as error:
        yield Complaint(f"{file}: {error.reason}", error.message)
    except OSError as error:
        yield of_system(error)


def article_json(file: Path, index: int, article: "Article") -> ArticleJson:
    """Return one article with its quotations and their speakers, as docs/reference.md shows it."""
    from worker.extract import extract as quotations_of
    from worker.pipeline import extractor
    from worker.speakers.within import resolve

    body = (article.body_start, article.body_end)
    quotations = quotations_of(
        article.text, body, article.language, extractor.version().mode, confide=extractor.confide()
    )
    resolution = resolve(article.text, quotations, title=article.title, body=body)
    quotes: list[QuoteJson] = []
    for quotation, attribution in zip(quotations, resolution.attributions, strict=True):
        names = [resolution.entities[position].name for position in attribution.entities]
        quotes.append(
            {
                "kind": quotation.kind.value,
                "text": quotation.text,
                "start": quotation.start,
                "end": quotation.end,
                "parts": [list(part) for part in quotation.parts],
                "source": span(quotation.source),
                "cue": span(quotation.cue),
                "denied": quotation.denied,
                "speaker": " & ".join(names) or None,
                "for": attribution.speaks_for,
                "confidence": round(quotation.confidence, 3),
            }
        )
    return {
        "file": file.name,
        "article": index,
        "title": article.title,
        "published_at": article.published_at,
        "outlet": article.outlet,
        "language": article.language,
        "text": article.text,
        "quotes": quotes,
    }


def span(mention: "Mention | None") -> SpanJson | None:
    """Return a source or cue for the JSON."""
    return None if mention is None else {"text": mention.text, "start": mention.start, "end": mention.end}


def show(article: ArticleJson) -> None:
    """Print one article for people: a heading and a table."""
    from worker.report.table import write_table

    labels = (article["file"], article["outlet"], article["published_at"], article["title"])
    heading = " · ".join(str(label) for label in labels if label)
    write_line(heading)
    if not article["quotes"]:
        print("no quotations\n")
        return
    rows = [
        (
            quote["speaker"] or (f"({quote['source']['text']})" if quote["source"] else None),
            quote["cue"]["text"] if quote["cue"] else None,
            quote["kind"],
            quote["text"],
            f"{quote['start']}-{quote['end']}",
        )
        for quote in article["quotes"]
    ]
    write_table(("speaker", "cue", "kind", "quote", "at"), rows, sys.stdout)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(extract)

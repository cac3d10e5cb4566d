"""Gold: articles in which people marked the quotations and their speakers.

Gold may be *partial*: people looked at some quotations of an article only, as in what `onrecord export gold` writes.
Then only what they looked at is judged (`comparison.judged`).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from worker.evaluation.lines import bad, read
from worker.evaluation.spans import Span
from worker.extract import Kind
from worker.reasons import Reason, Refused

SHAPE = '{"doc": …, "text": …, "quotes": [{"content": [[start, end], …], "source": […], "cue": […]}, …]}'
SPEAKER_SHAPE = '{"doc": …, "id": …, "speaker": …, "kind": "person" or other, "mention_type": …}'
BREAKS = dict.fromkeys(map(ord, "\n\r\v\f\x85\u2028\u2029"), " ")

Offset = Annotated[int, Field(ge=0)]
Spans = tuple[tuple[Offset, Offset], ...]
"""Spans `[start, end)` in code points of the line's own text."""


class Form(BaseModel):
    """A line of a file, or an object in a line. Keys that have no field here are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Who(StrEnum):
    """By what a source counts as right."""

    SOURCE = "source"  # by the place of the words that name it
    NAME = (
        "name"  # by the speaker's name: people said who it is, or that nobody known is, and not where the text says so
    )
    UNKNOWN = "unknown"  # by nothing: people said nothing about it


class GoldQuotation(Form):
    """One attribution as people marked it. `content` is the reported words; an interrupted quotation has several spans.

    `speaker` is the fullest name in the article; the names of several speakers are joined by " & ". `source_kind` is
    "person" or another kind. `names.py` uses both. If `kind` is missing, the quotation marks of the text decide it.
    """

    content: Spans
    source: Spans | None = None
    cue: Spans | None = None
    kind: Kind | None = None
    id: str | int | None = None
    speaker: str | None = None
    source_kind: str = "person"
    mention_type: str | None = None
    who: Who = Who.SOURCE


class GoldArticle(Form):
    """One article. The extractor also gets `language` (ISO 639-1), `body`, the span of the text to read, and `title`.

    If the gold is `partial`, `rejected` are those of which people said that they are no quotations, and `unjudged` are
    those that nobody looked at, as the extractor had read them. `unjudged` counts for training only.
    """

    doc: str
    text: str
    quotes: tuple[GoldQuotation, ...]
    title: str | None = None
    language: str | None = "en"
    body: tuple[Offset, Offset] | None = None
    partial: bool = False
    rejected: tuple[GoldQuotation, ...] = ()
    unjudged: tuple[GoldQuotation, ...] = ()

    def flat(self) -> "GoldArticle":
        """Return the article with a space in place of every line break, like many feeds. Offsets stay valid."""
        return self.model_copy(update={"text": self.text.translate(BREAKS)})


class SpeakerLine(Form):
    """A line of a separate file: the speaker of one attribution of the gold."""

    doc: str
    id: str | int
    speaker: str | None
    kind: str
    mention_type: str


def read_gold(path: Path) -> list[GoldArticle]:
    """Return the articles of a gold file, gzipped or not. Raise `Refused` for a bad line; it names line and error."""
    lines = read(path, GoldArticle, SHAPE)
    lines_by_doc: dict[str, int] = {}
    for number, article in lines:
        if (before := lines_by_doc.setdefault(article.doc, number)) != number:
            raise bad(path, number, f"article {article.doc} stands in line {before} already", "Give each its own name")
        error = misplaced(article.text, placed(article))
        if error:
            raise bad(path, number, error, 'Offsets count the code points of "text"')
    return [article for _, article in lines]


def placed(article: GoldArticle) -> Iterable[tuple[str, Sequence[Span]]]:
    """Iterate over all spans of an article, each with the key that it has in the line."""
    yield "body", [article.body] if article.body else []
    for key, quotes in (("quotes", article.quotes), ("rejected", article.rejected), ("unjudged", article.unjudged)):
        for number, quote in enumerate(quotes):
            for name, spans in (("content", quote.content), ("source", quote.source), ("cue", quote.cue)):
                yield f"{key}[{number}].{name}", spans or ()


def misplaced(text: str, rows: Iterable[tuple[str, Sequence[Span]]]) -> str | None:
    """Return an error about the first span that is not inside the text; None if all spans are inside."""
    for place, spans in rows:
        for start, end in spans:
            if not start <= end <= len(text):
                return f"{place} has [{start}, {end}], which is no stretch of a text of {len(text):,} characters"
    return None


def with_speakers(articles: Sequence[GoldArticle], path: Path) -> list[GoldArticle]:
    """Return the articles with the speakers that a file of `SpeakerLine`s names, instead of the gold's speakers."""
    lines: dict[tuple[str, str | int | None], SpeakerLine] = {
        (line.doc, line.id): line for _, line in read(path, SpeakerLine, SPEAKER_SHAPE)
    }
    known = {(article.doc, quote.id) for article in articles for quote in article.quotes}
    if not known & lines.keys():
        raise Refused(
            Reason.NO_ARTICLE, f'{path} names no attribution of this gold; "doc" and "id" must be those of the gold.'
        )
    return [
        article.model_copy(
            update={
                "quotes": tuple(with_speaker(quote, lines.get((article.doc, quote.id))) for quote in article.quotes)
            }
        )
        for article in articles
    ]


def with_speaker(quote: GoldQuotation, line: SpeakerLine | None) -> GoldQuotation:
    """Return the attribution with the speaker of the line. If there is no line, the attribution gets no speaker."""
    if line is None:
        return quote.model_copy(update={"speaker": None})
    return quote.model_copy(
        update={"speaker": line.speaker, "source_kind": line.kind, "mention_type": line.mention_type}
    )

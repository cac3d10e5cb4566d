"""Gold: articles in which people marked who said what."""

from collections.abc import Iterable, Sequence
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
"""`[start, end)` in code points of the line's own text."""


class Form(BaseModel):
    """A line, or a part of one; keys that are not named here are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldQuotation(Form):
    """One attribution as people marked it; an interrupted one has several spans of content.

    `speaker` is the fullest name that the article gives (joint ones joined by " & "), `source_kind` "person" or
    another; both are for the figures of names. Without `kind` it follows from the text's quotation marks.
    """

    content: Spans
    source: Spans | None = None
    cue: Spans | None = None
    kind: Kind | None = None
    id: str | int | None = None
    speaker: str | None = None
    source_kind: str = "person"
    mention_type: str | None = None


class GoldArticle(Form):
    """One article. `language` (ISO 639-1) and `body`, the stretch to look in, are what the extractor is told."""

    doc: str
    text: str
    quotes: tuple[GoldQuotation, ...]
    language: str | None = "en"
    body: tuple[Offset, Offset] | None = None

    def flat(self) -> "GoldArticle":
        """The article with every line break turned into a space, as many feeds deliver text; offsets stay."""
        return self.model_copy(update={"text": self.text.translate(BREAKS)})


class SpeakerLine(Form):
    """Who said one attribution of the gold, in a file of its own."""

    doc: str
    id: str | int
    speaker: str | None
    kind: str
    mention_type: str


def read_gold(path: Path) -> list[GoldArticle]:
    """The articles of a gold file, gzipped or not; refuses a line that is not gold, in a sentence that says why."""
    lines = read(path, GoldArticle, SHAPE)
    seen: dict[str, int] = {}
    for number, article in lines:
        if (before := seen.setdefault(article.doc, number)) != number:
            raise bad(path, number, f"article {article.doc} stands in line {before} already", "Give each its own name")
        outside = misplaced(article.text, placed(article))
        if outside:
            raise bad(path, number, outside, 'Offsets count the code points of "text"')
    return [article for _, article in lines]


def placed(article: GoldArticle) -> Iterable[tuple[str, Sequence[Span]]]:
    """Every row of spans in a line, with its place."""
    yield "body", [article.body] if article.body else []
    for number, quote in enumerate(article.quotes):
        for name, spans in (("content", quote.content), ("source", quote.source), ("cue", quote.cue)):
            yield f"quotes[{number}].{name}", spans or ()


def misplaced(text: str, rows: Iterable[tuple[str, Sequence[Span]]]) -> str | None:
    """What is wrong with the first span that is not a stretch of the text."""
    for place, spans in rows:
        for start, end in spans:
            if not start <= end <= len(text):
                return f"{place} has [{start}, {end}], which is no stretch of a text of {len(text):,} characters"
    return None


def with_speakers(articles: Sequence[GoldArticle], path: Path) -> list[GoldArticle]:
    """The articles with the speakers of a file of `SpeakerLine`s in place of any that they have."""
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
            update={"quotes": tuple(told(quote, lines.get((article.doc, quote.id))) for quote in article.quotes)}
        )
        for article in articles
    ]


def told(quote: GoldQuotation, line: SpeakerLine | None) -> GoldQuotation:
    """The attribution with its speaker as the line has it; without one where there is no line."""
    if line is None:
        return quote.model_copy(update={"speaker": None})
    return quote.model_copy(
        update={"speaker": line.speaker, "source_kind": line.kind, "mention_type": line.mention_type}
    )

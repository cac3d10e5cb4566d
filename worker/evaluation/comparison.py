"""One article, gold against stored: what belongs together, and whether the sources agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.evaluation.gold import GoldArticle, GoldQuotation
from worker.evaluation.marks import in_marks, kind, quoted_regions
from worker.evaluation.pairing import pairs
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.evaluation.spans import Span, trimmed
from worker.evaluation.words import Words
from worker.extract import Kind


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold quotation with its spans trimmed; there may be nothing left of its content."""

    quote: GoldQuotation
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    kind: Kind

    @property
    def quoted(self) -> bool:
        """Whether it belongs to the figures of quoted ones."""
        return self.kind is not Kind.INDIRECT


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored quotation with its spans trimmed; `quoted`: a mark is in or beside its content, or all around it."""

    quote: PredictedQuotation
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold quotation that was found.

    `who`: the sources share a word that tells, at the same place, or both have none. `who_anywhere`: the same word, but
    it may stand elsewhere in the article.
    """

    gold: Gold
    stored: Stored
    who: bool
    who_anywhere: bool


@dataclass(frozen=True, slots=True)
class View:
    """The quotations of one article that are counted together: all, or the quoted ones."""

    gold: tuple[Gold, ...]
    stored: tuple[Stored, ...]
    pairs: tuple[Pair, ...]

    @property
    def right(self) -> int:
        """Quotations found with their source."""
        return sum(pair.who for pair in self.pairs)

    @property
    def errors(self) -> int:
        """What `who` counts as wrong: gold not found with its source, and stored that is no such gold."""
        return len(self.gold) + len(self.stored) - 2 * self.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article in both views, and what it was made of.

    `gold` has every attribution in the order of the line, also those that trimming leaves nothing of; the views do not.
    """

    article: GoldArticle
    gold: tuple[Gold, ...]
    words: Words
    all: View
    quoted: View


def compare(article: GoldArticle, prediction: Prediction | None) -> Comparison:
    """Hold what was stored against the gold; no prediction is an empty one. What trimming empties is left out."""
    text, regions, words = article.text, quoted_regions(article.text), Words(article.text)
    marked = tuple(
        Gold(
            each,
            trimmed(text, each.content),
            trimmed(text, each.source or ()),
            each.kind or kind(text, each.content, regions),
        )
        for each in article.quotes
    )
    gold = [each for each in marked if each.content]
    stored = [
        Stored(each, content, trimmed(text, each.source or ()), in_marks(text, content, regions))
        for each in (prediction.quotes if prediction else ())
        if (content := trimmed(text, each.content or ()))
    ]
    quoted = [each for each in gold if each.quoted], [each for each in stored if each.quoted]
    return Comparison(article, marked, words, view(words, gold, stored), view(words, *quoted))


def view(words: Words, gold: Sequence[Gold], stored: Sequence[Stored]) -> View:
    """Pair the quotations of one view, as if there were no others."""
    matched = pairs([each.content for each in gold], [each.content for each in stored])
    return View(
        tuple(gold), tuple(stored), tuple(pair(words, gold[number], stored[place]) for number, place in matched)
    )


def pair(words: Words, gold: Gold, stored: Stored) -> Pair:
    """Two quotations that belong together, and whether their sources agree."""
    one, other = words.naming(gold.source), words.naming(stored.source)
    neither = not (one or other)
    anywhere = words.spelled(one) & words.spelled(other)
    return Pair(gold, stored, bool(one & other) or neither, bool(anywhere) or neither)

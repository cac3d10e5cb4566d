"""The comparison of one article: pairs of gold and stored quotations, and whether the sources of a pair agree.

A gold quotation is a quotation that people marked. A stored quotation is a quotation that the extractor found. The
content of a quotation is its words, without source and cue.
"""

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
    """A gold quotation with its spans trimmed. Trimming may leave its content empty."""

    quote: GoldQuotation
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    kind: Kind

    @property
    def quoted(self) -> bool:
        """True if the quotation counts as a quoted attribution: it is direct or mixed."""
        return self.kind is not Kind.INDIRECT


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored quotation with its spans trimmed. `quoted` is true if marks are in, beside or around its content."""

    quote: PredictedQuotation
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold quotation and the stored quotation that matches it.

    `who`: both sources contain the same word at the same position (stopwords do not count), or neither quotation has a
    source. `who_anywhere` is the same, but the word may be at different positions of the article.
    """

    gold: Gold
    stored: Stored
    who: bool
    who_anywhere: bool


@dataclass(frozen=True, slots=True)
class View:
    """The quotations of one article that are counted together: either all, or only the quoted quotations."""

    gold: tuple[Gold, ...]
    stored: tuple[Stored, ...]
    pairs: tuple[Pair, ...]

    @property
    def right(self) -> int:
        """The number of gold quotations that the extractor found with the right source."""
        return sum(pair.who for pair in self.pairs)

    @property
    def errors(self) -> int:
        """The number of errors in `who`: gold and stored quotations that are not in a pair with the right source."""
        return len(self.gold) + len(self.stored) - 2 * self.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article in both views.

    `gold` has every attribution in the order of the gold file. The views leave out attributions whose content is empty
    after trimming.
    """

    article: GoldArticle
    gold: tuple[Gold, ...]
    words: Words
    all: View
    quoted: View


def compare(article: GoldArticle, prediction: Prediction | None) -> Comparison:
    """Compare the stored quotations of an article with its gold. No prediction counts as an empty prediction."""
    text, regions, words = article.text, quoted_regions(article.text), Words(article.text)
    marked = tuple(
        Gold(
            quote,
            trimmed(text, quote.content),
            trimmed(text, quote.source or ()),
            quote.kind or kind(text, quote.content, regions),
        )
        for quote in article.quotes
    )
    gold = [quote for quote in marked if quote.content]
    stored = [
        Stored(quote, content, trimmed(text, quote.source or ()), in_marks(text, content, regions))
        for quote in (prediction.quotes if prediction else ())
        if (content := trimmed(text, quote.content or ()))
    ]
    quoted_gold, quoted_stored = [quote for quote in gold if quote.quoted], [quote for quote in stored if quote.quoted]
    return Comparison(article, marked, words, view(words, gold, stored), view(words, quoted_gold, quoted_stored))


def view(words: Words, gold: Sequence[Gold], stored: Sequence[Stored]) -> View:
    """Pair the quotations of one view. Quotations outside the view are not considered."""
    matched = pairs([quote.content for quote in gold], [quote.content for quote in stored])
    return View(
        tuple(gold), tuple(stored), tuple(pair(words, gold[number], stored[place]) for number, place in matched)
    )


def pair(words: Words, gold: Gold, stored: Stored) -> Pair:
    """Return a pair of matching quotations, and whether their sources agree."""
    in_gold, in_stored = words.naming(gold.source), words.naming(stored.source)
    no_source = not (in_gold or in_stored)
    same_spelling = words.spelled(in_gold) & words.spelled(in_stored)
    return Pair(gold, stored, bool(in_gold & in_stored) or no_source, bool(same_spelling) or no_source)

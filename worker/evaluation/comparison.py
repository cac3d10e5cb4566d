"""The comparison of one article: pairs of gold and stored quotations, and whether their sources agree."""

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
    """A gold quotation with its spans trimmed; its content may be empty after that."""

    quote: GoldQuotation
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    kind: Kind

    @property
    def quoted(self) -> bool:
        """True if it counts in the figures of quoted attributions: any kind but indirect."""
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
    """A gold quotation and the stored one that matches it.

    `who`: both sources share a telling word at the same place, or both have no source. `who_anywhere`: both share such
    a word, which may stand at two places of the article.
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
        """The number of quotations that were found with the right source."""
        return sum(pair.who for pair in self.pairs)

    @property
    def errors(self) -> int:
        """The number of errors in `who`: gold not found with its source, and stored without such a gold."""
        return len(self.gold) + len(self.stored) - 2 * self.right


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article in both views.

    `gold` has every attribution in the order of the gold file. The views leave out those that trimming empties.
    """

    article: GoldArticle
    gold: tuple[Gold, ...]
    words: Words
    all: View
    quoted: View


def compare(article: GoldArticle, prediction: Prediction | None) -> Comparison:
    """Compare the stored quotations of an article with its gold. No prediction counts as one without quotations."""
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
    """Pair the quotations of one view; quotations outside it play no role."""
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

"""The comparison of one article: pairs of gold and stored quotations, and whether the sources of a pair agree.

A gold quotation is a quotation that people marked. A stored quotation is a quotation that the extractor found. The
content of a quotation is its words, without source and cue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from worker.evaluation.gold import GoldArticle, GoldQuotation, Who
from worker.evaluation.marks import in_marks, kind, quoted_regions
from worker.evaluation.pairing import MATCH, NEAR, pairs
from worker.evaluation.prediction import PredictedQuotation, Prediction
from worker.evaluation.same_name import JOINT, same
from worker.evaluation.spans import Span, likeness, trimmed
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


Either = TypeVar("Either", Gold, Stored)


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold quotation and the stored quotation that matches it.

    `who`: both sources contain the same word at the same position (stopwords do not count), or neither quotation has a
    source. `who_anywhere` is the same, but the word may be at different positions of the article. If the gold names
    only the speaker (`Who.NAME`), both mean that the stored speaker has this name.
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

    def as_gold(quotes: Iterable[GoldQuotation]) -> tuple[Gold, ...]:
        return tuple(
            Gold(
                quote,
                trimmed(text, quote.content),
                trimmed(text, quote.source or ()),
                quote.kind or kind(text, quote.content, regions),
            )
            for quote in quotes
        )

    marked = as_gold(article.quotes)
    gold = [quote for quote in marked if quote.content]
    rejected = [quote for quote in as_gold(article.rejected) if quote.content]
    stored = [
        Stored(quote, content, trimmed(text, quote.source or ()), in_marks(text, content, regions))
        for quote in (prediction.quotes if prediction else ())
        if (content := trimmed(text, quote.content or ()))
    ]
    if article.partial:
        stored = judged(stored, gold, rejected, as_gold(article.unjudged))
    every = view(words, gold, stored, rejected)
    quoted = view(words, in_quoted(gold), in_quoted(stored), in_quoted(rejected))
    return Comparison(article, marked, words, every, quoted)


def in_quoted(quotes: Iterable[Either]) -> list[Either]:
    """Return the quotations that the view of quoted ones has."""
    return [quote for quote in quotes if quote.quoted]


def judged(
    stored: Sequence[Stored], gold: Sequence[Gold], rejected: Sequence[Gold], unjudged: Sequence[Gold]
) -> list[Stored]:
    """Return the stored quotations that people's decisions say something about.

    They match a quotation that people rejected; or they share words with one that people marked, so that they are right
    or have a wrong boundary. One that matches what nobody looked at is left out, such as a quotation inside another.
    """
    return [
        quote
        for quote in stored
        if most_alike(quote, rejected) >= MATCH
        or (most_alike(quote, gold) >= NEAR and most_alike(quote, gold) >= most_alike(quote, unjudged))
    ]


def most_alike(stored: Stored, quotes: Iterable[Gold]) -> float:
    """Return the greatest likeness of the content to one of the contents of `quotes`; 0 without any."""
    return max((likeness(stored.content, quote.content) for quote in quotes), default=0.0)


def view(words: Words, gold: Sequence[Gold], stored: Sequence[Stored], rejected: Sequence[Gold] = ()) -> View:
    """Pair the quotations of one view. Quotations outside the view are not considered.

    A stored quotation that is most like one that people rejected is in no pair.
    """
    matched = pairs([quote.content for quote in (*gold, *rejected)], [quote.content for quote in stored])
    return View(
        tuple(gold),
        tuple(stored),
        tuple(pair(words, gold[number], stored[place]) for number, place in matched if number < len(gold)),
    )


def pair(words: Words, gold: Gold, stored: Stored) -> Pair:
    """Return a pair of matching quotations, and whether their sources agree."""
    if gold.quote.who is not Who.SOURCE:
        agrees = gold.quote.who is Who.UNKNOWN or same_speaker(stored.quote.speaker, gold.quote.speaker)
        return Pair(gold, stored, agrees, agrees)
    in_gold, in_stored = words.naming(gold.source), words.naming(stored.source)
    no_source = not (in_gold or in_stored)
    same_spelling = words.spelled(in_gold) & words.spelled(in_stored)
    return Pair(gold, stored, bool(in_gold & in_stored) or no_source, bool(same_spelling) or no_source)


def same_speaker(stored: str | None, gold: str | None) -> bool:
    """True if one of the stored names is one of the gold's names, or if neither side has a name."""
    if not stored or not gold:
        return not stored and not gold
    return any(same(ours, theirs) for ours in stored.split(JOINT) for theirs in gold.split(JOINT))

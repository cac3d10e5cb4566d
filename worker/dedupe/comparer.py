"""Compares the texts of one document with each other and with stored ones: each two once, and with a bounded effort.

In the final transaction of a document hardly anything is compared, since other documents may wait for its locks. There
a `Comparer` knows what has been compared before, and compares a few short texts. If more is missing, the transaction is
rolled back, the texts are compared, and the transaction is run again.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from worker.dedupe.wording import likeness, wording

Result = TypeVar("Result")

MOST_WORDS = 500_000
"""At most about this many words are read to compare the quotations of one document: some seconds of work."""
WORDS_A_QUOTATION = 2_000
"""At most about this many words are read for each quotation if more quotations are compared than one document has."""
MOST_MISSING = 20_000
"""At most so many missing comparisons are remembered for one try of a transaction; the next try finds the others."""
WORDS_AT_ONCE = 4_000
"""In each try of a final transaction, texts of at most so many words are compared at once.

That takes some 10 ms at most. Usual articles need no more; to run the transaction again would keep others waiting for
longer, and a rollback makes the driver forget its prepared statements.
"""


class Uncompared(Exception):
    """The transaction needs comparisons: roll it back, call `compare`, and run the transaction again."""

    def __init__(self, compare: Callable[[], object]) -> None:
        super().__init__("texts must be compared before the transaction")
        self.compare = compare


class Comparer:
    """Compares quotations as `likeness` does, and remembers the results; but reads a bounded number of words.

    Once so many words were read, only quotations with the same words are alike. Usual articles need a thousandth of it.
    """

    def __init__(self, quotations: int = 1) -> None:
        self._words_left = max(MOST_WORDS, quotations * WORDS_A_QUOTATION)
        self._known: dict[Hashable, object] = {}
        self._knows_only = False
        self._words_at_once = 0
        self._missing: dict[Hashable, Callable[[], object]] = {}

    def likeness(self, text: str, other: str) -> float:
        """Return the likeness of two quotations."""
        first, second = wording(text).words, wording(other).words
        if first == second:
            return float(bool(first))
        pair = (text, other) if text < other else (other, text)
        if pair not in self._known and self._words_left <= 0:
            return 0.0
        count = len(first) + len(second)
        return self.once(pair, count, lambda: self._read(count, text, other), 0.0)

    def once(self, texts: Hashable, words: int, compare: Callable[[], Result], meanwhile: Result) -> Result:
        """Return what `compare` returns for these texts, or has returned; `meanwhile` if it may not be called now.

        `words` is about how many words the texts have together.
        """
        if texts in self._known:
            return cast(Result, self._known[texts])
        if self._knows_only and words <= self._words_at_once:
            self._words_at_once -= words
        elif self._knows_only:
            if len(self._missing) < MOST_MISSING:
                self._missing[texts] = compare
            return meanwhile
        result = compare()
        self._known[texts] = result
        return result

    def require(self, again: Callable[[], object] | None = None) -> None:
        """Raise `Uncompared` if a comparison was missing.

        `again` repeats the pure work that needs comparisons; without it, only those that were missing are made.
        """
        if self._missing:
            missing, self._missing = self._missing, {}
            raise Uncompared(again or (lambda: [self.once(texts, 0, work, None) for texts, work in missing.items()]))

    @contextmanager
    def only_known(self) -> Iterator[None]:
        """Inside this context, compare no more than `WORDS_AT_ONCE` words."""
        self._knows_only, self._words_at_once = True, WORDS_AT_ONCE
        try:
            yield
        finally:
            self._knows_only, self._missing = False, {}

    def _read(self, count: int, text: str, other: str) -> float:
        if self._words_left <= 0:
            return 0.0
        self._words_left -= count
        return likeness(text, other)

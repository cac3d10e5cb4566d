"""Runs a final transaction in which hardly any texts are compared: what it needs to know is found out outside of it.

Only after `ATTEMPTS` tries, between which others stored similar texts each time, does it compare the few new ones.
"""

from collections.abc import Callable
from typing import TypeVar

from worker.dedupe.comparer import Comparer, Uncompared
from worker.pipeline.budget import Budget

Result = TypeVar("Result")

ATTEMPTS = 8
"""Run the transaction at most so many times without comparing more in it than `WORDS_AT_ONCE` of the comparer."""


def with_comparisons(compare: Comparer, budget: Budget, transaction: Callable[[], Result]) -> Result:
    """Return the result of a transaction; each time when it lacks comparisons, make them, and run it again.

    Other documents may store similar texts meanwhile, again and again. So the last attempt may compare the few texts
    that are new since then. Raise `Refused(too_slow)` if the budget has no time left for the comparisons.
    """
    for _ in range(ATTEMPTS):
        try:
            with compare.only_known():
                return transaction()
        except Uncompared as lacking:
            uncompared = lacking  # the name outlives this block
        with budget.kept():
            uncompared.compare()
    return transaction()

"""All questions that SQL can answer, in the order in which they are asked."""

from worker.store.checking import articles, catalogue, ledger, quotes, speakers

QUESTIONS = (
    *ledger.QUESTIONS,
    *articles.QUESTIONS,
    *quotes.QUESTIONS,
    *speakers.QUESTIONS,
    *catalogue.QUESTIONS,
)

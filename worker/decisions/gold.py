"""What people decided about quotations, as gold: in the form that `onrecord eval` and `training` read.

Of an article, people look at some quotations only. So each line says what they looked at (`quotes`, `rejected`), and
what nobody looked at (`unjudged`, as the machine reads it); `worker/evaluation/gold.py` explains the form.

* Who accepts a quotation, or cuts it anew, lets its source and its speaker stand: they are right.
* Who says whose a quotation is, where the machine knew nobody or the same speaker, lets the source stand. Otherwise the
  machine's source may be wrong, and only the speaker's name is known (`who`: name).
* Of an added quotation without a speaker nobody said who it is by (`who`: unknown).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from worker.decisions import cuts
from worker.store import corrections, decisions, gold
from worker.store.decisions import Decision
from worker.store.gold import GoldQuote, JudgedArticle

JOINT = " & "
ABOUT_SPEAKERS = ("set_speaker", "no_speaker")


def lines(connection: Connection) -> Iterator[dict[str, Any]]:
    """Iterate over the articles with decisions about quotations, each as a line of gold. Decisions undone don't count.

    The caller's transaction should see one moment (repeatable read).
    """
    for article in gold.articles(connection):
        line = line_of(connection, article)
        if line["quotes"] or line["rejected"]:
            yield line


def line_of(connection: Connection, article: JudgedArticle) -> dict[str, Any]:
    """Return one article as a line of gold."""
    current = corrections.current_quotes(connection, article.id)
    decided: dict[int, list[Decision]] = {}
    for decision in decisions.of_article(connection, article.id):
        meant = cuts.target(decision, current)
        if meant is not None and not decision.value.get("lost"):
            decided.setdefault(meant.id, []).append(decision)
    line: dict[str, Any] = {
        "doc": f"{article.id}:{article.file}" if article.file else str(article.id),
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "body": [article.body_start, article.body_end],
        "partial": True,
        "quotes": [],
        "rejected": [],
        "unjudged": [],
    }
    for quote in gold.quotes(connection, article.id):
        if quote.id not in decided:
            line["unjudged"].append(as_read(quote))
        elif quote.rejected:
            line["rejected"].append(as_read(quote))
        else:
            line["quotes"].append(as_read(quote) | who_said(connection, article, quote, decided[quote.id]))
    return line


def as_read(quote: GoldQuote) -> dict[str, Any]:
    """Return a quotation with its spans as they stand, and its speakers' names in this article."""
    return {
        "id": quote.id,
        "content": [[quote.parts[at], quote.parts[at + 1]] for at in range(0, len(quote.parts), 2)],
        "cue": span(quote.cue_start, quote.cue_end),
        "source": span(quote.source_start, quote.source_end),
        "kind": quote.kind,
        "speaker": JOINT.join(quote.speakers) or None,
        "source_kind": quote.source_kind,
    }


def span(start: int | None, end: int | None) -> list[list[int | None]]:
    """Return a source or cue in the gold's form; an empty list if there is none."""
    return [] if start is None else [[start, end]]


def who_said(
    connection: Connection, article: JudgedArticle, quote: GoldQuote, decided: Sequence[Decision]
) -> dict[str, Any]:
    """Return what people's decisions say about the speaker of a quotation, to take the place of what the machine read.

    For `speaker`, a form of the name that stands in the article is best: the extractor sees no other article.
    """
    last = next((decision for decision in reversed(decided) if decision.kind in ABOUT_SPEAKERS), None)
    if last is None:
        return {"who": "unknown"} if quote.added else {}
    if last.kind == "no_speaker":
        return {"who": "name", "speaker": None}
    given = str(last.value["name"])
    known = {given} | (gold.forms(connection, [last.speaker_id]) if last.speaker_id is not None else set())
    machines = [str(speaker["name"]) for speaker in last.value["machine"]["speakers"]]
    same = next((name for name in machines if name in known), None)
    printed = max((name for name in known if name in article.text), key=lambda name: (len(name), name), default=given)
    if quote.source_start is not None and not quote.added and (same or not machines):
        return {"speaker": same or printed}
    return {"who": "name", "speaker": same or printed, "source": []}

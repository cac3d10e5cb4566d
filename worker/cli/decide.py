"""Carries out people's decisions, as the owner of the tables and with the user's name, and tells what was decided.

What a command names (a speaker by name, for example) is looked up in the decision's own transaction, so that the
decision is about what is stored then.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypedDict, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from worker.cli.answers import remark, write_line
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.progress import progress_bar
from worker.cli.signature import user_name
from worker.decisions import aliases
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.decisions.called import set_speaker_called, speaker_called
from worker.decisions.deciding import decide
from worker.speakers.across import unlisting
from worker.speakers.within.resolution import EntityKind
from worker.store.db.conflicts import Conflict

Result = TypeVar("Result")


class DecisionSignature(TypedDict):
    """The person who decides, and the reason; every decision is stored with both."""

    who: str
    reason: str


class Decided(NamedTuple):
    """What a person decided: a sentence about it, and the ids of the decisions that were stored."""

    sentence: str
    decisions: Sequence[int]


def carry_out(
    reason: str,
    work: Callable[[Connection, DecisionSignature], Result],
    tell: Callable[[Result], str],
) -> None:
    """Carry out a decision, and print what `tell` says about its result; then move what it left to be moved.

    `work` gets the decision's transaction, and the signature of the decisions that it stores.
    """
    if not reason.strip():
        raise Complaint("A decision needs a reason.", 'Say why: --reason "the same person, see the byline"')
    signature: DecisionSignature = {"who": user_name(), "reason": reason.strip()}
    with owner_engine() as engine:
        with progress() as show:
            result = decide(engine, lambda connection: work(connection, signature), show)
        write_line(tell(result))
        try:
            with progress() as show:
                unlisting.finish(engine, show)
        except (Conflict, DBAPIError):
            remark("The decision holds. Not all quotations are moved yet; a running Onrecord goes on with it.")


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how many quotations are moved, on a line of stderr if that is a terminal."""
    with progress_bar() as bar:
        task = bar.add_task("moving quotations", total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def with_undoing(decided: Decided) -> str:
    """Return the sentence about a decision, and how to undo it."""
    undoing = "; ".join(f"onrecord decisions undo {number} --reason WHY" for number in decided.decisions)
    return f"{decided.sentence} (Take it back: {undoing})"


def merge(speaker: str, other: str, reason: str) -> None:
    """Make `other` the same speaker as `speaker`."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        kept, merged = speaker_called(connection, speaker), speaker_called(connection, other)
        decisions = speaker_decisions.merge(connection, [merged.id], kept.id, **signature)
        result = speaker_called(connection, str(kept.id))  # the merge may have changed which form is shown
        return Decided(
            f"{kept.name} and {merged.name} are one speaker from now on: {result.name} ({result.id}).", decisions
        )

    carry_out(reason, work, with_undoing)


def split(speaker: str, name: str, reason: str) -> None:
    """Take one form of a name away from a speaker, and give it to a new speaker."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        owner = speaker_called(connection, speaker)
        decision, new_id = speaker_decisions.split(connection, owner.id, name, **signature)
        new, old = speaker_called(connection, str(new_id)), speaker_called(connection, str(owner.id))
        sentence = f"{new.name} is a speaker of its own from now on ({new.id}), and not {old.name} ({old.id})."
        return Decided(sentence, [decision])

    carry_out(reason, work, with_undoing)


def refuse(speaker: str, other: str, reason: str) -> None:
    """Decide that two speakers are not the same."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        first, second = speaker_called(connection, speaker), speaker_called(connection, other)
        decision = speaker_decisions.refuse(connection, first.id, second.id, **signature)
        return Decided(f"{first.name} ({first.id}) and {second.name} ({second.id}) stay two.", [decision])

    carry_out(reason, work, with_undoing)


def rename(speaker: str, name: str, reason: str) -> None:
    """Choose the name that reports show for a speaker."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        before = speaker_called(connection, speaker)
        decision = speaker_decisions.rename(connection, before.id, name, **signature)
        after = speaker_called(connection, str(before.id))
        return Decided(f"{before.name} ({before.id}) is shown as {after.name} from now on.", [decision])

    carry_out(reason, work, with_undoing)


def alias(speaker: str, name: str, reason: str) -> None:
    """Give a speaker one name more."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        known = speaker_called(connection, speaker)
        decision = aliases.add(connection, known.id, name, **signature)
        after = speaker_called(connection, str(known.id))
        return Decided(f"{name.strip()} is a name of {after.name} ({after.id}) from now on.", [decision])

    carry_out(reason, work, with_undoing)


def set_speaker(quote: int, speaker: str, reason: str, *, body: bool) -> None:
    """Decide who said a quote. If no speaker has the name, a new speaker is made."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        kind = EntityKind.BODY if body else EntityKind.PERSON
        decision, shown = set_speaker_called(connection, quote, speaker, kind, **signature)
        said_by = f"{shown.name} ({shown.id})" if shown else speaker.strip()
        return Decided(f"Quote {quote} is by {said_by} from now on.", [decision])

    carry_out(reason, work, with_undoing)


def no_speaker(quote: int, reason: str) -> None:
    """Decide that no known speaker said a quote."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        decision = quote_decisions.no_speaker(connection, quote, **signature)
        return Decided(f"Quote {quote} is by nobody known from now on.", [decision])

    carry_out(reason, work, with_undoing)


def accept(quote: int, reason: str) -> None:
    """Decide that a quote is a quotation."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        decision = quote_decisions.accept(connection, quote, **signature)
        return Decided(f"Quote {quote} is a quotation from now on; reports show it.", [decision])

    carry_out(reason, work, with_undoing)


def reject(quote: int, reason: str) -> None:
    """Decide that a quote is no quotation."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        decision = quote_decisions.reject(connection, quote, **signature)
        return Decided(f"Quote {quote} is no quotation from now on; reports leave it out.", [decision])

    carry_out(reason, work, with_undoing)


def recut(quote: int, words: str, near: int | None, reason: str) -> None:
    """Decide which words a quote has."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        decision = quote_decisions.recut(connection, quote, words, near=near, **signature)
        return Decided(f"Quote {quote} has these words from now on.", [decision])

    carry_out(reason, work, with_undoing)


def add(article: int, words: str, near: int | None, speaker: str | None, reason: str, *, body: bool) -> None:
    """Decide that words of an article are a quotation, and who said it, if that is known."""

    def work(connection: Connection, signature: DecisionSignature) -> Decided:
        decision, quote = quote_decisions.add(connection, article, words, near=near, **signature)
        said_by = "nobody known"
        if speaker is not None:
            kind = EntityKind.BODY if body else EntityKind.PERSON
            _, shown = set_speaker_called(connection, quote, speaker, kind, **signature)
            said_by = f"{shown.name} ({shown.id})" if shown else speaker.strip()
        return Decided(f"Article {article} has quote {quote} by {said_by} from now on.", [decision])

    carry_out(reason, work, with_undoing)


def undo(decision: int, reason: str) -> None:
    """Undo a decision."""
    carry_out(
        reason,
        lambda connection, signature: speaker_decisions.undo(connection, decision, **signature),
        lambda _: f"Decision {decision} is taken back.",
    )

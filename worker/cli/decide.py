"""Carries out people's decisions. Each decision is one transaction as the owner of the tables, with the user's name."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypedDict

from sqlalchemy import Connection, text

from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.speakers.within.resolution import EntityKind

SPEAKERS_CALLED = text("""
SELECT DISTINCT r.id, r.name, r.kind FROM speakers s
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
LEFT JOIN speaker_names n ON n.speaker_id = s.id AND n.status = 'joined'
WHERE s.id = :number OR (:number IS NULL AND lower(:name) IN (lower(r.name), lower(s.name), lower(n.name)))
ORDER BY r.id
""")
LATEST_DECISION = text("""SELECT max(id) FROM decisions""")


class DecisionSignature(TypedDict):
    """The person who decides, and the reason; every decision is stored with both."""

    who: str
    reason: str


class NamedSpeaker(NamedTuple):
    """A speaker that the user named in a command."""

    id: int
    name: str
    kind: str


@contextmanager
def deciding(reason: str) -> Iterator[tuple[Connection, DecisionSignature]]:
    """Yield a transaction, and the signature for every decision in it."""
    if not reason.strip():
        raise Complaint("A decision needs a reason.", 'Say why: --reason "the same person, see the byline"')
    with owner_engine() as engine, engine.begin() as connection:
        yield connection, {"who": user_name(), "reason": reason.strip()}


def user_name() -> str:
    """Return the name that decisions are signed with."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # the user id has no name, as often in a container
        return "unknown"


def speakers_called(connection: Connection, name: str) -> list[NamedSpeaker]:
    """Return the speakers with this number, or with any form of this name."""
    number = int(name) if name.isdecimal() else None
    rows = connection.execute(SPEAKERS_CALLED, {"number": number, "name": name.strip()})
    return [NamedSpeaker(*row) for row in rows]


def speaker_called(connection: Connection, name: str) -> NamedSpeaker:
    """Return the speaker with this number, or with any form of this name. Complain if there are none or several."""
    speakers = speakers_called(connection, name)
    if not speakers:
        raise Complaint(f"No speaker is called {name}.", "`onrecord speakers list --search PART` finds names.")
    if len(speakers) > 1:
        names = ", ".join(f"{speaker.name} ({speaker.id})" for speaker in speakers)
        raise Complaint(f"Several speakers are called {name}: {names}.", "Give the number of the one you mean.")
    return speakers[0]


def confirm(connection: Connection, sentence: str) -> None:
    """Print the latest decision as this `sentence`, and how to undo the decision."""
    from worker.report.printable import printable

    number = connection.execute(LATEST_DECISION).scalar_one()
    print(printable(f"{sentence} (Take it back: onrecord decisions undo {number} --reason WHY)"))


def merge(speaker: str, other: str, reason: str) -> None:
    """Make `other` the same speaker as `speaker`."""
    with deciding(reason) as (connection, signature):
        kept, merged = speaker_called(connection, speaker), speaker_called(connection, other)
        speaker_decisions.merge(connection, [merged.id], kept.id, **signature)
        result = speaker_called(connection, str(kept.id))  # the merge may have changed which form is shown
        confirm(connection, f"{kept.name} and {merged.name} are one speaker from now on: {result.name} ({result.id}).")


def split(speaker: str, name: str, reason: str) -> None:
    """Take one form of a name away from a speaker, and give it to a new speaker."""
    with deciding(reason) as (connection, signature):
        owner = speaker_called(connection, speaker)
        new_id = speaker_decisions.split(connection, owner.id, name, **signature)
        confirm(
            connection, f"{name} is a speaker of its own from now on ({new_id}), and not {owner.name} ({owner.id})."
        )


def refuse(speaker: str, other: str, reason: str) -> None:
    """Decide that two speakers are not the same."""
    with deciding(reason) as (connection, signature):
        first, second = speaker_called(connection, speaker), speaker_called(connection, other)
        speaker_decisions.refuse(connection, first.id, second.id, **signature)
        confirm(connection, f"{first.name} ({first.id}) and {second.name} ({second.id}) stay two.")


def rename(speaker: str, name: str, reason: str) -> None:
    """Choose the name that reports show for a speaker."""
    with deciding(reason) as (connection, signature):
        renamed = speaker_called(connection, speaker)
        speaker_decisions.rename(connection, renamed.id, name, **signature)
        confirm(connection, f"{renamed.name} ({renamed.id}) is shown as {name.strip()} from now on.")


def set_speaker(quote: int, speaker: str, reason: str, *, body: bool) -> None:
    """Decide who said a quote. If no speaker has the name, a new speaker is made."""
    with deciding(reason) as (connection, signature):
        kind = EntityKind.BODY if body else EntityKind.PERSON
        name = speaker.strip()
        speakers = speakers_called(connection, name)
        if name.isdecimal() or len(speakers) > 1:
            speakers = [speaker_called(connection, name)]
        if speakers:
            name, kind = speakers[0].name, EntityKind(speakers[0].kind)
        quote_decisions.set_speaker(connection, quote, name, kind=kind, **signature)
        confirm(connection, f"Quote {quote} is by {name} from now on.")


def no_speaker(quote: int, reason: str) -> None:
    """Decide that no known speaker said a quote."""
    with deciding(reason) as (connection, signature):
        quote_decisions.no_speaker(connection, quote, **signature)
        confirm(connection, f"Quote {quote} is by nobody known from now on.")


def reject(quote: int, reason: str) -> None:
    """Decide that a quote is no quotation."""
    with deciding(reason) as (connection, signature):
        quote_decisions.reject(connection, quote, **signature)
        confirm(connection, f"Quote {quote} is no quotation from now on; reports leave it out.")


def undo(decision: int, reason: str) -> None:
    """Undo a decision."""
    with deciding(reason) as (connection, signature):
        speaker_decisions.undo(connection, decision, **signature)
    print(f"Decision {decision} is taken back.")

"""The speaker that a person means by a name or a number, looked up inside the decision's transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from worker.decisions import quotes
from worker.decisions.names import number, readable
from worker.speakers.within.resolution import EntityKind
from worker.store import called_speakers
from worker.store.called_speakers import CalledSpeaker
from worker.store.decisions import Undecidable


def speakers_called(connection: Connection, name: str) -> Sequence[CalledSpeaker]:
    """Return the speakers with this number, or with any form of this name."""
    return called_speakers.called(connection, readable(name).strip(), number(name))


def speaker_called(connection: Connection, name: str) -> CalledSpeaker:
    """Return the speaker with this number, or with any form of this name.

    Raise `Undecidable` if there are none or several.
    """
    speakers = speakers_called(connection, name)
    if not speakers:
        raise Undecidable(f"No speaker is called {name}. `onrecord speakers list --search PART` finds names.")
    if len(speakers) > 1:
        names = ", ".join(f"{speaker.name} ({speaker.id})" for speaker in speakers)
        raise Undecidable(f"Several speakers are called {name}: {names}. Give the number of the one you mean.")
    return speakers[0]


def set_speaker_called(
    connection: Connection, quote: int, name: str, kind: EntityKind, *, who: str, reason: str
) -> tuple[int, CalledSpeaker | None]:
    """Decide that the speaker who is called so said a quote; a name that nobody has makes a speaker of this kind.

    Return the decision's id, and the speaker as shown before the decision; None if the name was nobody's. Raise
    `Undecidable` if several speakers are called so.
    """
    if not speakers_called(connection, name) and number(name) is None:
        return quotes.set_speaker(connection, quote, name, kind=kind, who=who, reason=reason), None
    shown = speaker_called(connection, name)
    # A number means this very speaker, also while it is merged into the one whose name is shown.
    meant = number(name) or shown.id
    return quotes.set_speaker(connection, quote, meant, who=who, reason=reason), shown

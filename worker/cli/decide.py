"""Carrying out decisions: each is one transaction as the owner of the tables, signed with the user's name."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.decisions import forgetting
from worker.decisions import quotes as quote_decisions
from worker.decisions import speakers as speaker_decisions
from worker.speakers.within.resolution import EntityKind
from worker.store import outcome

NAMED = """
SELECT DISTINCT r.id, r.name, r.kind FROM speakers s
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
LEFT JOIN speaker_names n ON n.speaker_id = s.id AND n.status = 'joined'
WHERE s.id = :number OR (:number IS NULL AND lower(:words) IN (lower(r.name), lower(s.name), lower(n.name)))
ORDER BY r.id
"""
FILES = """
SELECT id, inbox_id FROM files
WHERE shown = :file OR right(:file, length(shown) + 1) = '/' || shown
ORDER BY id
"""
HOLDING = "SELECT DISTINCT file_id FROM file_documents WHERE document_id = ANY(:documents) ORDER BY file_id"
LATEST = "SELECT max(id) FROM decisions"


@contextmanager
def deciding(reason: str) -> Iterator[tuple[Connection, dict[str, str]]]:
    """A transaction, and the signature that every decision in it carries."""
    if not reason.strip():
        raise Complaint("A decision needs a reason.", 'Say why: --reason "the same person, see the byline"')
    with owner_engine() as engine, engine.begin() as connection:
        yield connection, {"who": signature(), "reason": reason.strip()}


def signature() -> str:
    """The name that decisions are signed with."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in containers
        return "unknown"


def speaker_called(connection: Connection, words: str) -> Any:
    """The speaker of a number or of any form of a name: `id`, `name`, `kind`. Complains unless there is exactly one."""
    number = int(words) if words.isdecimal() else None
    found = connection.execute(text(NAMED), {"number": number, "words": words.strip()}).all()
    if not found:
        raise Complaint(f"No speaker is called {words}.", "`onrecord speakers list --search PART` finds names.")
    if len(found) > 1:
        several = ", ".join(f"{row.name} ({row.id})" for row in found)
        raise Complaint(f"Several speakers are called {words}: {several}.", "Give the number of the one you mean.")
    return found[0]


def tell(connection: Connection, said: str) -> None:
    """Say what was decided, and how to take it back."""
    from worker.report.printable import printable

    number = connection.execute(text(LATEST)).scalar_one()
    print(printable(f"{said} (Take it back: onrecord decisions undo {number} --reason WHY)"))


def merge(speaker: str, other: str, reason: str) -> None:
    """Make `other` the same as `speaker`."""
    with deciding(reason) as (connection, signed):
        stays, goes = speaker_called(connection, speaker), speaker_called(connection, other)
        speaker_decisions.merge(connection, [goes.id], stays.id, **signed)
        one = speaker_called(connection, str(stays.id))  # which form of the name is shown may have changed
        tell(connection, f"{stays.name} and {goes.name} are one speaker from now on: {one.name} ({one.id}).")


def split(speaker: str, name: str, reason: str) -> None:
    """Give one form of a name to a speaker of its own."""
    with deciding(reason) as (connection, signed):
        found = speaker_called(connection, speaker)
        made = speaker_decisions.split(connection, found.id, name, **signed)
        tell(connection, f"{name} is a speaker of its own from now on ({made}), and not {found.name} ({found.id}).")


def refuse(speaker: str, other: str, reason: str) -> None:
    """Keep two speakers apart."""
    with deciding(reason) as (connection, signed):
        one, two = speaker_called(connection, speaker), speaker_called(connection, other)
        speaker_decisions.refuse(connection, one.id, two.id, **signed)
        tell(connection, f"{one.name} ({one.id}) and {two.name} ({two.id}) stay two.")


def rename(speaker: str, name: str, reason: str) -> None:
    """Choose the name of a speaker."""
    with deciding(reason) as (connection, signed):
        found = speaker_called(connection, speaker)
        speaker_decisions.rename(connection, found.id, name, **signed)
        tell(connection, f"{found.name} ({found.id}) is shown as {name.strip()} from now on.")


def set_speaker(quote: int, speaker: str, reason: str, *, body: bool) -> None:
    """Decide who said a quote; a name that nobody has makes a speaker."""
    with deciding(reason) as (connection, signed):
        kind = EntityKind.BODY if body else EntityKind.PERSON
        name = speaker.strip()
        found = connection.execute(
            text(NAMED), {"number": int(name) if name.isdecimal() else None, "words": name}
        ).all()
        if name.isdecimal() or len(found) > 1:
            found = [speaker_called(connection, name)]
        if found:
            name, kind = found[0].name, EntityKind(found[0].kind)
        quote_decisions.set_speaker(connection, quote, name, kind=kind, **signed)
        tell(connection, f"Quote {quote} is by {name} from now on.")


def no_speaker(quote: int, reason: str) -> None:
    """Decide that nobody known said a quote."""
    with deciding(reason) as (connection, signed):
        quote_decisions.no_speaker(connection, quote, **signed)
        tell(connection, f"Quote {quote} is by nobody known from now on.")


def reject(quote: int, reason: str) -> None:
    """Decide that a quote is none."""
    with deciding(reason) as (connection, signed):
        quote_decisions.reject(connection, quote, **signed)
        tell(connection, f"Quote {quote} is no quotation from now on; reports leave it out.")


def undo(decision: int, reason: str) -> None:
    """Take a decision back."""
    with deciding(reason) as (connection, signed):
        speaker_decisions.undo(connection, decision, **signed)
    print(f"Decision {decision} is taken back.")


def forget(*, article: int | None, file: str | None, outlet: str | None, reason: str) -> None:
    """Remove articles for good, and settle the files that held them."""
    with deciding(reason) as (connection, signed):
        if article is not None:
            done = [forgetting.forget_article(connection, article, **signed)]
        elif file is not None:
            done = [forgetting.forget_file(connection, number, **signed) for number in files_called(connection, file)]
        else:
            done = [forgetting.forget_outlet(connection, outlet or "", **signed)]
        documents = [document for each in done for document in each.documents]
        holding = list(connection.execute(text(HOLDING), {"documents": documents}).scalars())
        outcome.reopen(connection, holding)
        for number in holding:
            outcome.settle(connection, number)
        articles = sum(len(each.articles) for each in done)
    which = " and ".join(str(each.decision) for each in done)
    print(
        f"{articles} article{'' if articles == 1 else 's'} forgotten (decision {which}); your files were not touched."
    )


def files_called(connection: Connection, file: str) -> list[int]:
    """Every version of one file; complains when there is none, or the same path in several folders."""
    found = connection.execute(text(FILES), {"file": file}).all()
    if not found:
        raise Complaint(f"No file is called {file}.", "`onrecord files` lists them.")
    if len({row.inbox_id for row in found}) > 1:
        raise Complaint(f"Several folders hold a file {file}.", "Forget its articles one by one with --article.")
    return [row.id for row in found]

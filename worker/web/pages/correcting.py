"""Sets right what the machine got wrong: the same decisions as the command's, signed, and each with an undo."""

from collections.abc import Callable, Mapping
from typing import TypedDict, TypeVar

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.report.search_line import MOST_CHARACTERS
from worker.web.asking import query_of
from worker.web.guard import form_of
from worker.web.hits import speakers_of
from worker.web.house import house_of, person_of, read
from worker.web.pages.quote import missing, quote_of
from worker.web.responses import back, message, page

# The modules that decide load the rules for names. Only whoever decides needs them, so they are imported then.

REASON = "set right on the page"
"""The reason of a decision to which nobody wrote one."""
CAN_BE_UNDONE = """SELECT 1 FROM decisions d WHERE d.decision_id = %(decision)s"""

Result = TypeVar("Result")


class Signature(TypedDict):
    """Who decides, and why."""

    who: str
    reason: str


def choose(request: Request) -> Response:
    """Answer `/quotes/N/correct`: what can be set right about a quotation; with `part=`, only the form."""
    number, query = request.path_params["number"], query_of(request)
    with read(request) as reading:
        quote = quote_of(reading, number)
        if quote is None:
            return missing(request, number)
        speakers = speakers_of(reading, [number])[number]
    template = "choices.html" if "part" in query else "correct.html"
    return page(request, template, quote=quote, speakers=speakers, next=query.get("next", f"/quotes/{number}"))


def correct(request: Request) -> Response:
    """Carry out what somebody chose about a quotation: another speaker, no speaker, no quotation, or that it is one."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import called, quotes
        from worker.speakers.within.resolution import EntityKind

        if form.get("decision") == "no_speaker":
            return quotes.no_speaker(connection, number, **signature)
        if form.get("decision") == "reject":
            return quotes.reject(connection, number, **signature)
        if form.get("decision") == "accept":
            return quotes.accept(connection, number, **signature)
        kind = EntityKind.BODY if form.get("kind") == "body" else EntityKind.PERSON
        decision, _ = called.set_speaker_called(connection, number, form.get("speaker", ""), kind, **signature)
        return decision

    return carried_out(request, work, f"/quotes/{number}")


def recut(request: Request) -> Response:
    """Give a quotation other words."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import quotes

        return quotes.recut(connection, number, form.get("words", ""), near=offset_of(form), **signature)

    return carried_out(request, work, f"/quotes/{number}")


def add(request: Request) -> Response:
    """Add a quotation that was missed, with its speaker if one is named."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import called, quotes
        from worker.speakers.within.resolution import EntityKind

        near = offset_of(form)
        decision, quote = quotes.add(connection, number, form.get("words", ""), near=near, **signature)
        if name := form.get("speaker", "").strip():
            kind = EntityKind.BODY if form.get("kind") == "body" else EntityKind.PERSON
            called.set_speaker_called(connection, quote, name, kind, **signature)
        return decision

    return carried_out(request, work, f"/articles/{number}")


def offset_of(form: Mapping[str, str]) -> int | None:
    """Return the place in the text at which words were marked; None if they were typed."""
    at = form.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 10 else None


def merge(request: Request) -> Response:
    """Make another speaker the same as this one."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import called, speakers

        other = called.speaker_called(connection, form.get("speaker", ""))
        return speakers.merge(connection, [other.id], number, **signature)[-1]

    return carried_out(request, work, f"/speakers/{number}")


def split(request: Request) -> Response:
    """Give one form of this speaker's name to a speaker of its own."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import speakers

        return speakers.split(connection, number, form.get("name", ""), **signature).decision

    return carried_out(request, work, f"/speakers/{number}")


def rename(request: Request) -> Response:
    """Choose the name that is shown for this speaker."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import speakers

        return speakers.rename(connection, number, form.get("name", ""), **signature)

    return carried_out(request, work, f"/speakers/{number}")


def alias(request: Request) -> Response:
    """Give this speaker one name more."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import aliases

        return aliases.add(connection, number, form.get("name", ""), **signature)

    return carried_out(request, work, f"/speakers/{number}")


def refuse(request: Request) -> Response:
    """Decide that two speakers are two."""
    number, form = request.path_params["number"], form_of(request)

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import called, speakers

        other = called.speaker_called(connection, form.get("speaker", ""))
        return speakers.refuse(connection, number, other.id, **signature)

    return carried_out(request, work, f"/speakers/{number}")


def undo(request: Request) -> Response:
    """Undo a decision that the page shows. What was forgotten is lifted with the command only."""
    number = request.path_params["number"]
    with read(request) as reading:
        if reading.value(CAN_BE_UNDONE, decision=number) is None:
            return message(request, 404, f"There is no decision {number}.")

    def work(connection: Connection, signature: Signature) -> int:
        from worker.decisions import speakers

        speakers.undo(connection, number, **signature)
        return int(number)

    return carried_out(request, work, "/decisions")


def retry(request: Request) -> Response:
    """Let a file that was refused be read again."""
    from worker.store.db.conflicts import retry_on_conflict
    from worker.store.refused_files import try_again

    form = form_of(request)
    state = "ignored" if form.get("state") == "ignored" else "quarantined"
    engine = house_of(request).owner()
    count = retry_on_conflict(engine, lambda connection: try_again(connection, state, form.get("file", "")))
    if not count:
        return message(request, 409, f"Nothing in that file is {state} now.", "Load the list again.")
    return back(form.get("next"), "/files")


def carried_out(request: Request, work: Callable[[Connection, Signature], int], otherwise: str) -> Response:
    """Carry out a decision, and lead back to the page it was made on, which shows it with its undo.

    What a decision about a large speaker leaves to be moved is moved after the answer.
    """
    from worker.decisions.deciding import decide
    from worker.store.decisions import Undecidable

    form = form_of(request)
    reason = form.get("reason", "").strip()[:MOST_CHARACTERS] or REASON
    signature: Signature = {"who": person_of(request), "reason": reason}
    engine = house_of(request).owner()
    try:
        decision = decide(engine, lambda connection: work(connection, signature))
    except Undecidable as error:
        return message(request, 409, str(error), "Nothing was changed. Go back to choose again.")
    answer: RedirectResponse = back(form.get("next"), otherwise, decided=decision)
    answer.background = BackgroundTask(finish, request)
    return answer


def finish(request: Request) -> None:
    """Move the quotations that decisions left to be moved. If this fails, the job `reconcile` does it in a minute."""
    from contextlib import suppress

    from sqlalchemy.exc import DBAPIError

    from worker.speakers.across import unlisting
    from worker.store.db.conflicts import Conflict

    with suppress(Conflict, DBAPIError):
        unlisting.finish(house_of(request).owner())

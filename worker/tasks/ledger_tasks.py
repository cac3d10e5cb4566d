"""The tasks of the three queues, each of which works on one row of the ledger; and the task that disposes of a file."""

from worker.intake import disposal, reading
from worker.pipeline import document, reprocess
from worker.reasons import NotMoved
from worker.settings import settings
from worker.store import disposals
from worker.store.db.engine import may_be_silent
from worker.store.queues import ARTICLES, BACKFILL, INTAKE
from worker.tasks import doorbell
from worker.tasks.app import DISPOSE, app
from worker.tasks.hard_limit import hard_limit
from worker.tasks.outcomes import ledger_task, left_to_the_next_round
from worker.tasks.process import Process, current

LONG = 86_400
"""Stop a task on a large file after so many seconds: reading or copying a file may take hours.

While a file is read, each batch of members renews the lease, and the parser limits the time of each member.
"""


@ledger_task(INTAKE, seconds=LONG)
def read_file(process: Process, file_id: int) -> str | None:
    """Read one dropped file, store its documents, and ring for them. The worker needs access to the folder."""
    taken_in = reading.read_file(process.engine, process.id, file_id, process.parser)
    if taken_in is None:
        return None
    process.trouble = None  # an outage that is over; an article, or moving a large file, may take long
    if len(taken_in.documents) == 1 and process.goes_on_itself():
        go_on(taken_in.documents[0])
    else:
        doorbell.send(process.engine, ARTICLES.name, taken_in.documents, are_fresh=taken_in.are_fresh)
    if taken_in.state in ("stored", "duplicate"):
        dispose(file_id)
    return taken_in.state


def go_on(document_id: int) -> None:
    """Process the only document of a file here and now, in place of sending a message to ourselves.

    It has a claim, and a hard limit, of its own. If this process dies first, the sweep rings for the document.
    """
    with hard_limit(settings().task_seconds):
        process_document(document_id)


@ledger_task(ARTICLES)
def process_document(process: Process, document_id: int) -> str | None:
    """Parse one document, find its duplicates, extract and store its quotes. The worker does not need the folder."""
    ended = document.process_document(process.engine, process.id, document_id, process.parser)
    if ended is None:
        return None
    doorbell.send_disposals(ended.leaving)
    return ended.state


@ledger_task(BACKFILL)
def reprocess_item(process: Process, item_id: int) -> str | None:
    """Read one stored article again; separate worker processes do this, so that new drops are not delayed."""
    return reprocess.reprocess_item(process.engine, process.id, item_id, process.parser)


@app.task(name=DISPOSE, time_limit=LONG)  # type: ignore[untyped-decorator]
@left_to_the_next_round("dispose")
def dispose(file_id: int) -> None:
    """Archive or delete one stored file, as its row asks for. The worker needs access to the folder."""
    with current().engine.begin() as connection:
        # The row stays locked during the move, so that two workers never do it at once.
        may_be_silent(connection)
        due = disposals.lock(connection, file_id)
        if due is None:
            return
        archive = settings().archive
        if due.after == "archive" and archive is None:
            why = "No archive folder is set; set ONRECORD_ARCHIVE."
            disposals.failed(connection, file_id, NotMoved.NO_ARCHIVE, why)
            return
        target = archive / due.inbox_name if due.after == "archive" and archive else None
        ended = disposal.dispose(due.inbox, due.path, due.sha256, due.file_id, target)
        if ended.done:
            disposals.done(connection, file_id)
        else:
            disposals.failed(connection, file_id, ended.reason, ended.message)

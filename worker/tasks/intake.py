"""Tasks of the queue `intake`; they need the folder."""

from worker.intake import disposal
from worker.intake.reading import read_file
from worker.reasons import NotMoved
from worker.settings import settings
from worker.store import disposals
from worker.store.db.engine import may_be_silent
from worker.store.ledger import ARTICLES, INTAKE
from worker.tasks import doorbell, process
from worker.tasks.app import app
from worker.tasks.process import Process
from worker.tasks.running import left_to_the_next_round, run

LONG = 86_400
"""Hard limit, in seconds, of what a large file may take hours for. When it is read, its lease is renewed by each batch,
and each member is bounded by the parser."""


@app.task(name="intake.read", time_limit=LONG)  # type: ignore[untyped-decorator]
def read(file_id: int) -> None:
    """Read one dropped file into documents, and ring for them."""

    def work(mine: Process) -> str | None:
        done = read_file(mine.engine, mine.process_id, file_id, mine.parser)
        if done is None:
            return None
        doorbell.send(mine.engine, ARTICLES.name, done.documents)
        return done.state

    state = run(INTAKE, file_id, work, LONG)
    if state in ("stored", "duplicate"):
        dispose(file_id)


@app.task(name="intake.dispose", time_limit=LONG)  # type: ignore[untyped-decorator]
def dispose(file_id: int) -> None:
    """Archive or delete one stored file, as its folder's owner asked."""
    mine = process.current()
    with left_to_the_next_round("dispose"), mine.engine.begin() as connection:
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

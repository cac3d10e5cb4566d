"""The task of the queue `articles`; it needs PostgreSQL and the broker, but not the folder."""

from worker.pipeline.document import process_document
from worker.store.ledger import ARTICLES
from worker.tasks import doorbell
from worker.tasks.app import app
from worker.tasks.process import Process
from worker.tasks.running import run


@app.task(name="article.process")  # type: ignore[untyped-decorator]
def process(document_id: int) -> None:
    """Parse one document, find its duplicates, extract and store its quotes."""

    def work(mine: Process) -> str | None:
        ended = process_document(mine.engine, mine.process_id, document_id, mine.parser)
        if ended is None:
            return None
        doorbell.send_disposals(ended.leaving)
        return ended.state

    run(ARTICLES, document_id, work)

"""The task of the queue `backfill`: re-processing, on worker processes of its own, so that new drops go first."""

from worker.pipeline.reprocess import reprocess_item
from worker.store.ledger import BACKFILL
from worker.tasks.app import app
from worker.tasks.running import run


@app.task(name="article.reprocess")  # type: ignore[untyped-decorator]
def reprocess(item_id: int) -> None:
    """Read one stored article again."""
    run(BACKFILL, item_id, lambda mine: reprocess_item(mine.engine, mine.process_id, item_id, mine.parser))

"""What a worker loads before it forks its pool processes, so that they share it: code, word lists, models.

Each pool process would otherwise load all of it once more, and have it for itself (docs/benchmarks.md says how much).
None of it has a thread of its own, a connection or a lock that may be held at the fork.
"""

import gc

import structlog

from worker.extract.model import reader
from worker.parse import language
from worker.tasks.app import app

log = structlog.get_logger("onrecord.worker")


def preload() -> None:
    """Load it. What cannot be loaded is logged; the tasks that need it say so, too.

    Python's search for unused objects writes into every object that it looks at, and so copies the pages that are
    shared; `gc.freeze` keeps it away from all that is here now.
    """
    app.loader.import_default_modules()
    try:
        language.warm()
        reader.warm()
    except Exception as error:
        log.warning("a model cannot be loaded", error=str(error))
    gc.collect()
    gc.freeze()

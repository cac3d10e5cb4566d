"""Variables of the caller's environment that are meant for other programs: they are dropped before anything reads them.

libpq and PostgreSQL's programs read `PG…`, and Celery and its libraries read `CELERY_…` and more. Somebody has set them
for another program, but here they would outrank our own settings: with `CELERY_BROKER_URL`, our processes would take
the messages of that program. So only `ONRECORD_…` says which servers are used, and the URL of a server says all about
the connection to it. `worker/__init__.py` calls `drop` in every process, before any other code of ours runs; our
child processes inherit what is left.

`~/.pgpass` and the certificates in `~/.postgresql/` still count: they are kept for one named server, not for a program.
"""

import os

PREFIXES = (
    "PG",  # libpq and PostgreSQL's programs; on Debian, also their wrappers
    "PSYCOPG",
    "CELERY",
    "KOMBU_",
    "C_",  # Celery's short names, for example C_FORCE_ROOT
    "_MP_FORK_",
)
"""Drop every variable whose name begins with one of these."""
NAMES = frozenset(
    {
        # Celery, kombu and billiard
        "AUTOSCALE_KEEPALIVE",
        "DISABLE_TRACEBACKS",
        "DJANGO_PROJECT_DIR",
        "DJANGO_SETTINGS_MODULE",
        "EVENTLET_NOBLOCK",
        "FORKED_BY_MULTIPROCESSING",
        "MP_LOG",
        "MP_MAIN_FILE",
        "MULTIPROCESSING_FORKING_DISABLE",
        "NOSETPS",
        "PICKLE_PROTOCOL",
        "REMAP_SIGTERM",
        "TIMER_DEBUG",
        "USE_FAST_LOCALS",
        "celery_dummy_proxy",
    }
)
"""Drop these variables too; they have no prefix of their own."""


def is_foreign(name: str) -> bool:
    """True if a variable of this name is meant for another program, but would change what our libraries do."""
    return name.startswith(PREFIXES) or name in NAMES


def drop() -> None:
    """Remove these variables from the environment of this process, and so from that of its children."""
    for name in [name for name in os.environ if is_foreign(name)]:
        del os.environ[name]

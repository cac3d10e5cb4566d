"""The jobs that beat rings for. Beat knows their names only: the code of the tasks would cost it 0.5 s and 60 MB."""

PERIOD = 60.0
"""Beat rings so many seconds after it has rung."""
JOBS = ("ledger.sweep", "ledger.reconcile", "ledger.retry", "ledger.reprocess", "ledger.check", "ledger.forget")

# The messages have no `expires`: Celery compares the clock of beat's machine with that of the worker's machine, and a
# worker whose clock is a minute ahead would discard every message, for ever. Instead, beat sends nothing while no
# worker lives (`worker.tasks.beat`), so messages do not pile up.
SCHEDULE = {name: {"task": name, "schedule": PERIOD} for name in JOBS}

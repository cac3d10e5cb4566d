"""Queues and states are defined in one place, and all other lists agree with it."""

import subprocess
import sys
from dataclasses import replace

from tests.running_process import running_process
from worker.cli import liveness
from worker.cli.health import MOVEMENTS
from worker.reasons import Reason
from worker.store import states
from worker.store.queues import QUEUES, kind_for, queues_for
from worker.tasks.app import DISPOSE, TASK_MODULES, app

STATES = {"files": states.FILE_STATES, "documents": states.DOCUMENT_STATES, "reprocess_items": states.ITEM_STATES}


def test_every_queue_has_a_task_a_table_and_its_states() -> None:
    for module in TASK_MODULES:
        __import__(module)
    for queue in QUEUES.values():
        assert queue.task in app.tasks
        assert app.conf.task_routes[queue.task] == queue.name
        assert {queue.claimed, queue.struck_out} <= set(STATES[queue.table_name])
        assert queue.table.name == queue.table_name
        assert queue.kind in states.PROCESS_KINDS
    assert DISPOSE in app.tasks
    assert {queue.name for queue in app.conf.task_queues} == set(QUEUES) == set(MOVEMENTS)


def test_a_process_serves_the_queues_of_its_kind() -> None:
    assert [queues_for(kind) for kind in ("worker", "backfill", "watch")] == [["intake", "articles"], ["backfill"], []]
    assert [kind_for(names) for names in (["backfill"], ["intake"], ["intake", "backfill"])] == [
        "backfill", "worker", "worker",
    ]  # fmt: skip


def test_queues_come_from_the_column_and_not_from_the_sentence() -> None:
    process = running_process(queues=["articles"], detail="intake, backfill", sentence="intake, backfill")
    assert liveness.queues_of("worker", [process]) == ["articles"]
    assert liveness.queues_of("backfill", [replace(process, queues=[])]) == ["backfill"]


def test_a_reason_leads_to_a_state_of_the_register() -> None:
    assert {reason.state for reason in Reason} == set(states.REFUSED)


def test_a_health_check_loads_no_models() -> None:
    program = (
        "import sys, worker.cli.status, worker.cli.liveness; sys.exit('worker.store.tables.models' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

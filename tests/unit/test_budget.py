"""The budget of one document: pure work is interrupted when its time is over, wherever it is."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from worker.pipeline.budget import Budget
from worker.reasons import Reason, Refused
from worker.settings import settings


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A budget of one second."""
    monkeypatch.setenv("ONRECORD_DOCUMENT_SECONDS", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def busy(seconds: float) -> None:
    """Use this much CPU time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.usefixtures("short")
def test_work_that_takes_too_long_is_interrupted_and_told_about_in_a_sentence() -> None:
    started = time.process_time()
    with pytest.raises(Refused) as caught, Budget().kept():
        busy(30)
    assert time.process_time() - started < 5
    assert caught.value.reason is Reason.TOO_SLOW
    assert "ONRECORD_DOCUMENT_SECONDS" in caught.value.message


@pytest.mark.usefixtures("short")
def test_the_time_counts_over_all_stages() -> None:
    budget = Budget()
    with budget.kept():
        busy(0.5)
    busy(0.6)
    with pytest.raises(Refused):
        budget.check()
    with pytest.raises(Refused), budget.kept():
        pytest.fail("there was no time left to begin")


@pytest.mark.usefixtures("short")
def test_waiting_for_another_process_counts_too() -> None:
    budget = Budget()
    assert budget.waiting(lambda: threading.Event().wait(1.1)) is False
    with pytest.raises(Refused):
        budget.check()


def test_nothing_is_interrupted_afterwards() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGPROF, signal.SIGALRM)]
    with Budget().kept():
        busy(0.01)
    assert [signal.getsignal(number) for number in (signal.SIGPROF, signal.SIGALRM)] == before
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.usefixtures("short")
def test_a_machine_that_is_busy_with_other_work_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_DOCUMENT_SECONDS", "60")
    monkeypatch.setenv("ONRECORD_TASK_SECONDS", "1")
    settings.cache_clear()
    with pytest.raises(Refused) as caught, Budget().kept():
        threading.Event().wait(30)
    assert "ONRECORD_TASK_SECONDS" in caught.value.message

"""A library that cannot be loaded is no fault of the file: the row waits without a strike, and the worker says it."""

from typing import Any, NoReturn

import pytest

from tests.integration.pipeline.conftest import Pipeline
from worker.intake.reading import read_file
from worker.reasons import Hindrance
from worker.store.queues import INTAKE
from worker.tasks import outcomes
from worker.tasks.process import Process


def test_the_row_waits_and_the_worker_says_why(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    (pipeline.inbox / "page.html").write_text("<html><body><p>The quay was opened.</p></body></html>")
    (file_id,) = pipeline.sight("page.html")
    process = Process(pipeline.engine, pipeline.engine, pipeline.parser, pipeline.process_id, "worker")
    troubles: list[object] = []

    def split(file: object, name: object) -> NoReturn:
        raise ModuleNotFoundError("No module named 'lxml_html_clean'")

    def released(*values: Any) -> bool:
        troubles.append(process.trouble)
        return release(*values)

    def read(one: Process, row_id: int) -> None:
        read_file(one.engine, one.id, row_id, one.parser)

    release = outcomes.release
    monkeypatch.setattr(pipeline.parser, "split", split)
    monkeypatch.setattr(outcomes, "current", lambda: process)
    monkeypatch.setattr(outcomes, "UNINSTALLED_PAUSE", 0.0)
    monkeypatch.setattr(outcomes, "release", released)
    outcomes.run(INTAKE, file_id, read, 60.0)
    assert pipeline.rows("SELECT state, reason, strikes FROM files") == [("waiting", None, 0)]
    assert troubles == [
        (
            Hindrance.INSTALLATION,
            "cannot load a library that Onrecord needs: ModuleNotFoundError: No module named 'lxml_html_clean'",
        )
    ]

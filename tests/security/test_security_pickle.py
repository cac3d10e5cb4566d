"""No format that Onrecord reads can run code: messages, results, schedules, model files. The source is checked too."""

import ast
import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from celery.beat import PersistentScheduler, Scheduler

import worker
from tests.outside import client_of
from worker.extract.model import reader
from worker.tasks import beat
from worker.tasks.app import TASK_MODULES, make_app

SOURCE = Path(worker.__path__[0])
SOURCES = sorted([*SOURCE.rglob("*.py"), *(SOURCE.parent / "migrations").rglob("*.py")])
MODEL = Path(reader.__file__).parent

# Modules that run code from bytes to read objects, that run a shell, or that use unencrypted protocols.
FORBIDDEN_MODULES = {
    *("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "dbm", "copyreg", "yaml"),
    *("pty", "code", "codeop", "xmlrpc", "telnetlib", "ftplib", "torch"),
}
FORBIDDEN_CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execl", "os.execlp", "os.spawnl"),
    *("subprocess.getoutput", "subprocess.getstatusoutput", "pyarrow.deserialize", "tempfile.mktemp"),
    *("multiprocessing.Pipe", "multiprocessing.Queue", "multiprocessing.Manager"),  # pickle between processes
}


def called(node: ast.Call) -> str:
    """Return the dotted name of the called function."""
    parts: list[str] = []
    here: ast.expr = node.func
    while isinstance(here, ast.Attribute):
        parts.append(here.attr)
        here = here.value
    if isinstance(here, ast.Name):
        parts.append(here.id)
    return ".".join(reversed(parts))


def offences(source: str) -> list[str]:
    """Return the statements of a module that could run data as code."""
    offending = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            offending += [
                f"import {alias.name}" for alias in node.names if alias.name.split(".")[0] in FORBIDDEN_MODULES
            ]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_MODULES:
            offending.append(f"from {node.module}")
        elif isinstance(node, ast.Call):
            name = called(node)
            if name in FORBIDDEN_CALLS:
                offending.append(f"{name}()")
            for keyword in node.keywords:
                constant: object = keyword.value.value if isinstance(keyword.value, ast.Constant) else "unknown"
                if keyword.arg in ("shell", "allow_pickle", "trust_remote_code") and constant is not False:
                    offending.append(f"{name}({keyword.arg}={constant})")
            if name in ("np.load", "numpy.load") and not any(
                keyword.arg == "allow_pickle" for keyword in node.keywords
            ):
                offending.append(f"{name}() without allow_pickle=False")
    return offending


def test_the_source_has_no_way_to_run_what_it_reads() -> None:
    assert len(SOURCES) > 200
    assert {path.name: wrong for path in SOURCES if (wrong := offences(path.read_text()))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from shelve import open",
        "eval(x)",
        "import os\nos.system(x)",
        "subprocess.run(x, shell=True)",
        "subprocess.run(x, shell=flag)",
        "numpy.load(x)",
        "np.load(x, allow_pickle=True)",
    ],
)
def test_the_look_at_the_source_finds_such_things(source: str) -> None:
    assert len(offences(source)) == 1


def test_the_application_takes_json_and_keeps_nothing() -> None:
    conf = make_app("memory://").conf
    assert (conf.task_serializer, conf.result_serializer, conf.event_serializer) == ("json", "json", "json")
    assert list(conf.accept_content) == ["json"]
    assert conf.result_accept_content is None  # the same as accept_content
    assert conf.result_backend is None
    assert conf.task_ignore_result
    assert not conf.worker_enable_remote_control
    assert TASK_MODULES


def test_the_schedule_is_kept_in_memory() -> None:
    """Celery's default keeps the schedule in a shelve, which is pickle."""
    tree = ast.parse(Path(beat.__file__).read_text())
    (scheduler_name,) = [
        keyword.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "scheduler_cls" and isinstance(keyword.value, ast.Name)
    ]
    scheduler = getattr(beat, scheduler_name)
    assert issubclass(scheduler, Scheduler)
    assert not issubclass(scheduler, PersistentScheduler)


def test_model_files_are_numbers_and_json() -> None:
    """An .npz file with an object holds a pickle. An ONNX file is a protocol buffer, which runs no code."""
    kinds = {path.suffix for path in MODEL.iterdir() if path.is_file() and path.suffix != ".py"}
    assert kinds == {".json", ".npz", ".onnx"}
    for path in MODEL.glob("*.npz"):
        with zipfile.ZipFile(path) as archive:
            assert all(name.endswith(".npy") and "/" not in name for name in archive.namelist())
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fiub" for name in arrays.files)
    for path in MODEL.glob("*.json"):
        json.loads(path.read_text())
    for path in MODEL.glob("*.onnx"):
        content = path.read_bytes()
        assert not content.startswith((b"PK", b"\x80"))
        assert b"external_data" not in content  # weights outside the model file would need a path


def messages(url: str) -> list[dict[str, Any]]:
    """Return every message that waits in the broker."""
    with client_of(url) as client:
        names = [name for name in client.scan_iter() if client.type(name) == b"list"]
        return [json.loads(entry) for name in names for entry in client.lrange(name, 0, -1)]


def test_messages_on_the_real_broker_are_json_with_numbers(broker_url: str) -> None:
    app = make_app(broker_url)
    for task, queue in (("intake.read", "intake"), ("article.process", "articles"), ("article.reprocess", "backfill")):
        app.send_task(task, args=(1,), queue=queue)
    app.close()
    waiting = messages(broker_url)
    assert len(waiting) == 3
    for message in waiting:
        assert message["content-type"] == "application/json"
        body = json.loads(base64.b64decode(message["body"]))
        assert body[0] == [1]
        assert body[1] == {}
        assert set(message["headers"]["argsrepr"]) <= set("(1,)")

"""Commands whose standard streams are closed, full, slow or not Unicode: the exit code tells, and nothing is lost."""

import fcntl
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.outside import WAITING

ONRECORD = [sys.executable, "-m", "worker"]
LINE = " ".join(ONRECORD)
TEXT = "“It rains 😀,” said Ann Lée."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article with one quotation, in a file whose name is not in ASCII."""
    file = tmp_path / "é.txt"
    file.write_text(TEXT)
    return file


def extract(article: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `onrecord extract`. What it says on a slow machine about waiting is left out of its standard error."""
    command = [*ONRECORD, "extract", str(article), *options]
    ran = subprocess.run(command, env=os.environ | environment, capture_output=True, timeout=60, check=False)
    ran.stderr = WAITING.sub(b"", ran.stderr)
    return ran


@pytest.mark.parametrize(
    ("redirections", "code", "setting"),
    [
        (">&-", 1, ""),
        ("<&-", 0, ""),
        ("2>&-", 0, "1"),
        ("<&- >&- 2>&-", 1, ""),
        (">/dev/full", 1, ""),
        (">/dev/full", 1, "1"),
        (">/dev/full 2>&-", 1, "1"),
        (">/dev/full 2>&1", 1, ""),
    ],
)
def test_success_means_that_all_was_written(article: Path, redirections: str, code: int, setting: str) -> None:
    line = f"PYTHONUNBUFFERED={setting} {LINE} extract {article} {redirections}"
    ran = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert article.read_text() == TEXT
    assert [path.name for path in article.parent.iterdir()] == [article.name]


@pytest.mark.parametrize("setting", ["", "1"])
def test_a_disk_that_becomes_full_is_told(article: Path, setting: str) -> None:
    """A part of the output fits: Python's own unbuffered stream writes that part, drops the rest and says nothing."""
    with (article.parent / "out").open("wb") as out:
        ran = subprocess.run(
            [*ONRECORD, "--help"],
            env=os.environ | {"PYTHONUNBUFFERED": setting},
            stdout=out,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
            timeout=60,
            check=False,
        )
    assert (ran.returncode, (article.parent / "out").stat().st_size) == (1, 2000)
    assert b"it would be larger than a file may be here" in ran.stderr


@pytest.mark.parametrize("setting", ["", "1"])
def test_what_does_not_fit_into_a_pipe_at_once_is_written_later(article: Path, setting: str) -> None:
    """Another program has made the pipe non-blocking, and it holds one page."""
    article.write_text("The harbour is closed. " * 300)
    command = [*ONRECORD, "extract", str(article), "--json"]
    whole = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writing, False)
    environment = os.environ | {"PYTHONUNBUFFERED": setting}
    with subprocess.Popen(command, env=environment, stdout=writing) as ran:
        os.close(writing)
        with open(reading, "rb") as pipe:
            assert pipe.read() == whole
    assert (ran.returncode, len(whole) > 4096) == (0, True)


@pytest.mark.parametrize(
    ("line", "code"), [(f"{LINE} nosuch 2>/dev/full", 2), (f"{LINE} extract no-such-file 2>/dev/full", 1)]
)
def test_a_full_standard_error_ends_no_command_early(line: str, code: int) -> None:
    assert subprocess.run(line, shell=True, capture_output=True, timeout=60, check=False).returncode == code


@pytest.mark.parametrize(
    ("rest", "setting"), [("--help | true", ""), ("extract FILE | true", "1"), ("extract FILE 2>&1 | true", "")]
)
def test_a_reader_that_ends_is_no_error(article: Path, rest: str, setting: str) -> None:
    line = f"set -o pipefail; PYTHONUNBUFFERED={setting} {LINE} {rest.replace('FILE', str(article))}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, WAITING.sub(b"", ran.stderr)) == (141, b"", b"")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii:strict"])
def test_an_output_that_takes_no_unicode_gets_escapes(article: Path, encoding: str) -> None:
    ran = extract(article, PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert rb"\ud83d\ude00" in ran.stdout
    ran = extract(article, "--json", PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    described = json.loads(ran.stdout.decode(encoding.partition(":")[0]))
    assert (described["text"], described["file"]) == (TEXT, article.name)


def test_a_locale_without_unicode(article: Path) -> None:
    bare = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ran = extract(article, **bare)
    assert (ran.returncode, ran.stderr) == (0, b"")
    ran = extract(article.parent / "ü.txt", **bare)
    assert (ran.returncode, b"No such file" in ran.stderr) == (1, True)

"""Commands whose standard streams are closed or full: exit code 0 only if all was written, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

ONRECORD = f"{sys.executable} -m worker"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article with one quotation."""
    file = tmp_path / "a.txt"
    file.write_text("“It rains,” said Ann Lee.")
    return file


@pytest.mark.parametrize(
    ("redirections", "code"),
    [
        (">&-", 1),
        ("<&-", 0),
        ("2>&-", 0),
        ("<&- 2>&-", 0),
        ("<&- >&- 2>&-", 1),
        (">/dev/full", 1),
        (">/dev/full 2>&-", 1),
    ],
)
@pytest.mark.parametrize("setting", ["PYTHONUNBUFFERED=", "PYTHONUNBUFFERED=1"])
def test_success_means_that_all_was_written(article: Path, redirections: str, code: int, setting: str) -> None:
    line = f"{setting} {ONRECORD} extract {article} {redirections}"
    ran = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert article.read_text() == "“It rains,” said Ann Lee."
    assert [path.name for path in article.parent.iterdir()] == [article.name]

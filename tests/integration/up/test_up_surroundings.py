"""The commands of a user whose environment is full of variables for other programs."""

import shutil

import pytest

from tests.sample_articles import ARTICLES
from tests.stack import Stack
from tests.surroundings import HOSTILE


@pytest.mark.timeout(600)
def test_no_command_sees_the_variables_of_other_programs(stack: Stack) -> None:
    shutil.copy(ARTICLES[0], stack.inbox)
    dump = stack.home.parent / "news.dump"

    stored = stack.run("up", "--once", "--inbox", str(stack.inbox), **HOSTILE)
    assert stored.returncode == 0, stored.stderr
    assert "1 file: 1 stored" in stored.stdout

    asked = stack.run("quotes", "--format", "csv", **HOSTILE)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout == stack.run("quotes", "--format", "csv").stdout
    assert asked.stdout.count("\n") > 1

    status = stack.run("status", **HOSTILE)
    assert "not healthy:\n  Nothing is running." in status.stdout

    findings = stack.run("doctor", "--", **HOSTILE).stdout.splitlines()
    wrong = [line for line in findings if line.startswith("problem")]
    assert [line.split()[1] for line in wrong] == ["pipeline"], findings  # nothing is running

    saved = stack.run("backup", str(dump), **HOSTILE)
    assert saved.returncode == 0, saved.stderr
    back = stack.run("restore", "--replace", str(dump), **HOSTILE)
    assert back.returncode == 0, back.stderr
    assert stack.run("quotes", "--format", "csv").stdout == asked.stdout

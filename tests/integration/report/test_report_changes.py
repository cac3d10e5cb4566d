"""`onrecord changes` prints what changed, by number, once or as it comes."""

import json
import os
import signal
import subprocess
import sys

from sqlalchemy import Engine, text

from tests.integration.checks.world import build
from tests.integration.report.conftest import Command
from tests.outside import without_settings
from worker.store import telling

REJECT = text("""UPDATE quotes SET rejected = true WHERE id = (SELECT min(quote_id) FROM told_quotes)""")


def test_the_last_ones_or_those_after_a_number(onrecord: Command, engine: Engine) -> None:
    assert "Nothing has changed yet" in onrecord("changes").err
    build(engine)
    telling.tell(engine)
    with engine.begin() as connection:
        connection.execute(REJECT)
    telling.tell(engine)
    *_, first, last = onrecord("changes", "--limit", "2").out.splitlines()
    assert first.startswith("4  added  quote ")
    assert ": " in first, "who said it, and the words"
    assert last == "5  removed  quote 1"
    ran = onrecord("changes", "--after", "1", "--limit", "3", "--json")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [change["change_id"] for change in found] == [2, 3, 4]
    assert {change["now"]["quote"] == "" for change in found} == {False}
    assert "The first 3 rows" in ran.err
    assert onrecord("changes", "--after", "5").err == "Nothing has changed after 5.\n"


def test_following_prints_what_comes_until_it_is_stopped(database_url: str, engine: Engine) -> None:
    build(engine)
    command = [sys.executable, "-m", "worker", "changes", "--follow", "--after", "0", "--json"]
    environment = without_settings() | {"ONRECORD_DATABASE_URL": database_url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        telling.tell(engine)
        assert [json.loads(follower.stdout.readline())["change_id"] for _ in range(4)] == [1, 2, 3, 4]
        with engine.begin() as connection:
            connection.execute(REJECT)
        telling.tell(engine)
        assert json.loads(follower.stdout.readline())["kind"] == "removed"
        os.kill(follower.pid, signal.SIGINT)
        assert follower.wait(30) == 0

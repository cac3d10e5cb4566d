"""Processes are broken at random, again and again, while files are dropped steadily."""

import os
import random
import threading
import time

import pytest

from tests.faults.chaos import Chaos, Deliveries
from tests.faults.newsroom import TERMINAL
from tests.faults.upped import Upped

SECONDS = float(os.environ.get("FAULTS_SECONDS", "180"))
SEED = int(os.environ.get("FAULTS_SEED") or random.randrange(1_000_000))
DROP_EVERY = 0.5  # seconds
BREAK_EVERY = (0.7, 3.5)
RECOVERY = 420.0


def all_ended(newsroom: Upped) -> bool:
    """True if every drop has a row in a final state: the row of its content, or a row whose content was never read."""
    if not newsroom.at_rest():
        return False
    rows = newsroom.rows("SELECT file, sha256, state FROM report.files WHERE inbox = 'news'")
    contents = {(file, sha256) for file, sha256, _ in rows} | {(file, None) for file, _, _ in rows}
    wanted = {(drop.path, drop.sha256) for drop in newsroom.drops}
    unread = {file for file, sha256, _ in rows if sha256 is None}
    return {row[2] for row in rows} <= TERMINAL and all(one in contents or one[0] in unread for one in wanted)


@pytest.mark.long
@pytest.mark.timeout(int(SECONDS + 2 * RECOVERY + 120))
@pytest.mark.scenario(26, f"chaos for {SECONDS:g} s, seed {SEED}")
def test_whatever_is_broken_at_random_nothing_is_lost_or_doubled(upped: Upped) -> None:
    print(f"FAULTS_SEED={SEED}")
    up = upped.up()
    chaos, deliveries, timing = Chaos(upped, SEED), Deliveries(upped, SEED), random.Random(SEED + 2)
    pace = threading.Event()
    ends = time.monotonic() + SECONDS
    break_at = time.monotonic() + 1
    while time.monotonic() < ends:
        deliveries.drop_something()
        chaos.let_go_on()
        if time.monotonic() >= break_at:
            chaos.break_something()
            break_at = time.monotonic() + timing.uniform(*BREAK_EVERY)
        pace.wait(DROP_EVERY)
    chaos.let_go_on(all_of_them=True)
    upped.healed()
    deliveries.expect_last_editions()
    upped.wait(lambda: all_ended(upped), "every file has ended", RECOVERY)
    assert up.running, up.said()[-3000:]
    # A row that lost its process three times is quarantined until a person decides. Here the person tries it again.
    aside = upped.rows("SELECT DISTINCT reason FROM files WHERE state = 'quarantined'")
    aside += upped.rows("SELECT DISTINCT reason FROM documents WHERE state = 'quarantined'")
    assert set(aside) <= {("crashed",)}
    if aside:
        again = upped.start("retry", "retry", "--all")
        upped.wait(lambda: not again.running, "what was set aside is tried again")
        assert again.status == 0, again.said()
        upped.fault("onrecord retry by a person")
        upped.wait(lambda: all_ended(upped), "what was set aside has ended", RECOVERY)
    upped.check(RECOVERY)
    assert "Traceback" not in up.said()

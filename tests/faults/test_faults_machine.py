"""Machines that give less than usual: nothing is lost, and what is missing is said."""

import pytest

from tests.faults.newsroom import Newsroom
from tests.faults.upped import Upped
from tests.poor_machine import can_be_had, surrounded

pytestmark = pytest.mark.skipif(not can_be_had(), reason="this machine gives no name spaces")

SAID = "the system's limit of watched folders is reached, so this folder is polled"


def detail(newsroom: Newsroom) -> list[str]:
    """Return what `onrecord status` says of the watcher."""
    return [row[0] for row in newsroom.rows("SELECT detail FROM processes WHERE kind = 'watch' AND stopped_at IS NULL")]


@pytest.mark.scenario(48, "inotify's limit of watched folders, reached at the start and while running")
@pytest.mark.parametrize("watches", [2, 5], ids=["at the start", "while running"])
def test_a_folder_that_cannot_be_watched_whole_is_polled(newsroom: Newsroom, watches: int) -> None:
    for name in ("a", "b", "b/c"):
        (newsroom.inbox / name).mkdir()
    newsroom.start("watch", inside=surrounded(watches=watches), ONRECORD_SCAN_SECONDS="600")
    newsroom.open("worker")
    newsroom.wait(lambda: "watch" in newsroom.alive(), "the watcher is up")
    newsroom.fault(f"at most {watches} watches of inotify")
    if watches == 2:
        newsroom.wait(lambda: detail(newsroom) == ["news (polling)"], "it polls")
    else:
        newsroom.wait(lambda: detail(newsroom) == ["news"], "it polls nothing yet")
    for number, folder in enumerate(("", "a/", "b/c/", "d/", "d/e/f/")):
        newsroom.drop(number, f"{folder}{number}.txt")
    newsroom.healed()
    newsroom.check()
    newsroom.wait(lambda: detail(newsroom) == ["news (polling)"], "`status` says that it polls")
    assert newsroom.processes["watch"].said().count(SAID) == 1


@pytest.mark.long
@pytest.mark.scenario(49, "128 kB of /dev/shm, 256 open files, a umask of 000, 8 pool processes")
@pytest.mark.timeout(240)
def test_a_narrow_machine_works(upped: Upped) -> None:
    upped.fault("a narrow machine")
    upped.up(inside=surrounded(shared_memory=131_072, files=256, umask=0), ONRECORD_CONCURRENCY="8")
    upped.drop_all(range(10))
    upped.healed()
    upped.check(120)

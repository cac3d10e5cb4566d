"""When a file is at rest: a table of cases, with a simulated clock and simulated stats."""

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from worker.store.sightings import Stat
from worker.watch.rest import SILENCE, WATCHFUL, RestTracker, Sign

SETTLE = 2.0
PATH = b"a.txt"


def stat(version: int) -> Stat:
    return Stat(version, version, version, 1)


@dataclass
class Play:
    """The signs of one file with their times, the watcher's looks, and the times at which the file came to rest."""

    tracker: RestTracker = field(default_factory=lambda: RestTracker(SETTLE))
    version: int = 1
    rests: list[float] = field(default_factory=list)

    def wake(self, now: float) -> None:
        for path in self.tracker.due(now):
            if self.tracker.look(path, stat(self.version), now):
                self.rests.append(now)

    def until(self, end: float) -> None:
        """Look at the file whenever the tracker asks for a look, until the time `end`."""
        while (due := self.tracker.next_due()) is not None and due <= end:
            self.wake(due)

    def run(self, signs: list[tuple[float, Sign | str]], end: float = 60.0) -> list[float]:
        for time, sign in signs:
            self.until(time)
            if sign == "gone":
                self.tracker.forget(PATH)
            elif sign == "silent write":  # a write without any event
                self.version += 1
            else:
                assert isinstance(sign, Sign)
                if sign in (Sign.CHANGED, Sign.TOUCHED, Sign.MOVED):
                    self.version += 1
                self.tracker.note(PATH, sign, stat(self.version), time)
        self.until(end)
        return self.rests


M, C, W, T, F, L = Sign.MOVED, Sign.CLOSED, Sign.CHANGED, Sign.TOUCHED, Sign.FOUND, Sign.LYING


@pytest.mark.parametrize(
    ("case", "signs", "rests"),
    [
        ("moved in", [(0, M)], [0]),
        ("written and closed", [(0, W), (0.5, W), (0.6, C)], [0.7]),
        ("closed, opened again at once, and closed", [(0, C), (0.05, W), (1, C)], [1.1]),
        ("closed twice within the silence", [(0, C), (0.08, C)], [0.18]),
        ("made without a close (a hard link)", [(0, W)], [2]),
        ("written to without a close", [(0, W), (1.5, W), (3, W)], [5]),
        ("found by a scan", [(0, F)], [2]),
        ("found by a scan, written to unnoticed", [(0, F), (1, "silent write")], [4]),
        ("found by two scans", [(0, F), (1.9, F)], [2]),
        ("a scan comes by between close and rest", [(0, C), (0.05, F)], [0.1]),
        ("lying there at the start", [(0, L)], [0.1]),
        ("lying there, but written to between the looks", [(0, L), (0.05, "silent write")], [2.1]),
        ("closed, but written to unnoticed in the silence", [(0, C), (0.05, "silent write")], [2.1]),
        ("times set after the close", [(0, C), (0.05, T)], [0.15]),
        ("mode changed on a file at rest", [(0, T)], [2]),
        ("moved in, then appended to", [(0, M), (1, W), (1.1, C)], [0, 3.1]),
        ("replaced by a rename soon after", [(0, M), (1, M)], [0, 3]),
        ("closed again within five seconds of its rest", [(0, C), (5, C)], [0.1, 7]),
        ("closed again later than that", [(0, C), (5.2, C)], [0.1, 5.3]),
        ("moved in again later than that", [(0, M), (5.1, M)], [0, 5.1]),
        ("gone before its rest", [(0, C), (0.05, "gone")], []),
        ("gone and made again", [(0, W), (0.5, "gone"), (0.6, W), (0.7, C)], [0.8]),
        ("moved onto while it was written to", [(0, W), (0.5, M)], [0.5]),
    ],
)
def test_a_file_is_at_rest(case: str, signs: list[tuple[float, Sign | str]], rests: list[float]) -> None:
    assert Play().run(signs) == pytest.approx(rests), case


def test_nothing_is_left_behind() -> None:
    play = Play()
    play.run([(0, W), (1, C), (2, W), (9, C)])
    assert len(play.tracker) == 0
    assert play.tracker.next_due() is None or play.tracker.due(1000) == []


def test_a_late_look_at_a_file_that_got_a_new_sign_waits_on() -> None:
    tracker = RestTracker(SETTLE)
    tracker.note(PATH, C, stat(1), 0)
    assert tracker.due(SILENCE) == [PATH]
    tracker.note(PATH, W, stat(1), SILENCE)
    assert not tracker.look(PATH, stat(1), SILENCE)
    assert tracker.due(SILENCE + SETTLE) == [PATH]
    assert tracker.look(PATH, stat(1), SILENCE + SETTLE)


def test_many_due_files_come_in_batches() -> None:
    tracker = RestTracker(SETTLE)
    for number in range(1200):
        tracker.note(b"%d" % number, M, stat(1), 0)
    sizes = []
    while paths := tracker.due(0):
        sizes.append(len(paths))
        assert all(tracker.look(path, stat(1), 0) for path in paths)
    assert sizes == [500, 500, 200]


@given(
    some.lists(
        some.tuples(some.floats(0.001, 6), some.sampled_from([M, C, W, T, F, L, "gone", "silent write"])), max_size=30
    )
)
@example([(1.0, C), (0.1, C)])
def test_no_file_is_at_rest_before_its_silence(steps: list[tuple[float, Sign | str]]) -> None:
    """A file is never at rest before the wait that its last sign asks for; in the end no file is tracked."""
    time, signs = 0.0, []
    for pause, sign in steps:
        time += pause
        signs.append((time, sign))
    play = Play()
    rests = play.run(signs, end=time + 100)
    assert len(play.tracker) == 0
    for rest in rests:
        again = any(rest - WATCHFUL < other < rest for other in rests)
        # A sign at the same moment as the rest came too late to count, except a move, which itself caused the rest.
        heard = [
            (when, number, sign)
            for number, (when, sign) in enumerate(signs)
            if when < rest or (when == rest and sign is M and not again)
        ]
        last, _, sign = max(heard)
        if sign is W or (sign is M and again):
            assert rest - last >= SETTLE - 1e-6
        elif sign is C:
            assert rest - last >= SILENCE - 1e-6

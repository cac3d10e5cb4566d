"""The network at run time: shapes, one call for each window, loading after a fork, memory."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from worker.extract.marks.items import items
from worker.extract.model.attributed import WIDTH
from worker.extract.model.encoder import read
from worker.extract.model.links import FEATURES
from worker.extract.model.pieces import Pieces, pieces
from worker.extract.model.reader import link_weights, quotations
from worker.extract.model.windows import LONGEST, Window, windows
from worker.extract.quotation import Span
from worker.extract.relayed import Relays

TEXT = "“We go,” Anna Berg said.\nThe minister said that it rained."


def plain(text: str) -> Pieces:
    """Return the pieces of a text without marks, whose lines are its paragraphs."""
    blocks: list[Span] = []
    for line in text.splitlines():
        start = blocks[-1][1] + 1 if blocks else 0
        blocks.append((start, start + len(line)))
    return pieces(text, blocks, blocks, [])


def test_there_is_a_row_of_figures_for_each_piece() -> None:
    text_pieces = plain(TEXT)
    readings = read(text_pieces, windows(text_pieces))
    assert readings.tags.shape == (len(text_pieces), 7)
    assert readings.state.shape == (len(text_pieces), 384)
    assert all(np.isfinite(figures).all() for figures in (readings.tags, readings.state))


def test_nothing_is_told_to_others_and_nothing_left_behind(tmp_path: Path) -> None:
    """The runtime's telemetry queues events in HOME and keeps a file in TMPDIR as soon as it is imported."""
    program = "from worker.extract.model.encoder import session; session()"
    places = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    subprocess.run([sys.executable, "-c", program], env=environment | places, check=True, timeout=100)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_window_is_read() -> None:
    text_pieces = plain("yes " * 2 * LONGEST)
    assert len(read(text_pieces, windows(text_pieces)).tags) == len(text_pieces) == 2 * LONGEST


def test_a_windows_figures_depend_on_nothing_else() -> None:
    text_pieces = plain(TEXT)
    half = int(np.searchsorted(text_pieces.paragraphs, 1))
    alone = read(text_pieces, [Window(half, half, len(text_pieces))])
    after = read(text_pieces, [Window(0, 0, half), Window(half, half, len(text_pieces))])
    assert (after.tags[half:] == alone.tags).all()
    assert (after.state[half:] == alone.state).all()


def test_the_link_scorers_numbers_fit_together() -> None:
    weights = link_weights()
    assert weights.matrix.shape == (384, 6 * WIDTH)
    assert weights.bias.shape == (6 * WIDTH,)
    assert weights.features.shape == (3, FEATURES, WIDTH)
    assert weights.scores.shape == (3, WIDTH)
    assert weights.score_biases.shape == (3,)


def test_what_has_no_pieces_is_not_read() -> None:
    relays = Relays(items("", (0, 0), []), [])
    assert quotations("", [], [], [], relays, quoted_only=False, warn=pytest.fail) == []
    assert quotations("It rained.", [(0, 10)], [(0, 10)], [], relays, quoted_only=True, warn=pytest.fail) == []


def run_in_new_process(program: str, *arguments: str) -> str:
    """Return the output of a program; fail if the program fails."""
    command = [sys.executable, "-c", program, *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


FORKED = """
import multiprocessing, os, sys
from worker.extract import extract
from worker.extract.model import encoder, reader

def read(text):
    return [each.text for each in extract(text)]

if __name__ == "__main__":
    reader.warm()
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/task")) == 1, "no thread would be left in a child"
    session = encoder.session()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map_async(read, ["“We will go home,” said Anna Berg."] * 4).get(60))
        assert encoder.session() is session
"""


def test_a_model_that_is_loaded_before_a_fork_works_and_has_no_threads() -> None:
    """As in Celery's pool: the parent loads the model, and its children share the weights."""
    assert run_in_new_process(FORKED).strip() == str([["We will go home,"]] * 4)


PEAK = """
import re, resource, sys
from pathlib import Path
from worker.extract import extract
paragraph = (
    "The minister said that the harbour would open on Monday. It rained in the night, and nobody saw the ships.\\n\\n"
    "“We will go on,” said Anna Berg, who has led the town for nine years.\\n\\n"
)
def peak(size):
    extract((paragraph * (size // len(paragraph) + 1))[:size])
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # the peak that getrusage gives for a new process includes its parent's
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(peak(60_000), peak(120_000))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_article() -> None:
    """From 60,000 to 120,000 code points, memory grows by at most 40 MB. The state of all pieces would add 60 MB.

    A part of the growth comes only once, with the first full stretch: for 50,000, 100,000 and 200,000 code points we
    saw 168, 189 and 196 MB.
    """
    small, large = map(int, run_in_new_process(PEAK).split())
    assert large - small < 40e6

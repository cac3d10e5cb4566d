"""The CPU cost of parsing, extracting and naming alone: the product's own work, which is not part of the floor."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.generated import article
from worker.parse import Limits, parse
from worker.pipeline.extractor import read_article

WARMING = 10


def milliseconds(numbers: range) -> float:
    """Return CPU milliseconds per article. All cores work, as in the run from which the result is subtracted."""
    cores = os.cpu_count() or 1
    slices = [numbers[core::cores] for core in range(cores)]
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        return 1000 * sum(pool.map(_seconds, slices)) / len(numbers)


def _seconds(numbers: range) -> float:
    """Load all libraries, then read these articles; return the CPU seconds of the reading."""
    raw = [article(number).encode() for number in numbers]
    for content in raw[:WARMING]:
        read_article(parse(content, "text/plain", Limits()))
    began = time.process_time()
    for content in raw:
        read_article(parse(content, "text/plain", Limits()))
    return time.process_time() - began

"""The cost of parsing, extracting and naming alone: the product's own work, which the floor does not contain."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.generated import article
from worker.parse import Limits, parse
from worker.pipeline.reading import read_article

WARMING = 10


def milliseconds(numbers: range) -> float:
    """Return CPU milliseconds per article, with every core at work as in the run from which it is subtracted."""
    cores = os.cpu_count() or 1
    slices = [numbers[core::cores] for core in range(cores)]
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        return 1000 * sum(pool.map(_seconds, slices)) / len(numbers)


def _seconds(numbers: range) -> float:
    """Return the CPU seconds for these articles, after all libraries are loaded."""
    raw = [article(number).encode() for number in numbers]
    for content in raw[:WARMING]:
        read_article(parse(content, "text/plain", Limits()))
    began = time.process_time()
    for content in raw:
        read_article(parse(content, "text/plain", Limits()))
    return time.process_time() - began

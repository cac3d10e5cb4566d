"""The network at run time: an int8 ONNX encoder on one processor core.

It has no thread but the one that calls it. So a worker loads it before it forks its pool processes, and these share the
weights (`worker.tasks.preloading`); a pool of threads would not outlive the fork.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import onnxruntime

from worker.extract.model.pieces import Pieces
from worker.extract.model.spans import Scores
from worker.extract.model.windows import Window, framed

OUTPUTS = ("tags", "state")


@dataclass(frozen=True, slots=True)
class Readings:
    """The network's output: `tags` [pieces, 7] are scores of tags, `state` [pieces, 384] is used to score links."""

    tags: Scores
    state: Scores


@cache
def session() -> onnxruntime.InferenceSession:
    """Return the network. It uses one thread, and keeps no more memory between calls than one call needs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    # Higher levels join each sum and norm in one slow node. That takes a quarter more time (onnxruntime 1.31 on x86).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    weights = (files("worker.extract.model") / "encoder.onnx").read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def read(pieces: Pieces, windows: Sequence[Window]) -> Readings:
    """Run the network over the windows; return one row of output for each window's own pieces, in order.

    Each window has a call of its own. The activations are quantised for each call, so the output for a window does not
    depend on the other windows.
    """
    results: list[tuple[Scores, Scores]] = []
    for window in windows:
        ids, kinds, at = framed(pieces, window)
        inputs = {"ids": ids[None], "kinds": kinds[None], "places": np.arange(len(ids))}
        tags, state = session().run(OUTPUTS, inputs)
        own = at[window.own - window.first :]
        results.append((tags[0, own], state[0, own]))
    tags, state = (np.concatenate(list(kind)) for kind in zip(*results, strict=True))
    return Readings(tags, state)

"""The network at run time: an int8 ONNX encoder on one processor core.

Loaded once a process, at its first use, so that pool processes never share it across a fork.
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
    """What the network says of each piece that was read. `state` [pieces, 384] is what links are scored from."""

    tags: Scores
    state: Scores


@cache
def session() -> onnxruntime.InferenceSession:
    """The network; one thread, no memory kept between calls but what one call needs."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    # More than the basic level makes one slow node of each sum and norm: a quarter more time (measured, 1.31 on x86).
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    weights = (files("worker.extract.model") / "encoder.onnx").read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def read(found: Pieces, chosen: Sequence[Window]) -> Readings:
    """Run the network over the windows; the arrays have a row for each of their own pieces, in order.

    Each window goes alone: the activations are quantised by the call, so that a window's figures depend on it only.
    """
    results: list[tuple[Scores, Scores]] = []
    for window in chosen:
        ids, kinds, at = framed(found, window)
        inputs = {"ids": np.array([ids]), "kinds": np.array([kinds]), "places": np.arange(len(ids))}
        tags, state = session().run(OUTPUTS, inputs)
        own = at[window.own - window.first :]
        results.append((tags[0, own], state[0, own]))
    tags, state = (np.concatenate(list(kind)) for kind in zip(*results, strict=True))
    return Readings(tags, state)

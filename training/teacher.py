"""The teacher: the network of a model folder, as the worker runs it, with the states between its layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from torch import Tensor

from training.batches import Batch
from training.corpus import TAGS
from training.network import HIDDEN


@dataclass(slots=True)
class Told:
    """What the teacher says of a batch: `tags` [rows, length, 7], `state` and the states `between` [rows, length, 384].

    Where a row has no piece, all are 0.
    """

    tags: Tensor
    state: Tensor
    between: list[Tensor]


class Teacher:
    """A network that only reads. `layers` are the numbers, from 0, of the layers whose states are told."""

    def __init__(self, folder: Path, layers: Sequence[int]) -> None:
        model = onnx.load(folder / "encoder.onnx")
        self.outputs = ["tags", "state", *(f"layer{number}.second" for number in layers)]
        for name in self.outputs[2:]:
            model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", "pieces", None]))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def read(self, ids: Tensor, rows: Batch) -> Told:
        """Return what the teacher says of a batch whose pieces may have been changed: `ids` [rows, length]."""
        widths = [TAGS, *[HIDDEN] * (len(self.outputs) - 1)]
        told = [torch.zeros(*ids.shape, width) for width in widths]
        for number, row in enumerate(rows.rows):
            length = len(row.ids)
            inputs = {
                "ids": ids[number : number + 1, :length].numpy(),
                "kinds": rows.kinds[number : number + 1, :length].numpy(),
                "places": np.arange(length),
            }
            for into, output in zip(told, self.session.run(self.outputs, inputs), strict=True):
                into[number, :length] = torch.from_numpy(output[0])
        return Told(told[0], told[1], told[2:])

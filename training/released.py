"""Read the released network back from the worker's files, as a teacher or as the start of a smaller network.

    python -m training.released --out RUN/model.pt [--layers 0 2 4]

The matrices are int8 there, so what is read is what the worker runs, not the weights that training had. The head of the
entities is not in the files; it starts anew.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import nn

from training.network import HEAD, Reader, Shape, save

MODEL = Path("worker/extract/model")
Stored = dict[str, NDArray[np.float32]]


def released(folder: Path, layers: Sequence[int] | None = None) -> Reader:
    """Return the network in a folder of the worker, or only some of its layers, given by their numbers from 0."""
    model = onnx.load(folder / "encoder.onnx")
    stored: Stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    every = range(sum(name.endswith(".joined.weight") for name in stored))
    kept = list(every if layers is None else layers)
    heads = tuple(stored[f"layer{number}.attention.weight"].shape[0] // HEAD for number in kept)
    network = Reader(Shape(heads, tuple(stored[f"layer{number}.wide.weight"].shape[1] for number in kept)))
    with torch.no_grad():
        put(network.words.weight, stored["words"] * stored["words.scale"])
        put(network.places.weight, stored["places.table"])
        put(network.kinds.weight, stored["kinds.table"])
        put(network.tags.weight, stored["tags.weight"].T)
        put(network.tags.bias, stored["tags.bias"])
        norm(network.after_embedding, stored, "embedding")
        for layer, number in zip(network.layers, kept, strict=True):
            name = f"layer{number}"
            linear(layer.query_key_value, stored, f"{name}.joined")
            linear(layer.attention, stored, f"{name}.attention")
            norm(layer.after_attention, stored, f"{name}.first")
            linear(layer.widen, stored, f"{name}.wide")
            linear(layer.narrow, stored, f"{name}.narrow")
            norm(layer.after_words, stored, f"{name}.second")
        links(network, folder / "links.npz")
    return network


def put(weight: torch.Tensor, value: NDArray[np.float32]) -> None:
    """Set a weight."""
    weight.copy_(torch.from_numpy(np.ascontiguousarray(value, np.float32)))


def linear(module: nn.Linear, stored: Stored, name: str) -> None:
    """Set a matrix that was stored as int8 with one scale for each column, and its bias."""
    put(module.weight, (stored[f"{name}.weight"] * stored[f"{name}.scale"]).T)
    put(module.bias, stored[f"{name}.bias"])


def norm(module: nn.LayerNorm, stored: Stored, name: str) -> None:
    """Set the scale and the bias of a norm."""
    put(module.weight, stored[f"{name}.scale"])
    put(module.bias, stored[f"{name}.bias"])


def links(network: Reader, path: Path) -> None:
    """Set the scorer of links."""
    with np.load(path, allow_pickle=False) as stored:
        put(network.links.weight, stored["matrix"].T)
        put(network.links.bias, stored["bias"])
        for number, (table, scorer) in enumerate(zip(network.link_features, network.link_scores, strict=True)):
            put(table.weight, stored["features"][number])
            put(scorer.weight, stored["scores"][number][None])
            put(scorer.bias, stored["score_biases"][number][None])


def main() -> None:
    """Read the released network and write its weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, nargs="+", help="only these layers, from 0")
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save(released(MODEL, options.layers), options.out)


if __name__ == "__main__":
    main()

"""Write a trained network in the form that the worker runs: an int8 ONNX encoder, and a file with the link scorer.

    python -m training.export RUN/model.pt --out worker/extract/model

The graph is written node by node. So no exporter is needed, and the bytes depend only on the weights. Matrices are int8
with one scale for each column; the activations are quantised at run time (`DynamicQuantizeMatMul`). The word table is
int8 with one scale for each word. Norms, biases and the heads stay float32. There is no mask, because each window has a
call of its own. That is 1.2 times as fast as padding (measured), and the result does not depend on other windows.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.card import write_card
from training.network import EPSILON, HEAD, Reader, load

CONTRIB = "com.microsoft"
HIGHEST = 127
"""The largest quantised weight: the full range of int8."""


class Graph:
    """The nodes and constants of the graph, in the order in which they were added."""

    def __init__(self, highest: int) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.highest = highest

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add a constant; return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        """Add a node; return the name of its output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def norm(self, name: str, module: Any, inputs: list[str]) -> str:
        """Normalise the input, or the sum if there are two inputs; return the output's name."""
        scale = self.constant(f"{name}.scale", array(module.weight))
        bias = self.constant(f"{name}.bias", array(module.bias))
        source = self.node("Add", inputs, f"{name}.sum") if len(inputs) == 2 else inputs[0]
        return self.node("LayerNormalization", [source, scale, bias], name, axis=-1, epsilon=EPSILON)

    def linear(self, name: str, module: Any, source: str) -> str:
        """Multiply with an int8 matrix and add the module's bias; return the output's name."""
        values, scales = quantised(array(module.weight), self.highest)
        inputs = [
            source,
            self.constant(f"{name}.weight", values.T),
            self.constant(f"{name}.scale", scales),
            self.constant(f"{name}.zero", np.zeros(len(scales), np.int8)),
            self.constant(f"{name}.bias", array(module.bias)),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, CONTRIB)

    def plain(self, name: str, module: Any, source: str) -> str:
        """Multiply with a small float32 matrix and add the module's bias; return the output's name."""
        product = self.node(
            "MatMul", [source, self.constant(f"{name}.weight", array(module.weight).T)], f"{name}.product"
        )
        return self.node("Add", [product, self.constant(f"{name}.bias", array(module.bias))], name)


def array(weight: torch.Tensor) -> NDArray[np.float32]:
    """Return a tensor as an array of float32."""
    return np.asarray(weight.detach().numpy(), np.float32)


def quantised(weight: NDArray[np.float32], highest: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix as int8, and one scale for each row."""
    scales = np.maximum(np.abs(weight).max(1), 1e-8) / highest
    return np.round(weight / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def encoder(network: Reader, highest: int = HIGHEST) -> Any:
    """Return the ONNX model: `ids`, `kinds` [rows, pieces], `places` [pieces] -> `tags`, `state`."""
    graph = Graph(highest)
    words, scales = quantised(array(network.words.weight), HIGHEST)
    graph.constant("words", words)
    graph.constant("words.scale", scales[:, None])
    as_float = graph.node(
        "Cast", [graph.node("Gather", ["words", "ids"], "words.of")], "words.float", to=TensorProto.FLOAT
    )
    scaled = graph.node(
        "Mul", [as_float, graph.node("Gather", ["words.scale", "ids"], "words.scale.of")], "words.scaled"
    )
    places = graph.node("Gather", [graph.constant("places.table", array(network.places.weight)), "places"], "places.of")
    kinds = graph.node("Gather", [graph.constant("kinds.table", array(network.kinds.weight)), "kinds"], "kinds.of")
    total = graph.node("Add", [graph.node("Add", [scaled, kinds], "embedded"), places], "placed")
    state = graph.norm("embedding", network.after_embedding, [total])
    for number, layer in enumerate(network.layers):
        state = add_layer(graph, f"layer{number}", layer, state)
    graph.plain("tags", network.tags, state)
    graph.node("Identity", [state], "state")
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "pieces"]),
        helper.make_tensor_value_info("kinds", TensorProto.INT64, ["rows", "pieces"]),
        helper.make_tensor_value_info("places", TensorProto.INT64, ["pieces"]),
    ]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", "pieces", None]) for name in ("tags", "state")
    ]
    built = helper.make_graph(graph.nodes, "reader", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(built, opset_imports=opsets, ir_version=10, producer_name="onrecord")


def add_layer(graph: Graph, name: str, layer: Any, state: str) -> str:
    """Add one transformer layer; return the output's name."""
    joined = graph.linear(f"{name}.joined", layer.query_key_value, state)
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    sizes = graph.constant(f"{name}.sizes", np.array([layer.heads * HEAD] * 3))
    graph.nodes.append(helper.make_node("Split", [joined, sizes], parts, name=f"{name}.parts", axis=-1))
    mixed = graph.node("MultiHeadAttention", parts, f"{name}.mixed", CONTRIB, num_heads=layer.heads)
    state = graph.norm(
        f"{name}.first", layer.after_attention, [graph.linear(f"{name}.attention", layer.attention, mixed), state]
    )
    wide = graph.node("Gelu", [graph.linear(f"{name}.wide", layer.widen, state)], f"{name}.gelu", CONTRIB)
    return graph.norm(f"{name}.second", layer.after_words, [graph.linear(f"{name}.narrow", layer.narrow, wide), state])


def links(network: Reader) -> dict[str, NDArray[np.float32]]:
    """Return the weights of the link scorer."""
    return {
        "matrix": array(network.links.weight).T,
        "bias": array(network.links.bias),
        "features": np.stack([array(layer.weight) for layer in network.link_features]),
        "scores": np.stack([array(layer.weight)[0] for layer in network.link_scores]),
        "score_biases": np.stack([array(layer.bias)[0] for layer in network.link_scores]),
    }


def main() -> None:
    """Read the weights, and write the encoder, the link scorer and the model's card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--highest", type=int, default=HIGHEST, help="63 for processors without VNNI")
    parser.add_argument("--outside", type=float, default=0.0, help="added to the score of no span; tuned on dev")
    options = parser.parse_args()
    network = load(options.weights).eval()
    with torch.no_grad():
        network.tags.bias[0] += options.outside
    onnx.save(encoder(network, options.highest), options.out / "encoder.onnx")
    np.savez(options.out / "links.npz", **links(network))  # type: ignore[arg-type]  # numpy: allow_pickle is a name, too
    write_card(options.out)
    sizes = {name: (options.out / name).stat().st_size for name in ("encoder.onnx", "links.npz")}
    print(json.dumps(sizes))


if __name__ == "__main__":
    main()

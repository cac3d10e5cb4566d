"""The network: a MiniLM encoder that also reads quotation marks and word shapes, with heads for tags, entities, links.

The layers are written out here, and not taken from a library, so that `export.py` can write the same arithmetic.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from training.corpus import ENTITY_TAGS, TAGS
from worker.extract.model.links import FEATURES
from worker.extract.model.pieces import KINDS

HIDDEN, HEADS, INNER, WORDS, PLACES = 384, 12, 1536, 30522, 512
HEAD = HIDDEN // HEADS
"""The width of one head."""
EPSILON = 1e-12
LINK = 96
"""The length of the vector that a span has for one kind of link."""
ROLES = 6
"""The roles of a piece in the three kinds of links: content and cue, cue and source, content and source."""


@dataclass(frozen=True)
class Shape:
    """The numbers that may differ between networks."""

    heads: tuple[int, ...] = (HEADS,) * 6
    """The heads of each layer."""
    inner: tuple[int, ...] = (INNER,) * 6
    """The width between the two matrices behind the attention of each layer."""


class Rounded(nn.Linear):
    """A matrix that learns with the rounding errors of the worker: there weights and activations have 8 bits."""

    def forward(self, state: Tensor) -> Tensor:
        if not self.training:
            return functional.linear(state, self.weight, self.bias)
        with torch.no_grad():
            scale = self.weight.abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
            weight_error = (self.weight / scale).round_().mul_(scale).sub_(self.weight)
            step = (state.amax().clamp_min(0) - state.amin().clamp_max(0)) / 255
            state_error = (state / step).round_().mul_(step).sub_(state)
        return functional.linear(state + state_error, self.weight + weight_error, self.bias)


class Layer(nn.Module):
    """One transformer layer, normalised after each step as in BERT."""

    def __init__(self, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.query_key_value = Rounded(HIDDEN, 3 * heads * HEAD)
        self.attention = Rounded(heads * HEAD, HIDDEN)
        self.after_attention = nn.LayerNorm(HIDDEN, EPSILON)
        self.widen = Rounded(HIDDEN, inner)
        self.narrow = Rounded(inner, HIDDEN)
        self.after_words = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, state: Tensor, hidden: Tensor, keep: Tensor | None) -> Tensor:
        batch, length, _ = state.shape
        heads = self.heads
        parts = self.query_key_value(state).view(batch, length, 3, heads, HEAD).permute(2, 0, 3, 1, 4)
        query, key, value = parts.reshape(3, batch * heads, length, HEAD).unbind(0)
        hidden = hidden.expand(batch, heads, 1, length).reshape(batch * heads, 1, length)
        weights = torch.bmm(query, key.transpose(1, 2)) * HEAD**-0.5
        weights = functional.softmax(weights + hidden, -1, dtype=torch.float32).to(value.dtype)
        mixed = torch.bmm(weights, value).view(batch, heads, length, HEAD).transpose(1, 2)
        state = self.after_attention(state + dropped(self.attention(mixed.reshape(batch, length, heads * HEAD)), keep))
        return self.after_words(state + dropped(self.narrow(functional.gelu(self.widen(state))), keep))


def low_precision() -> torch.autocast:
    """Return the context for arithmetic in bf16, which does nothing where the processor would have to imitate it."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


def dropped(state: Tensor, keep: Tensor | None) -> Tensor:
    """Return `state` without some channels. They are the same for all pieces of a window, which costs little time."""
    return state if keep is None else state * keep


class Reader(nn.Module):
    """The whole network. From pieces it computes scores of tags and entities, and the state that scores the links."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(WORDS, HIDDEN)
        self.words.weight.requires_grad = False
        self.places = nn.Embedding(PLACES, HIDDEN)
        self.kinds = nn.Embedding(KINDS, HIDDEN)
        self.after_embedding = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer(*widths) for widths in zip(shape.heads, shape.inner, strict=True))
        self.tags = nn.Linear(HIDDEN, TAGS)
        self.entities = nn.Linear(HIDDEN, ENTITY_TAGS)
        self.links = nn.Linear(HIDDEN, ROLES * LINK)
        self.link_features = nn.ModuleList(nn.Embedding(FEATURES, LINK) for _ in range(3))
        self.link_scores = nn.ModuleList(nn.Linear(LINK, 1) for _ in range(3))
        for table in self.link_features:
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
        """Return tag scores, entity scores and state [windows, pieces, …].

        ids, kinds, mask: [windows, pieces]; mask is true where a window has a piece.
        """
        batch, length = ids.shape
        places = torch.arange(length, device=ids.device)
        state = self.words(ids) + self.places(places) + self.kinds(kinds)
        state = self.after_embedding(state)
        hidden = torch.zeros(batch, 1, 1, length).masked_fill(~mask[:, None, None, :], -1e4)
        for layer in self.layers:
            keep = None
            if dropout and self.training:
                keep = torch.bernoulli(torch.full((batch, 1, HIDDEN), 1 - dropout)) / (1 - dropout)
            state = layer(state, hidden, keep)
        if dropout and self.training:
            state = functional.dropout(state, dropout)
        return self.tags(state).float(), self.entities(state).float(), state.float()

    def link(self, number: int, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        """Return the scores of pairs. left, right: [pairs, LINK]; features: [pairs, n], indexes into the table."""
        total = left + right + self.link_features[number](features).sum(1)
        return self.link_scores[number](functional.relu(total)).squeeze(-1)


def pretrained(folder: Path, shape: Shape) -> Reader:
    """Return a network with the weights of an encoder: `model.safetensors` of a BERT of this size.

    If the network has fewer layers than the encoder, it gets layers from all depths of the encoder.
    """
    weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    network = Reader(shape)
    with torch.no_grad():
        network.words.weight.copy_(weights["embeddings.word_embeddings.weight"])
        network.places.weight.copy_(weights["embeddings.position_embeddings.weight"])
        network.kinds.weight.normal_(std=0.02)
        network.kinds.weight.add_(weights["embeddings.token_type_embeddings.weight"][0])
        copy(network.after_embedding, weights, "embeddings.LayerNorm")
        for number, layer in enumerate(network.layers):
            fill(layer, weights, f"encoder.layer.{number * 6 // len(shape.heads)}")
    return network


def fill(layer: Layer, weights: dict[str, Tensor], name: str) -> None:
    """Copy the weights of one layer from the encoder."""
    for kind in ("weight", "bias"):
        parts = [weights[f"{name}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        getattr(layer.query_key_value, kind).copy_(torch.cat(parts))
    copy(layer.attention, weights, f"{name}.attention.output.dense")
    copy(layer.after_attention, weights, f"{name}.attention.output.LayerNorm")
    copy(layer.widen, weights, f"{name}.intermediate.dense")
    copy(layer.narrow, weights, f"{name}.output.dense")
    copy(layer.after_words, weights, f"{name}.output.LayerNorm")


def copy(module: nn.Linear | nn.LayerNorm, weights: dict[str, Tensor], name: str) -> None:
    """Copy the weight and the bias of one module."""
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])


def save(network: Reader, path: Path) -> None:
    """Write the weights to `path`, and the shape to a file beside it."""
    torch.save(network.state_dict(), path)
    path.with_suffix(".json").write_text(json.dumps(asdict(network.shape)))


def load(path: Path) -> Reader:
    """Return the network that `save` wrote. Only weights are read, so no code in the file can run."""
    shape = json.loads(path.with_suffix(".json").read_text())
    network = Reader(Shape(tuple(shape["heads"]), tuple(shape["inner"])))
    network.load_state_dict(torch.load(path, weights_only=True))
    return network

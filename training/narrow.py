"""Make a network narrower: leave out the heads and the channels behind the attention that matter least.

A part is worth what the loss of `distil` would rise without it, to the second order: half the mean square of the loss's
derivative by a gate on that part (the Fisher information). Labels for it are drawn from the network's own
probabilities, and the state is probed with random signs, so any text will do. The parts with the least worth for the
time that they take go first, so layers may differ in width.
"""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import Batch
from training.network import HEAD, HIDDEN, Reader, Shape

HEAD_TIME = 112
"""The time of a head, in channels behind the attention, reckoned from the shares of time in the README."""
STEP = 32
"""Channels go by so many at once: the kernels of the runtime like round widths."""


class Gates:
    """Gates of 1 on all heads and channels of a network, one for each row of a batch."""

    def __init__(self, network: Reader) -> None:
        self.heads: list[Tensor] = []
        self.inner: list[Tensor] = []
        self.hooks = []
        for layer in network.layers:
            self.hooks.append(layer.attention.register_forward_pre_hook(self.gate_heads))
            self.hooks.append(layer.narrow.register_forward_pre_hook(self.gate_inner))

    def gate_heads(self, _module: object, inputs: tuple[Tensor]) -> tuple[Tensor]:
        """Put a gate on each head."""
        rows, length, width = inputs[0].shape
        gate = torch.ones(rows, 1, width // HEAD, 1, requires_grad=True)
        self.heads.append(gate)
        return ((inputs[0].view(rows, length, -1, HEAD) * gate).view(rows, length, width),)

    def gate_inner(self, _module: object, inputs: tuple[Tensor]) -> tuple[Tensor]:
        """Put a gate on each channel."""
        gate = torch.ones(inputs[0].shape[0], 1, inputs[0].shape[2], requires_grad=True)
        self.inner.append(gate)
        return (inputs[0] * gate,)

    def remove(self) -> None:
        """Remove the gates from the network."""
        for hook in self.hooks:
            hook.remove()


def worth(network: Reader, material: Iterable[Batch]) -> tuple[list[Tensor], list[Tensor]]:
    """Return for each layer what its heads and what its channels are worth."""
    heads = [torch.zeros(layer.heads) for layer in network.layers]
    inner = [torch.zeros(layer.widen.out_features) for layer in network.layers]
    pieces = 0
    for rows in material:
        pieces += int(rows.mask.sum())
        gates = Gates(network)
        tags, _, state = network(rows.ids, rows.kinds, rows.mask)
        gates.remove()
        kept = rows.mask
        drawn = torch.distributions.Categorical(logits=tags[kept].detach()).sample()
        size = state[kept].detach().square().mean().sqrt() * HIDDEN**0.5
        signs = torch.randint(0, 2, state[kept].shape) * 2.0 - 1
        tagged = functional.cross_entropy(tags[kept], drawn, reduction="sum") * 0.5**0.5
        probed = (state[kept] * signs).sum() / size
        for number, loss in enumerate((tagged, probed)):
            found = torch.autograd.grad(loss, gates.heads + gates.inner, retain_graph=number == 0)
            for total, gradient in zip(heads + inner, found, strict=True):
                total += gradient.reshape(len(gradient), -1).square().sum(0)
    return [one / pieces for one in heads], [one / pieces for one in inner]


def choice(heads: list[Tensor], inner: list[Tensor], share: float) -> tuple[list[Tensor], list[Tensor]]:
    """Return the numbers of the heads and channels to keep. `share`: of the time of all of them, what may stay."""
    parts: list[tuple[float, float, int, int]] = []
    for layer, one in enumerate(heads):
        parts += [(float(value) / HEAD_TIME, HEAD_TIME, layer, -1) for value in one]
    for layer, one in enumerate(inner):
        steps = one.sort().values.view(-1, STEP).sum(1)
        parts += [(float(value) / STEP, STEP, layer, 1) for value in steps]
    left = (1 - share) * sum(part[1] for part in parts)
    gone_heads, gone_inner = [0] * len(heads), [0] * len(inner)
    for _, time, layer, kind in sorted(parts):
        if time <= left:
            left -= time
            if kind < 0:
                gone_heads[layer] += 1
            else:
                gone_inner[layer] += STEP
    kept_heads = [one.argsort()[gone:].sort().values for one, gone in zip(heads, gone_heads, strict=True)]
    return kept_heads, [one.argsort()[gone:].sort().values for one, gone in zip(inner, gone_inner, strict=True)]


def narrowed(network: Reader, kept_heads: list[Tensor], kept_inner: list[Tensor]) -> Reader:
    """Return a network with only these heads and channels."""
    smaller = Reader(Shape(tuple(len(one) for one in kept_heads), tuple(len(one) for one in kept_inner)))
    state = network.state_dict()
    for number, (heads, inner) in enumerate(zip(kept_heads, kept_inner, strict=True)):
        name = f"layers.{number}"
        channels = (heads[:, None] * HEAD + torch.arange(HEAD)).flatten()
        joined = torch.cat([part * network.layers[number].heads * HEAD + channels for part in range(3)])
        for matrix, rows in (("query_key_value", joined), ("widen", inner)):
            for kind in ("weight", "bias"):
                state[f"{name}.{matrix}.{kind}"] = state[f"{name}.{matrix}.{kind}"][rows]
        for matrix, columns in (("attention", channels), ("narrow", inner)):
            state[f"{name}.{matrix}.weight"] = state[f"{name}.{matrix}.weight"][:, columns]
    smaller.load_state_dict(state)
    return smaller

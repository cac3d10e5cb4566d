"""Train the network on a gold corpus.

    python -m training.train --gold TRAIN.jsonl --dev DEV.jsonl --encoder FOLDER --out RUN/model.pt [options]

Each epoch prints the loss and the results on dev, and writes the averaged weights. Seeds are fixed: two runs with one
thread on the same machine give the same weights.
"""

import argparse
import json
import math
import os
import random
import time
from pathlib import Path

import torch

from training.batches import batches, blurred
from training.corpus import corpus
from training.losses import link_loss, tag_loss
from training.network import HEADS, INNER, Reader, Shape, load, low_precision, pretrained, save
from training.trial import trial

LINK_SHARE = 0.3
"""The weight of this loss in the sum; the loss of the tags has weight 1."""
WARM_UP = 0.06
"""The share of all steps in which the learning rate rises."""


def rate(step: int, steps: int) -> float:
    """Return the learning rate of a step, as a share of the highest rate.

    The rate rises linearly, and then falls along a cosine to a fiftieth of the highest rate.
    """
    if step < WARM_UP * steps:
        return step / (WARM_UP * steps)
    done = (step - WARM_UP * steps) / ((1 - WARM_UP) * steps)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def optimiser(network: Reader, encoder_rate: float, head_rate: float) -> torch.optim.AdamW:
    """Return AdamW. Heads and new tables get a higher rate than the encoder; only matrices have weight decay."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            fast = not name.startswith(("layers.", "places", "after_embedding"))
            key = (head_rate if fast else encoder_rate, 0.01 if weight.dim() > 1 else 0.0)
            groups.setdefault(key, []).append(weight)
    return torch.optim.AdamW(
        [{"params": p, "lr": lr, "weight_decay": wd} for (lr, wd), p in groups.items()], betas=(0.9, 0.98), fused=True
    )


class Average:
    """The average of the weights over the last steps."""

    def __init__(self, network: Reader, keep: float) -> None:
        self.keep, self.steps = keep, 0
        self.weights = {
            name: weight.detach().clone() for name, weight in network.named_parameters() if weight.requires_grad
        }

    @torch.no_grad()
    def update(self, network: Reader) -> None:
        """Add the weights after one more step to the average."""
        self.steps += 1
        keep = min(self.keep, (1 + self.steps) / (10 + self.steps))
        for name, weight in network.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(weight, 1 - keep)

    def network(self, like: Reader) -> Reader:
        """Return a network with the shape of `like` and the averaged weights."""
        averaged = Reader(like.shape)
        averaged.load_state_dict(like.state_dict() | self.weights)
        return averaged.eval()


def main() -> None:
    """Train the network; after each epoch print the results and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, help="folder with model.safetensors")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--blur", type=float, default=0.06)
    parser.add_argument("--entity-share", type=float, default=0.2, help="0: learn no entities")
    parser.add_argument("--flat", type=float, default=0.35)
    parser.add_argument("--smoothing", type=float, default=0.02)
    parser.add_argument("--size", type=int, default=2560)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, help="train on so many articles only (to try things out)")
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)  # all runs start with the same weights, so that their weights can be averaged
    chance = random.Random(options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    articles = list(
        zip(corpus(options.gold, options.silver), corpus(options.gold, options.silver, flat=True), strict=True)
    )
    articles = articles[: options.limit]
    shape = Shape((HEADS,) * options.layers, (INNER,) * options.layers)
    network = load(options.start) if options.start else pretrained(options.encoder, shape)
    torch.manual_seed(options.seed)
    average = Average(network, 0.995)
    learner = optimiser(network, options.rate, options.head_rate)
    highest = [group["lr"] for group in learner.param_groups]
    steps = options.epochs * sum(1 for _ in batches(articles, options.flat, options.size, random.Random(0)))
    step = 0
    for epoch in range(1, options.epochs + 1):
        began, losses = time.time(), [0.0, 0.0, 0.0]
        network.train()
        for rows in batches(articles, options.flat, options.size, chance):
            for group, top in zip(learner.param_groups, highest, strict=True):
                group["lr"] = top * rate(step, steps)
            with low_precision():
                tags, entities, state = network(blurred(rows, options.blur), rows.kinds, rows.mask, options.dropout)
            terms = (
                tag_loss(tags.float(), rows.labels("tags"), options.smoothing),
                tag_loss(entities.float(), rows.labels("entities")),
                link_loss(network, rows, tags, state),
            )
            (terms[0] + options.entity_share * terms[1] + LINK_SHARE * terms[2]).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            learner.step()
            learner.zero_grad()
            average.update(network)
            step += 1
            losses = [0.98 * old + 0.02 * float(term.detach()) for old, term in zip(losses, terms, strict=True)]
            if step % 50 == 0:
                print(
                    f"step {step}/{steps} {time.time() - began:.0f} s", *(f"{loss:.4f}" for loss in losses), flush=True
                )
        averaged = average.network(network)
        save(averaged, options.out)
        took = time.time() - began
        figures = trial(averaged, options.dev)
        print(json.dumps({"epoch": epoch, "seconds": round(took), "loss": losses, **figures}), flush=True)


if __name__ == "__main__":
    main()

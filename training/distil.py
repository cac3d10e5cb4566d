"""Train a smaller network (the student) on the gold corpus and on what a larger one (the teacher) says of any text.

    python -m training.distil --gold TRAIN.jsonl --unlabelled MORE.jsonl.gz --out RUN/model.pt [options]

The teacher is a model folder of the worker. The student begins with its layers, or some of them, without the heads
and channels that matter least (`narrow`). For each batch the teacher reads the same pieces as the student, masked
ones included; so its scores are targets for texts that nobody labelled and that never stood anywhere. The student
learns the teacher's tag scores (with several teachers, the mean of their log-probabilities), its state (from which
links are scored), the states between its layers, and the gold tags and links where there are any.
"""

import argparse
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from training.batches import Batch, batches, blurred
from training.corpus import Article, corpus, unlabelled
from training.losses import link_loss, tag_loss
from training.narrow import choice, narrowed, worth
from training.network import Reader, load, low_precision, save
from training.released import MODEL, released
from training.teacher import Teacher
from training.train import LINK_SHARE, Average, optimiser, rate
from training.trial import trial

STATE_SHARE, INNER_SHARE = 1.0, 0.2
"""The weights of the last state and of the states between; the teacher's tags have 1."""

NARROWING = 30
"""So many batches tell which heads and channels matter least."""

Pair = tuple[Article, Article]


@dataclass
class Material:
    """What the student reads: the gold articles, and the others, of which each epoch takes the next part.

    `made`: each list has the gold articles written anew. With any, half of the gold articles of an epoch are made ones.
    """

    gold: list[Pair]
    made: list[list[Pair]]
    others: list[Pair]
    parts: int

    def of(self, epoch: int) -> list[Pair]:
        """Return the articles of an epoch; its number says which of the others, and which made ones."""
        chance = random.Random(epoch)
        gold = [
            chance.choice(anew) if anew and chance.random() < 0.5 else one
            for one, *anew in zip(self.gold, *self.made, strict=True)
        ]
        return gold + self.others[epoch % self.parts :: self.parts]


class Follower:
    """The student with the states between its layers, and its loss against the teacher."""

    def __init__(self, student: Reader, teachers: list[Teacher], dropout: float, gold: float) -> None:
        self.student, self.teachers, self.dropout, self.gold = student, teachers, dropout, gold
        self.between: list[Tensor] = []
        for layer in student.layers[:-1]:
            layer.register_forward_hook(lambda _module, _inputs, output: self.between.append(output))

    def losses(self, rows: Batch, share: float) -> dict[str, Tensor]:
        """Return the terms of the loss of one batch, of which a share of the pieces is masked or changed."""
        ids = blurred(rows, share)
        told, *more = (teacher.read(ids, rows) for teacher in self.teachers)
        self.between.clear()
        with low_precision():
            tags, _, state = self.student(ids, rows.kinds, rows.mask, self.dropout)
        tags = tags.float()
        kept = rows.mask
        each = torch.stack([functional.log_softmax(one.tags[kept], -1) for one in (told, *more)])
        target = functional.log_softmax(each.mean(0), -1)
        found = functional.log_softmax(tags[kept], -1)
        terms = {
            "taught": functional.kl_div(found, target, reduction="batchmean", log_target=True),
            "state": distance(state[kept], told.state[kept]),
            "between": torch.stack(
                [distance(one[kept], other[kept]) for one, other in zip(self.between, told.between, strict=True)]
            ).mean(),
        }
        if self.gold and any(row.article.labelled for row in rows.rows):
            terms["gold"] = tag_loss(tags, rows.labels("tags"), 0.02) + LINK_SHARE * link_loss(
                self.student, rows, tags, state
            )
        return terms


def distance(one: Tensor, other: Tensor) -> Tensor:
    """Return the mean square distance, as a share of the target's own mean square."""
    return functional.mse_loss(one.float(), other) / other.square().mean()


def total(terms: dict[str, Tensor], gold: float) -> Tensor:
    """Return the weighted sum of the terms."""
    shares = {"taught": 1.0, "state": STATE_SHARE, "between": INNER_SHARE, "gold": gold}
    return torch.stack([shares[name] * term for name, term in terms.items()]).sum()


class Clock:
    """Where the training is: after how many steps of how many, or, with `--minutes`, where by the time that is left."""

    def __init__(self, options: argparse.Namespace, read: Material) -> None:
        self.step, self.began, self.stop, self.minutes = 0, time.time(), options.stop, options.minutes
        self.steps = sum(
            sum(1 for _ in batches(read.of(options.seed + epoch), options.flat, options.size, random.Random(epoch)))
            for epoch in range(1, options.epochs + 1)
        )

    def at(self) -> int:
        """Return the step that decides the learning rate."""
        spent = (time.time() - self.began) / (60 * self.minutes) if self.minutes else 0.0
        return max(self.step, int(spent * self.steps))

    def over(self) -> bool:
        """True if no step shall follow."""
        return self.step == self.stop or self.at() >= self.steps

    def told(self) -> str:
        """Return how far the training is."""
        return f"step {self.step}/{self.steps} {time.time() - self.began:.0f} s ({time.thread_time():.0f} s of CPU)"


def arguments() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--made", type=Path, nargs="*", default=[], help="the gold articles written anew")
    parser.add_argument("--unlabelled", type=Path, required=True)
    parser.add_argument("--without", type=Path, help="a JSONL file with articles whose texts are not used")
    parser.add_argument("--dev", type=Path, required=True, help="gold articles to measure on after each epoch")
    parser.add_argument(
        "--teacher", type=Path, nargs="+", default=[MODEL], help="model folders; the states are those of the first"
    )
    parser.add_argument(
        "--layers", type=int, nargs="+", default=[0, 1, 2, 3, 4, 5], help="the teacher's layers, from 0"
    )
    parser.add_argument("--share", type=float, help="of the time of their heads and channels, what may stay")
    parser.add_argument("--start", type=Path, help="a student with as many layers to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--parts", type=int, default=3, help="an epoch reads one of so many parts of the unlabelled")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--gold-share", type=float, default=0.0, help="of the gold labels; the teacher's tags have 1")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--blur", type=float, default=0.06)
    parser.add_argument("--flat", type=float, default=0.3)
    parser.add_argument("--size", type=int, default=2560)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, help="so many articles of each kind only (to try things out)")
    parser.add_argument("--stop", type=int, help="stop after so many steps (to try things out)")
    parser.add_argument("--minutes", type=float, help="at most so long; the learning rate falls with the clock then")
    return parser.parse_args()


def material(options: argparse.Namespace) -> Material:
    """Read the articles, each with and without its line breaks."""
    gold, *made = (
        list(zip(corpus(path, None), corpus(path, None, flat=True), strict=True))[: options.limit]
        for path in (options.gold, *options.made)
    )
    plain = (unlabelled(options.unlabelled, options.without, flat, options.limit) for flat in (False, True))
    return Material(gold, made, list(zip(*plain, strict=True)), options.parts)


def beginning(options: argparse.Namespace, read: Material) -> Reader:
    """Return the student before its first step."""
    if options.start:
        return load(options.start)
    student = released(options.teacher[0], options.layers)
    if options.share:
        some = read.gold[::20] + read.others[::60]
        rows = list(batches(some, options.flat, options.size, random.Random(1)))
        student = narrowed(student, *choice(*worth(student, rows[:NARROWING]), options.share))
    return student


def main() -> None:
    """Train the student; after each epoch print the results and write the weights."""
    options = arguments()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    read = material(options)
    student = beginning(options, read)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    teachers = [Teacher(options.teacher[0], options.layers[:-1])]
    teachers += [Teacher(folder, []) for folder in options.teacher[1:]]
    follower = Follower(student, teachers, options.dropout, options.gold_share)
    learner = optimiser(student, options.rate, options.head_rate)
    highest = [group["lr"] for group in learner.param_groups]
    average = Average(student, 0.995)
    clock = Clock(options, read)
    shown: dict[str, float] = {}
    for epoch in range(1, options.epochs + 1):
        student.train()
        chance = random.Random(f"{options.seed} {epoch}")
        for rows in batches(read.of(options.seed + epoch), options.flat, options.size, chance):
            for group, top in zip(learner.param_groups, highest, strict=True):
                group["lr"] = top * rate(clock.at(), clock.steps)
            terms = follower.losses(rows, options.blur)
            total(terms, options.gold_share).backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            learner.step()
            learner.zero_grad()
            average.update(student)
            clock.step += 1
            for name, term in terms.items():
                value = float(term.detach())
                shown[name] = 0.98 * shown.get(name, value) + 0.02 * value
            if clock.step % 20 == 0:
                print(clock.told(), *(f"{name} {value:.4f}" for name, value in shown.items()), flush=True)
            if clock.step % 200 == 0:
                save(average.network(student), options.out.with_stem(f"{options.out.stem}-{clock.step}"))
            if clock.over():
                break
        save(average.network(student), options.out)
        print(json.dumps({"epoch": epoch, **trial(average.network(student), options.dev)}), flush=True)
        if clock.over():
            break


if __name__ == "__main__":
    main()

"""Pairing: each quotation continues the old quotation that shares most of its text."""

import random

import pytest

from worker.store.pairing import LEAST_IOU, Parts, iou, pair


def by_comparing_all(old: list[Parts], new: list[Parts]) -> dict[int, int]:
    """Return the pairs by comparing each quotation with each other one."""
    scored = sorted((-iou(old[o], new[n]), o, n) for o in range(len(old)) for n in range(len(new)))
    pairs: dict[int, int] = {}
    for score, o, n in scored:
        if -score >= LEAST_IOU and n not in pairs and o not in pairs.values():
            pairs[n] = o
    return pairs


def quotations(chance: random.Random) -> list[Parts]:
    """Return up to eight quotations of up to three disjoint parts; they may overlap and repeat each other."""
    made: list[Parts] = []
    for _ in range(chance.randint(0, 8)):
        bounds = sorted(chance.sample(range(40), 2 * chance.randint(1, 3)))
        made.append(list(zip(bounds[::2], bounds[1::2], strict=True)))
    return made


@pytest.mark.parametrize("seed", range(300))
def test_pairs_are_those_of_comparing_all_with_all(seed: int) -> None:
    chance = random.Random(seed)
    old = quotations(chance)
    new = [parts if chance.random() < 0.6 else other for parts, other in zip(old, quotations(chance), strict=False)]
    new += quotations(chance)
    assert pair(old, new) == by_comparing_all(old, new)


def test_a_quotation_that_moved_a_little_is_continued() -> None:
    assert pair([[(0, 10)], [(20, 40)]], [[(21, 41)], [(50, 60)]]) == {0: 1}

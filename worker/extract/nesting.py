"""Quotations inside quotations: which one each lies in."""

from collections.abc import Iterable
from dataclasses import replace

from worker.extract.quotation import Quotation


def nested(quotations: Iterable[Quotation]) -> list[Quotation]:
    """The quotations by start, outer before inner, each with the index of the smallest one whose part holds it."""
    ordered = sorted(dict.fromkeys(quotations), key=place)
    parts = sorted((start, end, number) for number, each in enumerate(ordered) for start, end in each.parts)
    found: list[Quotation] = []
    around: list[tuple[int, int, int]] = []
    begun = 0
    for number, quotation in enumerate(ordered):
        while begun < len(parts) and parts[begun][0] <= quotation.start:
            around.append(parts[begun])
            begun += 1
        around = [part for part in around if part[1] > quotation.start]
        holding = [part for part in around if part[2] != number and holds(part[:2], quotation)]
        outer = min(holding, key=lambda part: part[1] - part[0])[2] if holding else None
        found.append(replace(quotation, inside=outer))
    return found


def place(each: Quotation) -> tuple[object, ...]:
    """What quotations are sorted by; nothing in it changes from one process to the next."""
    return (each.start, -each.end, each.kind, each.parts, str(each.cue), str(each.source), each.confidence)


def holds(part: tuple[int, int], quotation: Quotation) -> bool:
    """Whether a part of one quotation holds all of another and more."""
    return part[0] <= quotation.start and quotation.end <= part[1] and part != (quotation.start, quotation.end)

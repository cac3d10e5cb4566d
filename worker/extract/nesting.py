"""Quotations inside quotations: finds the outer quotation of each inner quotation."""

from collections.abc import Iterable
from dataclasses import replace

from worker.extract.quotation import Quotation


def nested(quotations: Iterable[Quotation]) -> list[Quotation]:
    """Return the quotations by start, outer before inner, without duplicates.

    `inside` of a quotation becomes the index of the quotation that has it in one of its parts. If several quotations
    do, the shortest of these parts decides.
    """
    ordered = sorted(dict.fromkeys(quotations), key=place)
    parts = sorted((start, end, number) for number, quotation in enumerate(ordered) for start, end in quotation.parts)
    nested_quotations: list[Quotation] = []
    around: list[tuple[int, int, int]] = []
    begun = 0
    for number, quotation in enumerate(ordered):
        while begun < len(parts) and parts[begun][0] <= quotation.start:
            around.append(parts[begun])
            begun += 1
        around = [part for part in around if part[1] > quotation.start]
        holding = [part for part in around if part[2] != number and holds(part[:2], quotation)]
        outer = min(holding, key=lambda part: part[1] - part[0])[2] if holding else None
        nested_quotations.append(replace(quotation, inside=outer))
    return nested_quotations


def place(quotation: Quotation) -> tuple[object, ...]:
    """Return the key by which quotations are sorted. The key is the same in every process."""
    bounds = (quotation.start, -quotation.end)
    return (*bounds, quotation.kind, quotation.parts, str(quotation.cue), str(quotation.source), quotation.confidence)


def holds(part: tuple[int, int], quotation: Quotation) -> bool:
    """True if a part of one quotation contains all of another quotation, and more than that."""
    return part[0] <= quotation.start and quotation.end <= part[1] and part != (quotation.start, quotation.end)

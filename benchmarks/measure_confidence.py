"""Measure how often each rule of the extractor is right, for the constants of `worker/extract/confidence.py`.

    .venv/bin/python -m benchmarks.measure_confidence GOLD.jsonl

GOLD is as for `evaluate_extractor.py`. A quotation is right
if a gold one overlaps its content by half or more and has a
source that overlaps its source (or neither has one). Prints a line for each rule and kind: right, seen, share.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.evaluate_extractor import lines
from worker.extract import Quotation, extract, quotations
from worker.extract.quotation import Kind

Key = tuple[str, Kind]
CODES: dict[float, Key] = {}


def code(rule: str, kind: Kind) -> float:
    """Stand in for `confidence`: a number that names the rule."""
    key = (rule, kind)
    found = next((number for number, each in CODES.items() if each == key), None)
    if found is None:
        found = float(len(CODES) + 1)
        CODES[found] = key
    return found


def characters(spans: Any) -> set[int]:
    """The offsets of some spans."""
    return {offset for start, end in spans for offset in range(start, end)}


def right(quotation: Quotation, gold: list[dict[str, Any]]) -> bool:
    """Whether some gold quotation agrees in content and source."""
    content = characters(quotation.parts)
    source = characters([(quotation.source.start, quotation.source.end)] if quotation.source else [])
    for each in gold:
        other = characters(each["content"])
        if 2 * len(content & other) >= len(content | other):
            wanted = characters(each["source"])
            if source & wanted or not (source or wanted):
                return True
    return False


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Precision of each rule on a gold file")
    parser.add_argument("gold", type=Path)
    options = parser.parse_args()
    setattr(quotations, "confidence", code)  # noqa: B010  (mypy: the module does not export it)
    seen: Counter[Key] = Counter()
    good: Counter[Key] = Counter()
    for record in lines(options.gold):
        for quotation in extract(record["text"]):
            key = CODES.get(quotation.confidence, ("inside", quotation.kind))
            seen[key] += 1
            good[key] += right(quotation, record["quotes"])
    for key in sorted(seen):
        print(f"{key[0]:12} {key[1]:9} {good[key]:5} {seen[key]:5} {good[key] / seen[key]:.2f}")


if __name__ == "__main__":
    main()

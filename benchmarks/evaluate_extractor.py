"""Run the extractor over a gold file and write its predictions.

    .venv/bin/python -m benchmarks.evaluate_extractor GOLD.jsonl [--out PRED.jsonl]

A gold line is {"doc", "text", "quotes"}; only "doc" and "text" are read. A prediction line is {"doc", "quotes":
[{"content": [[start, end], …], "source": […], "cue": […], "speaker", "kind", "confidence"}]}, offsets in code points.
GOLD may be gzipped. Prints articles, quotations and articles per CPU-second.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worker.extract import Mention, extract
from worker.speakers.within import resolve


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSONL file, gzipped or not."""
    raw = path.read_bytes()
    text = gzip.decompress(raw).decode() if path.suffix == ".gz" else raw.decode()
    for line in text.split("\n"):
        if line:
            yield json.loads(line)


def spans(mention: Mention | None) -> list[list[int]]:
    """A mention as the gold form has it: a list of spans."""
    return [] if mention is None else [[mention.start, mention.end]]


def predict(record: dict[str, Any]) -> dict[str, Any]:
    """One article's prediction line."""
    text = record["text"]
    quotations = extract(text)
    resolution = resolve(text, quotations)
    quotes = [
        {
            "content": [list(part) for part in quotation.parts],
            "source": spans(quotation.source),
            "cue": spans(quotation.cue),
            "kind": quotation.kind,
            "confidence": quotation.confidence,
            "speaker": " & ".join(resolution.entities[n].name for n in attribution.entities) or None,
            "source_kind": attribution.source_kind,
            "evidence": attribution.evidence,
        }
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
    ]
    return {"doc": record["doc"], "quotes": quotes}


def main() -> None:
    """Read GOLD, write PRED, print the speed."""
    parser = argparse.ArgumentParser(description="Run the extractor over a gold file")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    records = list(lines(options.gold))
    begun = time.process_time()
    predictions = [predict(record) for record in records]
    seconds = time.process_time() - begun
    if options.out:
        with options.out.open("w", encoding="utf-8") as file:
            for prediction in predictions:
                file.write(json.dumps(prediction, ensure_ascii=False) + "\n")
    quotes = sum(len(prediction["quotes"]) for prediction in predictions)
    rate = len(records) / seconds if seconds else 0.0
    print(f"{len(records)} articles, {quotes} quotations, {rate:.0f} articles per CPU-second")


if __name__ == "__main__":
    main()

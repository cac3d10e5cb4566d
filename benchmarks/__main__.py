"""Measure and print: `python -m benchmarks [stages] [latency] [throughput] [overhead] [memory] [growth] [--quick]`."""

import argparse
import time
from pathlib import Path

from benchmarks import generated, growth, latency, machine, stages, throughput
from benchmarks.figure import Figure, table
from benchmarks.floor import running_floor
from benchmarks.stack import running_stack
from worker.evaluation.gold import read_gold

PARTS = ("stages", "latency", "throughput", "overhead", "memory", "growth")
ON_A_STACK = {"throughput", "overhead", "memory"}


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The numbers, each with its floor.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="500 articles, 20 drops, growth to 10,000, few to read")
    parser.add_argument("--articles", type=int, help="articles of the throughput run (10,000)")
    parser.add_argument("--drops", type=int, help="drops of each kind (150)")
    parser.add_argument("--sizes", type=int, nargs="+", help="stored articles for growth (1000 10000 100000)")
    parser.add_argument("--gold", type=Path, help="a gold file whose texts the stages read, not generated ones")
    parser.add_argument("--out", type=Path, help="a file to write the table to as well")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; parts are {', '.join(PARTS)}")
    given.parts = given.parts or list(PARTS)
    given.articles = given.articles or (500 if given.quick else 10_000)
    given.drops = given.drops or (20 if given.quick else 150)
    given.sizes = given.sizes or ([1_000, 10_000] if given.quick else [1_000, 10_000, 100_000])
    return given


def measure(given: argparse.Namespace) -> list[Figure]:
    """All figures asked for, in the order of `PARTS`."""
    figures: list[Figure] = []
    asked = set(given.parts)
    if "stages" in asked:
        figures += stages.measure(to_read(given), 3 if given.quick else 7)
    if asked & ({"latency"} | ON_A_STACK):
        with running_stack() as stack, running_floor(stack) as floor:
            if "latency" in asked:
                figures += latency.measure(stack, floor, given.drops)
            if asked & ON_A_STACK:
                run = throughput.run(stack, floor, given.articles)
                for part in ("throughput", "overhead", "memory"):
                    figures += getattr(throughput, part)(run) if part in asked else []
    if "growth" in asked:
        figures += growth.measure(given.sizes)
    return figures


def to_read(given: argparse.Namespace) -> list[bytes]:
    """The articles whose reading is timed stage by stage."""
    count = 6 if given.quick else 30
    if given.gold:
        texts = [each.text.encode() for each in read_gold(given.gold)]
        return texts[:: max(1, len(texts) // count)][:count]  # from all over the file: its parts may differ in length
    return [generated.article(number).encode() for number in range(count)]


def main() -> None:
    """Measure, print, write."""
    given = options()
    begun = time.monotonic()
    figures = measure(given)
    minutes = (time.monotonic() - begun) / 60
    told = f"{machine.described()} The run took {minutes:.0f} min.\n\n{table(figures)}\n"
    print(told)
    if given.out:
        given.out.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()

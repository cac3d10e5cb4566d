"""Measure and print: `python -m benchmarks [MEASUREMENT …] [--quick]`."""

import argparse
import time
from pathlib import Path

from benchmarks import (
    bundles,
    drops,
    growth,
    large_speakers,
    latency,
    machine,
    material,
    names,
    page,
    stages,
    throughput,
    world,
)
from benchmarks.figure import Figure, table
from benchmarks.floor import running_floor
from benchmarks.material import Material
from benchmarks.stack import running_stack
from worker.evaluation.gold import read_gold
from worker.garbage import search_rarely

MEASUREMENTS = (
    "ratio",
    "throughput",
    "overhead",
    "memory",
    "latency",
    "stages",
    "bundles",
    "growth",
    "large",
    "names",
    "page",
    "drops",
)
ON_A_STACK = {"ratio", "throughput", "overhead", "memory"}


def options() -> argparse.Namespace:
    """Return the parsed command line, with defaults filled in."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The numbers, each with its floor.")
    parser.add_argument(
        "measurements", nargs="*", metavar="MEASUREMENT", help=f"{', '.join(MEASUREMENTS)}; default: all"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="500 articles, 20 drops, growth to 10,000, six articles for the stages, 10,000 quotations or people",
    )
    parser.add_argument(
        "--articles", metavar="COUNT|DIR", help="invented articles of the throughput run (10,000), or a folder of files"
    )
    parser.add_argument("--drops", type=int, help="drops of each kind (150)")
    parser.add_argument("--sizes", type=int, nargs="+", help="stored articles for growth (1000 10000 100000)")
    parser.add_argument("--quotations", type=int, help="quotations of the large speaker (100000)")
    parser.add_argument("--people", type=int, help="speakers among whom names are looked up (100000)")
    parser.add_argument("--page", type=int, help="articles behind the page (100000)")
    parser.add_argument(
        "--large", type=int, nargs=2, metavar=("FILES", "ARTICLES"), help="sizes of the large drops (10000 100000)"
    )
    parser.add_argument("--gold", type=Path, help="a gold file whose texts the stages read, not generated ones")
    parser.add_argument("--out", type=Path, help="a file to write the table to as well")
    arguments = parser.parse_args()
    if unknown := set(arguments.measurements) - set(MEASUREMENTS):
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}; choose from {', '.join(MEASUREMENTS)}")
    arguments.measurements = arguments.measurements or list(MEASUREMENTS)
    arguments.material = _material(parser, arguments.articles or ("500" if arguments.quick else "10000"))
    arguments.drops = arguments.drops or (20 if arguments.quick else 150)
    arguments.quotations = arguments.quotations or (10_000 if arguments.quick else 100_000)
    arguments.people = arguments.people or (10_000 if arguments.quick else 100_000)
    arguments.page = arguments.page or (10_000 if arguments.quick else 100_000)
    arguments.large = arguments.large or ([300, 1_000] if arguments.quick else [10_000, 100_000])
    arguments.sizes = arguments.sizes or ([1_000, 10_000] if arguments.quick else [1_000, 10_000, 100_000])
    return arguments


def _material(parser: argparse.ArgumentParser, said: str) -> Material:
    """Return the files that `--articles` names: so many invented ones, or those of a folder."""
    found = Material(int(said)) if said.isdecimal() else material.of_folder(Path(said))
    if found.count < material.LEAST:
        parser.error(f"--articles: give at least {material.LEAST} articles, or a folder with as many files, not {said}")
    return found


def measure(arguments: argparse.Namespace) -> list[Figure]:
    """Return the figures of the chosen measurements, in the order of `MEASUREMENTS`."""
    figures: list[Figure] = []
    chosen = set(arguments.measurements)
    if chosen & ({"latency"} | ON_A_STACK):
        with running_stack() as stack, running_floor(stack) as floor:
            if chosen & ON_A_STACK:
                run = throughput.run(stack, floor, arguments.material)
                for name in ("ratio", "throughput", "overhead", "memory"):
                    figures += getattr(throughput, name)(run) if name in chosen else []
            if "latency" in chosen:
                figures += latency.measure(stack, floor, arguments.drops)
    if "stages" in chosen:
        figures += stages.measure(articles_to_read(arguments), 3 if arguments.quick else 7)
    if "bundles" in chosen:
        figures += bundles.measure(500, 3 if arguments.quick else 7)
    if "growth" in chosen:
        figures += growth.measure(arguments.sizes)
    if "large" in chosen:
        figures += large_speakers.measure(arguments.quotations)
    if "names" in chosen:
        figures += names.measure(arguments.people)
    if "page" in chosen:
        figures += page.measure(arguments.page)
    if "drops" in chosen:
        figures += drops.measure(*arguments.large)
    return figures


def articles_to_read(arguments: argparse.Namespace) -> list[bytes]:
    """Return the articles whose reading is timed stage by stage."""
    count = 6 if arguments.quick else 30
    if arguments.gold:
        texts = [article.text.encode() for article in read_gold(arguments.gold)]
        # take articles from the whole file, because their length may differ from one section to another
        return texts[:: max(1, len(texts) // count)][:count]
    return [world.article(number).encode() for number in range(count)]


def main() -> None:
    """Measure, print, write."""
    search_rarely()  # as every command of ours does
    arguments = options()
    began = time.monotonic()
    figures = measure(arguments)
    minutes = (time.monotonic() - began) / 60
    report = f"{machine.described()} The run took {minutes:.0f} min.\n\n{table(figures)}\n"
    print(report)
    if arguments.out:
        arguments.out.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()

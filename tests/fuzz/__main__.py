"""The long form of fuzzing, which prints a table: `python -m tests.fuzz [--inputs N] [--seed S] …`."""

import argparse
import math
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from tests.fuzz.campaign import run_by_name
from tests.fuzz.targets import targets

HEAD = "| target | inputs | stored | otherwise | slowest | failures |\n|---|--:|--:|---|--:|--:|"


def main() -> int:
    """Fuzz every target with its share of the inputs. Return 1 if any input failed, else 0."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--inputs", type=int, default=100_000, help="in total, over all targets")
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of the first round; printed")
    arguments.add_argument("--only", default="", help="only targets with this in their name")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    arguments.add_argument(
        "--failures", type=Path, default=Path("fuzz-failures"), help="where failing inputs are written"
    )
    options = arguments.parse_args()
    selected = sorted((target for target in targets() if options.only in target.name), key=lambda target: -target.share)
    total_share = sum(target.share for target in selected)
    print(f"seed {options.seed}\n{HEAD}", flush=True)
    started = time.monotonic()
    tallies = []
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        shares = [(target.name, math.ceil(options.inputs * target.share / total_share)) for target in selected]
        futures = [pool.submit(run_by_name, *share, options.seed, options.failures) for share in shares]
        for future in as_completed(futures):
            tally = future.result()
            tallies.append(tally)
            print(tally.row(), flush=True)
            for failure in tally.failures:
                print(f"  FAILED {tally.name}, {failure}", flush=True)
    failed = sum(len(tally.failures) for tally in tallies)
    total = sum(tally.inputs for tally in tallies)
    print(f"{total:,} inputs in {time.monotonic() - started:.0f} s, seed {options.seed}, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

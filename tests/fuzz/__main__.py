"""The long form: `python -m tests.fuzz [--inputs N] [--seed S] …`; prints a table."""

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
    """Fuzz every target with its share of the inputs; 1 where anything failed."""
    given = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    given.add_argument("--inputs", type=int, default=100_000, help="in total, over all targets")
    given.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of the first round; printed")
    given.add_argument("--only", default="", help="targets whose name holds this")
    given.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    given.add_argument("--failures", type=Path, default=Path("fuzz-failures"), help="where failing inputs are written")
    asked = given.parse_args()
    chosen = sorted((each for each in targets() if asked.only in each.name), key=lambda each: -each.share)
    whole = sum(target.share for target in chosen)
    print(f"seed {asked.seed}\n{HEAD}", flush=True)
    begun = time.monotonic()
    tallies = []
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        shares = [(target.name, math.ceil(asked.inputs * target.share / whole)) for target in chosen]
        running = [pool.submit(run_by_name, *share, asked.seed, asked.failures) for share in shares]
        for done in as_completed(running):
            tallies.append(done.result())
            print(tallies[-1].row(), flush=True)
            for failure in tallies[-1].failures:
                print(f"  FAILED {tallies[-1].name}, {failure}", flush=True)
    failed = sum(len(tally.failures) for tally in tallies)
    total = sum(tally.inputs for tally in tallies)
    print(f"{total:,} inputs in {time.monotonic() - begun:.0f} s, seed {asked.seed}, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

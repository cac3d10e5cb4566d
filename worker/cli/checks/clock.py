"""Clocks: of this machine, of the database, of the other machines."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from worker.cli.checks.finding import Finding, ok, problem, warning

SKEW_WARNING = 2.0  # seconds
SKEW_PROBLEM = 60.0
NTP = "Set them by NTP; leases use the database's clock alone, but days, times of files and log lines will not fit."


def check_clock(before: datetime, theirs: datetime, after: datetime) -> Finding:
    """How far the database's clock is from ours; asking took from `before` to `after`."""
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    return judged(skew, f"This clock and the database's are {skew:,.1f} s apart.")


def judged(skew: float, said: str) -> Finding:
    """A finding by how far two clocks are apart."""
    if skew > SKEW_PROBLEM:
        return problem("clock", said, NTP)
    return warning("clock", said, NTP) if skew > SKEW_WARNING else ok("clock", said)


def check_hosts(processes: Iterable[Any]) -> Iterator[Finding]:
    """The clocks of other machines, as their running processes told them; only those that are wrong."""
    worst: dict[str, float] = {}
    for process in processes:
        ahead = process["clock_ahead"]
        if process["alive"] and ahead is not None and abs(ahead) > abs(worst.get(process["host"], 0.0)):
            worst[process["host"]] = ahead
    for host, ahead in sorted(worst.items()):
        if abs(ahead) > SKEW_WARNING:
            way = "ahead of" if ahead > 0 else "behind"
            yield judged(abs(ahead), f"The clock of {host} is {abs(ahead):,.1f} s {way} the database's.")

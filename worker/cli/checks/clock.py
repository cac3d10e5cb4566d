"""The checks of the clocks of this machine, of the database and of the other machines."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from worker.cli.checks.finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from worker.cli.liveness import RunningProcess

SKEW_WARNING = 2.0
"""Ignore clocks that differ by at most this many seconds."""
SKEW_PROBLEM = 60.0
"""At most this many seconds of difference are a warning; a larger difference is a problem."""
NTP = "Set them by NTP; leases use the database's clock alone, but days, times of files and log lines will not fit."


def check_clock(before: datetime, of_database: datetime, after: datetime) -> Finding:
    """Compare the database's clock with ours, which showed `before` when we asked and `after` when the answer came."""
    skew = max((before - of_database).total_seconds(), (of_database - after).total_seconds(), 0.0)
    return judge(skew, f"This clock and the database's are {skew:,.1f} s apart.")


def judge(skew: float, message: str) -> Finding:
    """Return the finding for two clocks that are `skew` seconds apart."""
    if skew > SKEW_PROBLEM:
        return problem("clock", message, NTP)
    return warning("clock", message, NTP) if skew > SKEW_WARNING else ok("clock", message)


def check_hosts(processes: Iterable["RunningProcess"]) -> Iterator[Finding]:
    """Yield a finding for each machine whose clock is wrong, judged by what its living processes have stored."""
    worst: dict[str, float] = {}
    for process in processes:
        ahead = process.clock_ahead
        if process.alive and ahead is not None and abs(ahead) > abs(worst.get(process.host, 0.0)):
            worst[process.host] = ahead
    for host, ahead in sorted(worst.items()):
        if abs(ahead) > SKEW_WARNING:
            relation = "ahead of" if ahead > 0 else "behind"
            yield judge(abs(ahead), f"The clock of {host} is {abs(ahead):,.1f} s {relation} the database's.")

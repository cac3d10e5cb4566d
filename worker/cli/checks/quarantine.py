"""The check of the quarantine: are more files quarantined than before, and why?"""

from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.cli.checks.finding import Finding, ok, warning

SHARE = 0.05
"""Ignore quarantined files up to this share of the files that have ended."""
GROWTH = 2.0
"""Ignore a share of quarantined files up to this many times the share in the week before."""
FEW = 3
"""Ignore fewer quarantined files than this."""

# Quarantined files and all files that ended in the last hour, in the last 24 hours, and in the week before that.
COUNTS = text("""
SELECT count(*) FILTER (WHERE bad AND finished_at > now() - interval '1 hour') AS hour_bad,
       count(*) FILTER (WHERE finished_at > now() - interval '1 hour') AS hour_all,
       count(*) FILTER (WHERE bad AND finished_at > now() - interval '1 day') AS day_bad,
       count(*) FILTER (WHERE finished_at > now() - interval '1 day') AS day_all,
       count(*) FILTER (WHERE bad AND finished_at <= now() - interval '1 day') AS week_bad,
       count(*) FILTER (WHERE finished_at <= now() - interval '1 day') AS week_all
FROM (SELECT state = 'quarantined' AS bad, finished_at FROM files
      WHERE finished_at > now() - interval '8 days' AND state <> 'ignored') AS lately
""")
REASONS = text("""
SELECT reason, count(*) AS files FROM files
WHERE state = 'quarantined' AND finished_at > now() - interval '1 day' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
""")
ADVICE = "`onrecord files --state quarantined` says why of each; `onrecord retry` tries again."


class QuarantineCounts(NamedTuple):
    """Quarantined files and all ended files of the last hour, of the last 24 hours and of the week before."""

    hour_bad: int
    hour_all: int
    day_bad: int
    day_all: int
    week_bad: int
    week_all: int


def check_quarantine(connection: Connection) -> Finding:
    """Compare the share of quarantined files in the last hour and day with the share in the week before."""
    counts = QuarantineCounts(*connection.execute(COUNTS).one())
    before = share(counts.week_bad, counts.week_all)
    for bad, ended, span in ((counts.hour_bad, counts.hour_all, "hour"), (counts.day_bad, counts.day_all, "24 hours")):
        now = share(bad, ended)
        if bad >= FEW and now > SHARE and now > GROWTH * before:
            reasons = ", ".join(f"{row.reason} {row.files}" for row in connection.execute(REASONS))
            earlier = f"{before:.0%} in the week before" if counts.week_all else "none before"
            message = f"{bad} of {ended} files of the last {span} were quarantined ({now:.0%}; {earlier})."
            return warning("quarantine", f"{message} Reasons: {reasons}.", ADVICE)
    return ok("quarantine", f"{counts.day_bad} of {counts.day_all} files were quarantined in the last 24 hours.")


def share(bad: int, ended: int) -> float:
    """Return the share of quarantined files among the files that have ended."""
    return bad / ended if ended else 0.0

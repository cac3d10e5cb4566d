"""Whether more files are bad than used to be, and why."""

from typing import Any

from sqlalchemy import Connection, text

from worker.cli.checks.finding import Finding, ok, warning

SHARE = 0.05  # of what ended
GROWN = 2.0  # times the share of the week before
FEW = 3  # a bad file or two are no trend

# Files that ended in the last hour, in the 24 hours, and in the week before that.
COUNTS = """
SELECT count(*) FILTER (WHERE bad AND finished_at > now() - interval '1 hour') AS hour_bad,
       count(*) FILTER (WHERE finished_at > now() - interval '1 hour') AS hour_all,
       count(*) FILTER (WHERE bad AND finished_at > now() - interval '1 day') AS day_bad,
       count(*) FILTER (WHERE finished_at > now() - interval '1 day') AS day_all,
       count(*) FILTER (WHERE bad AND finished_at <= now() - interval '1 day') AS week_bad,
       count(*) FILTER (WHERE finished_at <= now() - interval '1 day') AS week_all
FROM (SELECT state = 'quarantined' AS bad, finished_at FROM files
      WHERE finished_at > now() - interval '8 days' AND state <> 'ignored') AS lately
"""
REASONS = """
SELECT reason, count(*) AS files FROM files
WHERE state = 'quarantined' AND finished_at > now() - interval '1 day' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
"""
LOOK = "`onrecord files --state quarantined` says why of each; `onrecord retry` tries again."


def check_quarantine(connection: Connection) -> Finding:
    """The share of bad files of the last hour and day against that of the week before."""
    counts = connection.execute(text(COUNTS)).one()
    before = share(counts.week_bad, counts.week_all)
    for bad, ended, span in ((counts.hour_bad, counts.hour_all, "hour"), (counts.day_bad, counts.day_all, "24 hours")):
        if bad >= FEW and share(bad, ended) > SHARE and share(bad, ended) > GROWN * before:
            reasons = ", ".join(f"{row.reason} {row.files}" for row in connection.execute(text(REASONS)))
            said = (
                f"{bad} of {ended} files of the last {span} were quarantined ({share(bad, ended):.0%}; {was(counts)})."
            )
            return warning("quarantine", f"{said} Reasons: {reasons}.", LOOK)
    return ok("quarantine", f"{counts.day_bad} of {counts.day_all} files were quarantined in the last 24 hours.")


def was(counts: Any) -> str:
    """The week before, in words."""
    return f"{share(counts.week_bad, counts.week_all):.0%} in the week before" if counts.week_all else "none before"


def share(bad: int, ended: int) -> float:
    """Bad ones of those that ended."""
    return bad / ended if ended else 0.0

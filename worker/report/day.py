"""Reads days as people type them: `2024-05-17`, `today`, `yesterday`, `7d` (7 days ago), or a time in ISO 8601."""

import re
from datetime import UTC, datetime, timedelta

AGO = re.compile(r"(\d{1,5})\s*([hdw])", re.ASCII)
UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class NotADay(ValueError):
    """Raised if a text names no day."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is no day. Write 2024-05-17, 2024-05-17T08:00, today, yesterday, or 7d (ago).")


def since(text: str, now: datetime | None = None) -> datetime:
    """Return the first moment of the day that `text` names, or the time itself. The zone is UTC if the text names none.

    Raises `NotADay`.
    """
    return span(text, now)[0]


def until(text: str, now: datetime | None = None) -> datetime:
    """Return the end of the day that `text` names, or the time itself. The zone is UTC if the text names none.

    Raises `NotADay`.
    """
    return span(text, now)[1]


def span(text: str, now: datetime | None = None) -> tuple[datetime, datetime]:
    """Return the start and the end of the day that `text` names; for a time, both are that time. Raises `NotADay`."""
    now = now or datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    text = text.strip().lower()
    named_day = {"today": midnight, "yesterday": midnight - timedelta(days=1)}.get(text)
    try:
        if named_day is not None:
            return named_day, end_of(named_day)
        if ago := AGO.fullmatch(text):
            moment = now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
            return moment, moment
        moment = datetime.fromisoformat(text.upper())
        if not moment.tzinfo:
            moment = moment.replace(tzinfo=UTC)
        is_day = len(text) <= len("2024-05-17")
        return moment, end_of(moment) if is_day else moment
    except (ValueError, OverflowError):
        raise NotADay(text) from None


def end_of(midnight: datetime) -> datetime:
    """Return the moment at which the day ends that begins at `midnight`; of the last day, the last microsecond."""
    try:
        return midnight + timedelta(days=1)
    except OverflowError:  # 9999-12-31
        return datetime.max.replace(tzinfo=midnight.tzinfo)

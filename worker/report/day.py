"""Days as people type them: `2024-05-17`, `today`, `yesterday`, `7d`, or a time in ISO 8601. All in UTC."""

import re
from datetime import UTC, datetime, timedelta

AGO = re.compile(r"(\d{1,5})\s*([hdw])")
UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class NotADay(ValueError):
    """Words that name no day."""

    def __init__(self, words: str) -> None:
        super().__init__(f"“{words}” is no day. Write 2024-05-17, 2024-05-17T08:00, today, yesterday, or 7d (ago).")


def since(words: str, now: datetime | None = None) -> datetime:
    """The first moment meant by `words`; without a zone, UTC. Raises `NotADay`."""
    return span(words, now)[0]


def until(words: str, now: datetime | None = None) -> datetime:
    """The moment after the last one meant by `words`: a day counts to its end. Raises `NotADay`."""
    return span(words, now)[1]


def span(words: str, now: datetime | None = None) -> tuple[datetime, datetime]:
    """First moment, and the moment after the last, of what `words` mean. Raises `NotADay`."""
    now = now or datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    words = words.strip().lower()
    named = {"today": midnight, "yesterday": midnight - timedelta(days=1)}.get(words)
    try:
        if named is not None:
            return named, named + timedelta(days=1)
        if ago := AGO.fullmatch(words):
            moment = now - timedelta(**{UNITS[ago[2]]: int(ago[1])})
            return moment, moment
        found = datetime.fromisoformat(words.upper())
        moment = found if found.tzinfo else found.replace(tzinfo=UTC)
        is_day = len(words) <= len("2024-05-17")
        return moment, moment + timedelta(days=1) if is_day else moment
    except (ValueError, OverflowError):
        raise NotADay(words) from None

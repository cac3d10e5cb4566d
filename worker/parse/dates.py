"""Reading dates in the many forms that articles print. The result is ISO 8601 with a time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

NO_ZONE = "no zone"
YEARS = range(1600, 2200)  # ignore other years: they are misread, and PostgreSQL's calendar differs from Python's there
FURTHEST_ZONE = timedelta(hours=15)  # convert a date to UTC if its offset is larger; PostgreSQL accepts up to 15:59
NEVER = range(253_370_764_800, 253_402_387_200)
"""Ignore these Unix times: the year 9999, and a day more for time zones, in seconds.

Programs write its end for "never". Read as milliseconds, it would be a day in January 1978.
"""
LONGEST = 100  # ignore a string with more characters: no date is longer
PATTERNS = (
    *("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y/%m/%d %H:%M:%S", "%Y%m%d"),
    *("%B %d, %Y %H:%M", "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%d %B %Y %H:%M", "%d %b %Y %H:%M"),
    *("%A, %B %d, %Y", "%A, %d %B %Y", "%a, %d %b %Y"),
)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A publication date as ISO 8601 with a zone; `source` says where it was found, or is `NO_ZONE`."""

    at: str
    source: str


def publication_date(value: object, source: str) -> PublicationDate | None:
    """Return the date in `value` (a text, or a Unix time in s or ms), or None if `value` holds no date.

    `source` says where `value` was found. A date without a zone is read as UTC, and its source becomes `NO_ZONE`.
    """
    moment = _moment(value)
    if moment is None or moment.year not in YEARS:
        return None
    offset = moment.utcoffset()
    if offset is None:
        return PublicationDate(moment.replace(tzinfo=UTC).isoformat(), NO_ZONE)
    if abs(offset) > FURTHEST_ZONE or offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)
    return PublicationDate(moment.isoformat(), source)


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(value)
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = " ".join(value.split())
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _unix(int(text))
    return _iso(text) or _mail(text) or _by_pattern(text)


def _unix(number: float) -> datetime | None:
    if NEVER.start <= number < NEVER.stop:
        return None
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) > 1e11 else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    text = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", re.sub(r" ?(?:UTC|GMT)$", "Z", text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """Return a date of RFC 2822, as in mail and RSS.

    The library also returns dates for text that holds no date, so the beginning is checked first.
    """
    if not re.match(r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3} \d{2,4} \d{1,2}:\d\d", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _by_pattern(text: str) -> datetime | None:
    zoned = re.sub(r"(?i)[ ,]+(?:UTC|GMT)$", "", text)
    plain = re.sub(r"(?i)\b([ap])\.m\.", r"\1m", zoned)
    for pattern in PATTERNS:
        try:
            moment = datetime.strptime(plain, pattern)  # noqa: DTZ007 (the zone follows below)
        except ValueError:
            continue
        return moment.replace(tzinfo=UTC) if zoned != text else moment
    return None

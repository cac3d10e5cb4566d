"""Reading dates in the many forms that articles print. The result is ISO 8601 with a time zone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.parse.facts.date_reading import Reading, reading
from worker.parse.storable import storable

NO_ZONE = "no zone"
YEARS = range(1600, 2200)  # ignore other years: they are misread, and PostgreSQL's calendar differs from Python's there
FURTHEST_ZONE = timedelta(hours=15)  # convert a date to UTC if its offset is larger; PostgreSQL accepts up to 15:59
NEVER = range(253_370_764_800, 253_402_387_200)
"""Ignore these Unix times: the year 9999, and a day more for time zones, in seconds.

Programs write its end for "never". Read as milliseconds, it would be a day in January 1978.
"""
FIRST_UNIX = 100_000_000  # a smaller number (before March 1973) is no Unix time: it is a year, a size or nothing
LONGEST = 100  # ignore a string with more characters: no date is longer
SHOWN = 60  # show at most this many characters of a date that is not understood
NOTHING = re.compile(r"(?i)[\W_0]*|none|null|nan|n/a|unknown|undefined|nat|invalid date|(?:0000|0001|9999|1970)\W.*")
"""What programs write if there is no date; no warning is given for it."""
DOTNET = re.compile(r"\\?/Date\((?P<milliseconds>-?\d{1,17})(?:[+-]\d{4})?\)\\?/")
REGION = re.compile(r"\[(?P<region>[A-Za-z_]{2,30}(?:/[A-Za-z_+-]{2,30}){0,2})\]")


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A publication date as ISO 8601 with a zone; `source` says where it was found, or is `NO_ZONE`."""

    at: str
    source: str
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadDate:
    """A date that cannot be read. `warning` says why. If its day may be its month, `day_first` is the one reading."""

    warning: str
    day_first: PublicationDate | None = None
    month_first: PublicationDate | None = None


def publication_date(value: object, source: str, locale: str | None = None) -> PublicationDate | None:
    """Return the date in `value`, or None if there is none, or it is not clear. See `read_date`."""
    date = read_date(value, source, locale)
    return date if isinstance(date, PublicationDate) else None


def read_date(value: object, source: str, locale: str | None = None) -> PublicationDate | UnreadDate | None:
    """Return the date in `value`: a text, a Unix time in seconds or smaller units, or what JSON makes of dates.

    `source` says where `value` was found. A date without a zone is read as UTC, and its source becomes `NO_ZONE`.
    `locale`, such as "en-GB", decides whether 05/04/2015 is in April or in May. Without it that date is not read.
    Return None if there is nothing.
    """
    value = _unwrapped(value)
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST:
        return _read_text(" ".join(value.split()), source, locale)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if (moment := _unix(value)) is not None:
            return _dated(moment, source)
        return UnreadDate(f"date not understood: {value}") if value in YEARS else None
    return None


def first_date(values: Iterable[object], source: str, locale: str | None = None) -> PublicationDate | UnreadDate | None:
    """Return the first of the values that can be read as a date; or else the first that is there but cannot."""
    dates = [date for value in values if (date := read_date(value, source, locale))]
    return next((date for date in dates if isinstance(date, PublicationDate)), None) or next(iter(dates), None)


def _unwrapped(value: object) -> object:
    """Return the date inside what JSON makes of dates: a list, or the objects of MongoDB and PHP."""
    if isinstance(value, list) and value:
        numbers = [str(part).zfill(2) for part in value if isinstance(part, int) and not isinstance(part, bool)]
        if len(numbers) == len(value) >= 3 and len(numbers[0]) == 4:  # Java: [2024, 5, 17, 8, 0]
            clock = (numbers + ["00"] * 3)[3:6]
            return "-".join(numbers[:3]) + "T" + ":".join(clock)
        return value[0]
    if isinstance(value, dict):
        inner = next((value[key] for key in ("$date", "$numberLong", "date", "@value", "iso") if key in value), None)
        if isinstance(inner, dict):
            inner = inner.get("$numberLong")
        zone = value.get("timezone")
        return f"{inner} [{zone}]" if isinstance(inner, str) and isinstance(zone, str) and "/" in zone else inner
    return value


def _read_text(text: str, source: str, locale: str | None) -> PublicationDate | UnreadDate | None:
    if dotnet := DOTNET.fullmatch(text):
        text = dotnet["milliseconds"]
    if re.fullmatch(r"\d{9,10}(?:\.\d{1,9})?|\d{13}|\d{16}", text):
        moment = _unix(float(text))
        return None if moment is None else _dated(moment, source)
    region = REGION.search(text)
    moment = _iso(text if region is None else text[: region.start()].rstrip())
    read = Reading(moment) if moment else reading(text, locale)
    if read.moment is None or read.moment.year not in YEARS or _is_zero(read.moment):
        why = f" ({read.why})" if read.why else ""
        is_nothing = NOTHING.fullmatch(text) or read.moment is not None
        return None if is_nothing else UnreadDate(f"date not understood: {storable(text[:SHOWN])}{why}")
    at = _in_region(read.moment, region["region"]) if region else read.moment
    if read.is_ambiguous:
        swapped = at.replace(day=at.month, month=at.day)
        warning = f"ambiguous date: {storable(text[:SHOWN])} (nothing says whether the day or the month comes first)"
        return UnreadDate(warning, _dated(at, source), _dated(swapped, source))
    date = _dated(at, source)
    if date and read.unknown_zone:
        return replace(date, warning=f"time zone not understood: {read.unknown_zone} was read as UTC")
    return date


def _dated(moment: datetime, source: str) -> PublicationDate | None:
    """Return the moment as a date; None if its year cannot be true."""
    if moment.year not in YEARS:
        return None
    offset = moment.utcoffset()
    if offset is None:
        return PublicationDate(moment.replace(tzinfo=UTC).isoformat(), NO_ZONE)
    if abs(offset) > FURTHEST_ZONE or offset % timedelta(minutes=1):
        moment = moment.astimezone(UTC)
    return PublicationDate(moment.isoformat(), source)


def _is_zero(moment: datetime) -> bool:
    """True for the beginning of the Unix times, which programs write if they know no date."""
    return moment.replace(tzinfo=None) == datetime(1970, 1, 1)  # noqa: DTZ001 (it is compared without its zone)


def _unix(number: float) -> datetime | None:
    """Return the moment of a Unix time in seconds, milliseconds or microseconds, or of a number such as 20240517."""
    if 19_000_101 <= number <= 21_001_231 and number == int(number):
        return reading(str(int(number))).moment
    if NEVER.start <= number < NEVER.stop or not abs(number) >= FIRST_UNIX:
        return None
    try:
        return datetime.fromtimestamp(number / (1e6 if abs(number) > 1e15 else 1e3 if abs(number) > 1e11 else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    text = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", re.sub(r" ?(?:UTC|GMT)$", "Z", text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_region(moment: datetime, region: str) -> datetime:
    """Return the moment in the zone of a region such as "Europe/Berlin", if it has no zone yet."""
    if moment.tzinfo is not None:
        return moment
    try:
        return moment.replace(tzinfo=ZoneInfo(region))
    except (ValueError, OSError, KeyError):  # the system does not know the region
        return moment

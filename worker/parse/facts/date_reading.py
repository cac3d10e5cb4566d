"""Reading the text of a date: its day, its time and its zone, in any order and in many languages.

Every part is looked for and taken out of the text. What is left must be words that may stand beside a date, or else the
text does not say what the date is of.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from worker.parse.facts.date_words import BESIDE, CHANGED_WORDS, MONTHS, WEEKDAYS, is_day_first, offset_of, plain

CENTURY = 69  # years of two digits below this are of this century, as in POSIX

MERIDIEM = r"(?P<half>[ap])\.? ?m\b\.?"
HOUR, MINUTE = r"(?P<hour>\d{1,2})", r"(?P<minute>\d\d)"
TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d:.])" + HOUR + ":" + MINUTE + r"(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
        rf"(?![\d:])(?: ?{MERIDIEM}| ?(?:uhr|hrs|h)\b)?",
        r"(?<![\d.])" + HOUR + r"\." + MINUTE + rf" ?(?:{MERIDIEM}|(?:uhr|hrs|h)\b)",
        r"(?<![\d.])(?P<hour>\d{1,2}) ?h(?: ?(?P<minute>\d\d))?(?: ?min)?(?![\w])",
        rf"(?<![\d.])(?P<hour>\d{{1,2}}) ?{MERIDIEM}",
        r"(?<![\d.])(?P<hour>\d{1,2}) ?uhr\b(?: (?P<minute>\d\d)(?!\d))?",
        r"(?:\b(?:kl|klo|um|at|ore|alle|om)\.?|[,|·•-]|\d{4}) ?(?<!\d)" + HOUR + r"\." + MINUTE + r"(?![\d.])",
        r"(?<=\d{4} )" + HOUR + r"\." + MINUTE + r"$",
        r"(?<!\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?= ?(?:hrs|hours|h|gmt|utc|z|bst|est|edt|ist)\b)",
    )
)
ISO_TIME = re.compile(r"(?<=\d)t(?=\d)")
OFFSET = re.compile(
    r"(?:\b(?:gmt|utc|ut) ?)(?P<named>[+-] ?\d{1,2}(?::?\d\d)?)(?!\d)|(?<=[\d:] )(?P<spaced>[+-]\d\d:?\d\d)(?!\d)"
    r"|(?<=:\d\d)(?P<joined>[+-]\d\d(?::?\d\d)?)(?!\d)|(?<=\.\d{3})(?P<after>[+-]\d\d:?\d\d)(?!\d)"
)
BRACKETS = re.compile(r"\(([^()]{0,80})\)|\[([^\[\]]{0,80})\]")
YEAR_FIRST = re.compile(
    r"(?<![\d.])(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})[日.]?(?![\d/-])"
)
COMPACT = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:[t_-]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?(?!\d)"
)
NUMBERS = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2}) ?(?P<mark>[./-]) ?(?P<second>\d{1,2}) ?(?P=mark) ?(?P<year>\d{4}|\d\d)(?![\d/-])"
)
WORD = r"(?P<month>[^\W\d_]{3,14})"
DAY = r"(?<![\d.:])(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|a|e|:e)?"
YEAR = r"['’]?(?P<year>\d{4}|\d\d)(?![\d:]|\.\d)"
WORDED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{DAY}[ .,/-]{{0,3}}(?:(?:of|de|du|di|den) )?{WORD}[ .,/-]{{0,3}}(?:(?:de|del|of) )?{YEAR}",
        rf"\b{WORD}[ .-]{{1,3}}(?:the )?{DAY}[ .,-]{{1,3}}{YEAR}",
        rf"(?<!\d)(?P<year>\d{{4}})[ .,/-]{{1,3}}{WORD}[ .,/-]{{1,3}}{DAY}(?!\d)",
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text of a date says.

    `moment` is None if the date is not understood, and then `why` says what is the matter, if that is known. If the day
    and the month may be swapped, `moment` is the one with the day first, and `is_ambiguous` is True.
    """

    moment: datetime | None = None
    is_ambiguous: bool = False
    why: str | None = None
    unknown_zone: str | None = None


def reading(text: str, locale: str | None = None) -> Reading:
    """Return what the text of a date says. `locale`, such as "en-GB", decides which of two numbers is the day."""
    rest = plain(text).replace("−", "-").replace("–", "-").replace("—", "-").replace("a las ", " ")
    published = _without_changes(rest)
    if published is None:
        return Reading(why="it is the date of a change")
    rest, zone = _without_brackets(published)
    rest, offset = _take(OFFSET, ISO_TIME.sub(" ", rest))
    found = None
    if compact := COMPACT.search(rest):
        found = _Day.of(compact["year"], compact["month"], compact["day"])
        rest, time = _without(rest, compact), compact if compact["hour"] else None
    else:
        rest, time = _take_time(rest)
        rest, found = _take_day(rest, locale)
    clock = timedelta() if time is None else _clock(time)
    if found is None or clock is None:
        return Reading()
    moment = found.at(clock)
    if moment is None:
        return Reading()
    left = re.findall(r"[^\W_]+", rest)
    names = [word for word in [*left, *([zone] if zone else [])] if offset_of(word, moment, locale) is not None]
    left = [word for word in left if word not in BESIDE and word not in names]
    unknown = left[0] if len(left) == 1 and time and re.search(rf"\b{re.escape(left[0].upper())}\b", text) else None
    if left and not unknown:
        return Reading()
    if offset is not None:
        moment = _with_offset(moment, next(group for group in offset.groups() if group))
    elif names and time and (east := offset_of(names[0], moment, locale)) is not None:
        moment = moment.replace(tzinfo=timezone(east) if east else UTC)
    return Reading(moment, found.is_ambiguous, unknown_zone=unknown.upper() if unknown else None)


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the calendar, and whether its month may be its day."""

    year: int
    month: int
    day: int
    is_ambiguous: bool = False

    @classmethod
    def of(cls, year: str, month: str, day: str) -> "_Day":
        number = int(year)
        return cls(number + (2000 if number < CENTURY else 1900) if len(year) == 2 else number, int(month), int(day))

    def at(self, clock: timedelta) -> datetime | None:
        """Return the moment of this day, without a zone; None if there is no such day."""
        try:
            return datetime(self.year, self.month, self.day) + clock  # noqa: DTZ001 (the zone follows later)
        except (ValueError, OverflowError):
            return None


def _without_changes(text: str) -> str | None:
    """Return what stands before the date of a change, or behind it; None if there is no other date."""
    words = list(re.finditer(r"mis a jour|[^\W\d_]+", text))
    changes = [word for word in words if word[0] in CHANGED_WORDS and word[0] not in MONTHS]
    changes += [word for word in words if word[0] == "maj" and not re.search(r"\d[ .]*\Z", text[: word.start()])]
    if not changes:
        return text
    first = min(changes, key=lambda word: word.start())
    if re.search(r"\d", text[: first.start()]):
        return text[: first.start()]
    behind = [
        word for word in words if word.start() > first.start() and word[0].startswith(("publi", "post", "veroff"))
    ]
    return text[behind[0].start() :] if behind else None


def _without_brackets(text: str) -> tuple[str, str | None]:
    """Return the text without what is in brackets, and the first word in them, which may be a zone."""
    first = next((match[1] or match[2] or "" for match in BRACKETS.finditer(text)), "")
    return BRACKETS.sub(" ", text), first if first.isalpha() else None


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    """Return the text without the first match of the pattern, and the match."""
    match = pattern.search(text)
    return (text, None) if match is None else (_without(text, match), match)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}"


def _take_time(text: str) -> tuple[str, re.Match[str] | None]:
    """Return the text without its time of day, and the match of the time."""
    for pattern in TIMES:
        if match := pattern.search(text):
            return f"{text[: match.start('hour')].rstrip()} {text[match.end() :].lstrip()}", match
    return text, None


def _clock(match: re.Match[str]) -> timedelta | None:
    """Return the time of day in a match, or None if there is no such time."""
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = parts.get("half")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=fraction)


def _take_day(text: str, locale: str | None) -> tuple[str, _Day | None]:
    """Return the text without its day, and the day."""
    rest, match = _take(YEAR_FIRST, text)
    if match:
        return rest, _Day.of(match["year"], match["month"], match["day"])
    for pattern in WORDED:
        for match in pattern.finditer(text):
            if month := MONTHS.get(match["month"]):
                return _without(text, match), _Day.of(match["year"], str(month), match["day"])
    rest, match = _take(NUMBERS, text)
    return (text, None) if match is None else (rest, _numbered(match, rest, locale))


def _numbered(match: re.Match[str], rest: str, locale: str | None) -> _Day | None:
    """Return the day that is written in three numbers, of which the first or the second is the month."""
    first, second, year = match["first"], match["second"], match["year"]
    if len(year) == 2 and match["mark"] == "-":
        return None
    day_first, month_first = _Day.of(year, second, first), _Day.of(year, first, second)
    if match["mark"] == "." or int(first) > 12 or first.zfill(2) == second.zfill(2):
        return day_first
    if int(second) > 12:
        return month_first
    known = is_day_first(locale)
    weekdays = {WEEKDAYS[word] for word in re.findall(r"[^\W\d_]+", rest) if word in WEEKDAYS}
    if len(weekdays) == 1:
        moments = [day for day in (day_first, month_first) if (at := day.at(timedelta())) and at.weekday() in weekdays]
        if len(moments) == 1:
            return moments[0]
    if known is None:
        return _Day(day_first.year, day_first.month, day_first.day, is_ambiguous=True)
    return day_first if known else month_first


def _with_offset(moment: datetime, offset: str) -> datetime:
    """Return the moment in the zone of an offset such as "+0200", "+02:00" or "+2"."""
    digits = re.sub(r"\D", "", offset)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    east = timedelta(hours=int(hours), minutes=int(minutes))
    if east >= timedelta(hours=24):
        return moment
    return moment.replace(tzinfo=timezone(-east if offset.startswith("-") else east) if east else UTC)

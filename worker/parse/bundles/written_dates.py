"""Finding the date in a header line, such as "mardi 14 mars 2006" or "January 11, 2010 Monday 8:27 PM GMT".

The result is ISO 8601 without a zone, or with one if the line names one that is surely known.
"""

import re
from functools import lru_cache

_MONTHS = (  # each month by its names, and short names, in the languages in which databases write
    "january jan januar jän jänner janvier janv januari januarie enero ene gennaio gen janeiro janurai",
    "february feb februar février fevrier fév févr februari febrero febbraio fevereiro fev",
    "march mar märz maerz mrz mars maart mrt marzo março marco",
    "april apr avril avr abril abr aprile",
    "may mai mei mayo maggio mag maio maj",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout augustus agosto ago augusti",
    "september sep sept septembre septiembre set settembre setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro",
)
_OFFSETS = {
    "+00:00": "gmt utc z",
    "+01:00": "cet mez",
    "+02:00": "cest mesz",
    "-04:00": "edt",
    "-05:00": "est cdt",
    "-06:00": "mdt",
    "-07:00": "mst pdt",
    "-08:00": "pst",
    "+10:00": "aest",
    "+11:00": "aedt",
}
_ZONES = {zone: offset for offset, zones in _OFFSETS.items() for zone in zones.split()}
_WORD = r"(?P<{}>[^\W\d_]{{3,10}})"
_DAY_FIRST = re.compile(
    rf"(?<![\d./-])(?P<day>[0-3]?\d)(?:\.|er|st|nd|rd|th|º)?(?: de| of)? {_WORD.format('month')}\.?,?(?: de| del)? "
    r"(?P<year>[12]\d{3})(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_]){_WORD.format('month')}\.? (?P<day>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<year>[12]\d{{3}})(?!\d)"
)
_MONTH_ALONE = re.compile(rf"(?<![^\W\d_]){_WORD.format('month')}\.?,? (?P<year>[12]\d{{3}})(?!\d)")
_NUMBERS = (
    re.compile(r"(?<!\d)(?P<year>[12]\d{3})[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>[12]\d{3})年\s?(?P<month>[01]?\d)月\s?(?P<day>[0-3]?\d)日"),
    re.compile(r"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<mark>[-.])(?P<month>[01]?\d)(?P=mark)(?P<year>[12]\d{3})(?!\d)"),
)
_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[0-2]?\d)(?:[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?)"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?(?: ?(?P<zone>[A-Za-z]{1,5})\b(?P<ahead>[+-]\d{1,2})?(?![\d:]))?"
)
MOST_AHEAD = 14  # no zone is more hours ahead of UTC
LONGEST = 200  # look at no more than this many characters: no header line with a date is longer


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    return {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def written_date(line: str | None, *, with_day: bool = False) -> str | None:
    """Return the date in a line as ISO 8601, with its time if it has one; None if the line holds no date.

    A month without a day is its first day, unless the line must be `with_day`.
    """
    if not line:
        return None
    text = " ".join(line[:LONGEST].split())
    found = _day_of(text, with_day=with_day)
    if found is None:
        return None
    date, end = found
    clock = _TIME.search(text, end) or _TIME.search(text[: max(0, end - 10)])
    return date + (_time_of(clock) if clock else "")


def is_date_line(line: str) -> bool:
    """True if a short line is a date, perhaps with a weekday, a time and an edition."""
    return len(line) <= LONGEST and written_date(line) is not None and sum(map(str.isalpha, line)) <= 60


def _day_of(text: str, *, with_day: bool) -> tuple[str, int] | None:
    """Return the day in a text as ISO 8601, and where it ends."""
    months = _month_numbers()
    for pattern in (_DAY_FIRST, _MONTH_FIRST, *((_MONTH_ALONE,) if not with_day else ())):
        for match in pattern.finditer(text):
            month = months.get(match["month"].lower())
            day = int(match["day"]) if "day" in pattern.groupindex else 1
            if month and 1 <= day <= 31:
                return f"{match['year']}-{month:02}-{day:02}", match.end()
    for pattern in _NUMBERS:
        if (match := pattern.search(text)) and 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31:
            return f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}", match.end()
    return None


def _time_of(clock: re.Match[str]) -> str:
    """Return the time of day with "T" before it; nothing if it is none, or in a zone that is not known."""
    hour, zone = int(clock["hour"]), (clock["zone"] or "").lower()
    if clock["half"]:
        hour = hour % 12 + 12 * (clock["half"].lower() == "p")
    if hour > 23:
        return ""
    return f"T{hour:02}:{clock['minute']}:{clock['second'] or '00'}{_zone_of(zone, clock['ahead'])}"


def _zone_of(zone: str, ahead: str | None) -> str:
    """Return the offset of a zone such as "GMT", or of one so many hours ahead of it ("GMT+1"); nothing if unknown."""
    if not ahead:
        return _ZONES.get(zone, "")
    hours = int(ahead)
    return f"{hours:+03}:00" if _ZONES.get(zone) == "+00:00" and abs(hours) <= MOST_AHEAD else ""

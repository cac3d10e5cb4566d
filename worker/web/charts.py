"""Charts, as numbers that a template draws as SVG: bars over time, and bars beside names.

Bars over time are drawn in units of their own, 720 wide; the browser makes them fit, and the same numbers stand beside
them as a table. Bars beside names are the cells of a table, so that names stay as large as all text on a narrow page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 720
HEIGHT = 96

MOST_DAYS = 62
MOST_MONTHS = 72
MOST_BARS = 120
"""More than these in a span are drawn as months, as years, as tens or hundreds of years."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is about, its number, its place, and the address of what it counts."""

    label: str
    count: float
    x: float
    y: float
    width: float
    height: float
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, with the height of the whole and the largest number. `is_over_time`: the bars stand side by side."""

    bars: Sequence[Bar]
    height: float
    largest: float
    is_over_time: bool
    unit: str = ""


def over_time(counts: Mapping[date, int], address: Callable[[date, date], str | None]) -> Chart | None:
    """Return bars of days, months or years; None if there are no counts.

    `address` gives the address for the first and last day of a bar.
    """
    if not counts:
        return None
    unit, spans = spans_of(min(counts), max(counts))
    sums = [0] * len(spans)
    starts = {start: place for place, (_, start, _) in enumerate(spans)}
    for day, count in counts.items():
        sums[starts[start_of(day, unit)]] += count
    largest = max(sums)
    step = WIDTH / len(spans)
    width = min(step * 0.8, 48)
    bars = [
        Bar(
            label,
            count,
            round(place * step + (step - width) / 2, 2),
            round(HEIGHT - HEIGHT * count / largest, 2),
            round(width, 2),
            round(HEIGHT * count / largest, 2),
            address(start, end) if count else None,
        )
        for place, ((label, start, end), count) in enumerate(zip(spans, sums, strict=True))
    ]
    return Chart(bars, HEIGHT, largest, is_over_time=True, unit=unit)


def beside_names(counts: Iterable[tuple[str, float, str | None]]) -> Chart | None:
    """Return bars beside names (name, number, address), in the order given; None if there are none.

    The longest bar is 100 wide, and each is 1 high.
    """
    rows = list(counts)
    if not rows:
        return None
    largest = max(1, *(count for _, count, _ in rows))
    bars = [Bar(name, count, 0, 0, round(100 * count / largest, 2), 1, href) for name, count, href in rows]
    return Chart(bars, 1, largest, is_over_time=False)


def spans_of(first: date, last: date) -> tuple[str, list[tuple[str, date, date]]]:
    """Return the unit of time that fits, and every span from the first to the last: label, first day, last day."""
    if (last - first).days < MOST_DAYS:
        days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
        return "day", [(f"{day.day} {day:%B} {day.year}", day, day) for day in days]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= MOST_MONTHS:
        begins = [month_after(start_of(first, "month"), after) for after in range(months)]
        return "month", [(f"{day:%B} {day.year}", day, before(month_after(day, 1))) for day in begins]
    size = next(size for size in (1, 10, 100) if size == 100 or (last.year - first.year) // size < MOST_BARS)
    unit = {1: "year", 10: "decade", 100: "century"}[size]
    begins = [date(max(year, 1), 1, 1) for year in range(first.year // size * size, last.year + 1, size)]
    return unit, [
        (str(day.year), day, date(min(day.year // size * size + size - 1, date.max.year), 12, 31)) for day in begins
    ]


def start_of(day: date, unit: str) -> date:
    """Return the first day of the span that a day lies in."""
    if unit == "day":
        return day
    if unit == "month":
        return day.replace(day=1)
    size = {"year": 1, "decade": 10, "century": 100}[unit]
    return date(max(day.year // size * size, 1), 1, 1)


def month_after(day: date, months: int) -> date:
    """Return the first day of the month so many months later; the last day that there is, if there is no such month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1) if day.year + years <= date.max.year else date.max


def before(day: date) -> date:
    """Return the day before; the last day that there is stays."""
    return day if day == date.max else day - timedelta(days=1)

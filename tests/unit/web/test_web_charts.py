"""Bars over time: the unit fits the span, and every count is in exactly one bar."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from worker.web.charts import MOST_DAYS, beside_names, over_time


def test_units_fit_the_span() -> None:
    for last, unit, bars in (
        (date(2024, 1, 3), "day", 3),
        (date(2024, 12, 31), "month", 12),
        (date(2090, 1, 1), "year", 67),
    ):
        chart = over_time({date(2024, 1, 1): 1, last: 2}, lambda start, end: None)
        assert chart is not None
        assert (chart.unit, len(chart.bars)) == (unit, bars)


def test_a_bar_leads_to_its_days() -> None:
    chart = over_time({date(2024, 1, 15): 1, date(2024, 6, 1): 1}, lambda start, end: f"{start}/{end}")
    assert chart is not None
    assert chart.bars[0].href == "2024-01-01/2024-01-31"
    assert chart.bars[1].href is None


def test_nothing_is_drawn_of_nothing() -> None:
    assert over_time({}, lambda start, end: None) is None
    assert beside_names([]) is None


@given(some.dictionaries(some.dates(), some.integers(1, 1000), min_size=1, max_size=20))
def test_every_count_is_in_one_bar(counts: dict[date, int]) -> None:
    chart = over_time(counts, lambda start, end: None)
    assert chart is not None
    assert sum(bar.count for bar in chart.bars) == sum(counts.values())
    assert len(chart.bars) <= max(MOST_DAYS, 130)
    assert all(bar.x >= 0 and bar.x + bar.width <= 721 and bar.height <= chart.height for bar in chart.bars)


def test_the_longest_bar_beside_a_name_fills_its_cell() -> None:
    chart = beside_names([("Ruta Linden", 4, None), ("Maren Holt", 1, "/speakers/2")])
    assert chart is not None
    assert [(bar.label, bar.width, bar.href) for bar in chart.bars] == [
        ("Ruta Linden", 100, None),
        ("Maren Holt", 25, "/speakers/2"),
    ]

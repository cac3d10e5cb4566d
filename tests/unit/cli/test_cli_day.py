"""Days as people type them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from worker.report.day import NotADay, since, until

NOW = datetime(2024, 5, 17, 15, 30, tzinfo=UTC)
TODAY = datetime(2024, 5, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "first", "after"),
    [
        ("2024-05-16", TODAY - timedelta(days=1), TODAY),
        ("today", TODAY, TODAY + timedelta(days=1)),
        (" Yesterday ", TODAY - timedelta(days=1), TODAY),
        ("7d", NOW - timedelta(days=7), NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(days=14), NOW - timedelta(days=14)),
        ("12h", NOW - timedelta(hours=12), NOW - timedelta(hours=12)),
        ("9999-12-31", datetime(9999, 12, 31, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)),
        ("2024-05-17T08:00", TODAY + timedelta(hours=8), TODAY + timedelta(hours=8)),
        ("2024-05-17T08:00+02:00",) + (datetime(2024, 5, 17, 8, tzinfo=timezone(timedelta(hours=2))),) * 2,
    ],
)
def test_days(words: str, first: datetime, after: datetime) -> None:
    assert (since(words, NOW), until(words, NOW)) == (first, after)


@pytest.mark.parametrize("words", ["", "soon", "2024-13-01", "17.5.2024", "99999d", "10000-01-01", "d"])
def test_no_days(words: str) -> None:
    with pytest.raises(NotADay, match="is no day"):
        until(words, datetime(1, 1, 2, tzinfo=UTC) if words == "99999d" else NOW)

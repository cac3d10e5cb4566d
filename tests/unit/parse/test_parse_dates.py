"""Every date becomes ISO 8601 with a zone, or None."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.parse.dates import NO_ZONE, publication_date

ZONED = {
    "2024-03-05T09:30:00+01:00": "2024-03-05T09:30:00+01:00",
    "2024-03-05T09:30:00Z": "2024-03-05T09:30:00+00:00",
    "2024-03-05 09:30:00 +0100": "2024-03-05T09:30:00+01:00",
    "2024-03-05T09:30:00.123-05:00": "2024-03-05T09:30:00.123000-05:00",
    "Tue, 05 Mar 2024 09:30:00 +0100": "2024-03-05T09:30:00+01:00",
    "Tue, 5 Mar 2024 09:30 GMT": "2024-03-05T09:30:00+00:00",
    "2024-03-05 09:30:00 UTC": "2024-03-05T09:30:00+00:00",
    "March 5, 2024 9:30 AM UTC": "2024-03-05T09:30:00+00:00",
    1709627400: "2024-03-05T08:30:00+00:00",
    1709627400000: "2024-03-05T08:30:00+00:00",
    "1709627400": "2024-03-05T08:30:00+00:00",
    "2024-03-05T09:30:00+23:00": "2024-03-04T10:30:00+00:00",  # not a real zone, and more than PostgreSQL accepts
}
UNZONED = {
    "2024-03-05 09:30:00": "2024-03-05T09:30:00+00:00",
    "2024-03-05": "2024-03-05T00:00:00+00:00",
    "March 5, 2024": "2024-03-05T00:00:00+00:00",
    "Mar 5, 2024 9:30 p.m.": "2024-03-05T21:30:00+00:00",
    "5 March 2024": "2024-03-05T00:00:00+00:00",
    "20240305": "2024-03-05T00:00:00+00:00",
}
NONE: list[object] = [
    "None",
    "",
    "null",
    "yesterday",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    None,
    True,
    [],
    {},
    1e999,
    253402300799,  # the end of the year 9999 in seconds, for "never"
    253402300800,
    253402300800000,
    "9" * 5000,
]


@pytest.mark.parametrize(("value", "expected"), ZONED.items())
def test_with_a_zone(value: object, expected: str) -> None:
    date = publication_date(value, "feed")
    assert date is not None
    assert (date.at, date.source) == (expected, "feed")


@pytest.mark.parametrize(("value", "expected"), UNZONED.items())
def test_without_a_zone_is_read_as_utc_and_marked(value: object, expected: str) -> None:
    date = publication_date(value, "feed")
    assert date is not None
    assert (date.at, date.source) == (expected, NO_ZONE)


@pytest.mark.parametrize("value", NONE)
def test_no_date(value: object) -> None:
    assert publication_date(value, "feed") is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.datetimes().map(str), st.from_regex(r"[\d :TZ+-]{1,30}")))
def test_every_result_can_be_read_again(value: object) -> None:
    date = publication_date(value, "feed")
    if date is not None:
        moment = datetime.fromisoformat(date.at)
        assert moment.tzinfo is not None
        assert 1600 <= moment.year < 2200

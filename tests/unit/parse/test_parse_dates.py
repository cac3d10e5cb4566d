"""Every date becomes ISO 8601 with a zone, or None."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.parse import Limits, parse
from worker.parse.facts.date_places import date_of_address, date_of_path
from worker.parse.facts.dates import NO_ZONE, PublicationDate, UnreadDate, publication_date, read_date

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
    "Thu, 30 Apr 2015 08:57:00 MEST": "2015-04-30T08:57:00+02:00",
    "Thu, 30 Apr 15 08:57:00 GMT": "2015-04-30T08:57:00+00:00",
    "April 30, 2015 8:57 AM EDT": "2015-04-30T08:57:00-04:00",
    "January 5, 2015 8:57 p.m. ET": "2015-01-05T20:57:00-05:00",
    "30 April 2015 08:57 BST": "2015-04-30T08:57:00+01:00",
    "30 April 2015 10:30 IST": "2015-04-30T10:30:00+05:30",
    "Sun Jul 15 00:15:00 +0000 2012": "2012-07-15T00:15:00+00:00",
    "Sat Nov 18 2017 15:21:41 GMT+0100 (Central European Standard Time)": "2017-11-18T15:21:41+01:00",
    "17 May 2024 08:00 UTC-5": "2024-05-17T08:00:00-05:00",
    "Fri, 17 May 2024 08:00:00 (CEST)": "2024-05-17T08:00:00+02:00",
    "0857 GMT May 17, 2024": "2024-05-17T08:57:00+00:00",
    "2024-05-17T08:00:00+02:00[Europe/Berlin]": "2024-05-17T08:00:00+02:00",
    "20150430T085700Z": "2015-04-30T08:57:00+00:00",
    "2015-04-30T08:57:00.000000000Z": "2015-04-30T08:57:00+00:00",
    "/Date(1430384220000)/": "2015-04-30T08:57:00+00:00",
    1430384220000000: "2015-04-30T08:57:00+00:00",
    "2024-03-05T09:30:00+23:00": "2024-03-04T10:30:00+00:00",  # not a real zone, and more than PostgreSQL accepts
}
UNZONED = {
    "2024-03-05 09:30:00": "2024-03-05T09:30:00+00:00",
    "2024-03-05": "2024-03-05T00:00:00+00:00",
    "March 5, 2024": "2024-03-05T00:00:00+00:00",
    "Mar 5, 2024 9:30 p.m.": "2024-03-05T21:30:00+00:00",
    "5 March 2024": "2024-03-05T00:00:00+00:00",
    "20240305": "2024-03-05T00:00:00+00:00",
    20240305: "2024-03-05T00:00:00+00:00",
    "2016/6/29 15:07:41": "2016-06-29T15:07:41+00:00",
    "30.04.2015 08:57": "2015-04-30T08:57:00+00:00",
    "05.04.2015": "2015-04-05T00:00:00+00:00",
    "30/04/2015": "2015-04-30T00:00:00+00:00",
    "04/30/15": "2015-04-30T00:00:00+00:00",
    "05/05/2015": "2015-05-05T00:00:00+00:00",
    "Sunday 05/04/2015": "2015-04-05T00:00:00+00:00",
    "30-Apr-2015": "2015-04-30T00:00:00+00:00",
    "April 30th, 2015": "2015-04-30T00:00:00+00:00",
    "the 5th of May, 2015": "2015-05-05T00:00:00+00:00",
    "Published: Apr. 30, 2015 at 8:57 am": "2015-04-30T08:57:00+00:00",
    "Published 17 May 2024 Updated 18 May 2024 10:00": "2024-05-17T00:00:00+00:00",
    "Updated 18 May 2024; published 17 May 2024": "2024-05-17T00:00:00+00:00",
    "Freitag, 17. Mai 2024 um 10.30 Uhr": "2024-05-17T10:30:00+00:00",
    "Publié le 17 mai 2024 à 10h30": "2024-05-17T10:30:00+00:00",
    "1er août 2024": "2024-08-01T00:00:00+00:00",
    "17 de mayo de 2024": "2024-05-17T00:00:00+00:00",
    "17 de março de 2024 às 10h30": "2024-03-17T10:30:00+00:00",
    "17 maggio 2024 alle ore 10:30": "2024-05-17T10:30:00+00:00",
    "vrijdag 17 mei 2024": "2024-05-17T00:00:00+00:00",
    "17 października 2024 r.": "2024-10-17T00:00:00+00:00",
    "17 мая 2024 г. в 10:30": "2024-05-17T10:30:00+00:00",
    "den 17 maj 2024 kl. 10.30": "2024-05-17T10:30:00+00:00",
    "17. května 2024": "2024-05-17T00:00:00+00:00",
    "2024年5月17日 10:30": "2024-05-17T10:30:00+00:00",
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
    0,
    "0",
    2015,
    "2015",
    "1970-01-01T00:00:00Z",
    "3 hours ago",
    "vor 3 Stunden",
    "Updated: 17 May 2024",
    "31/02/2024",
    "17 May 2024 in Lowmark",
    "05/04/2015",
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


@pytest.mark.parametrize(
    ("locale", "at"),
    [
        ("en-US", "2015-05-04"),
        ("en_GB.UTF-8", "2015-04-05"),
        ("en-AU", "2015-04-05"),
        ("de", "2015-04-05"),
        ("fr-FR", "2015-04-05"),
        ("en", None),
        ("en-CA", None),
        (None, None),
    ],
)
def test_the_locale_says_which_number_is_the_day(locale: str | None, at: str | None) -> None:
    date = read_date("05/04/2015", "field", locale)
    if at is None:
        assert isinstance(date, UnreadDate) and date.warning.startswith("ambiguous date: 05/04/2015")
    else:
        assert isinstance(date, PublicationDate) and date.at.startswith(at)


def test_what_is_not_understood_is_said() -> None:
    date = read_date("3 hours ago", "field")
    assert isinstance(date, UnreadDate) and date.warning == "date not understood: 3 hours ago"
    zone = read_date("17 May 2024 08:00 XYZT", "field")
    assert isinstance(zone, PublicationDate) and zone.warning == "time zone not understood: XYZT was read as UTC"
    assert read_date("N/A", "field") is None


@pytest.mark.parametrize("value", [[2024, 5, 17, 8, 0], {"$date": "2024-05-17T08:00:00"}, ["17 May 2024 08:00"]])
def test_dates_as_json_has_them(value: object) -> None:
    date = publication_date(value, "field")
    assert date is not None and date.at == "2024-05-17T08:00:00+00:00"


@pytest.mark.parametrize(
    "path",
    [
        *("2024/05/17/a.txt", "2024-05-17-a.txt", "20240517_a.txt", "x 2023-01-01.zip/2024/05/17 a.txt"),
        *("2024-05-17T083000.txt", "20240517083000.txt", "a\\2024.05.17.txt"),
    ],
)
def test_date_of_a_path(path: str) -> None:
    date = date_of_path(path)
    assert date is not None and (date.at, date.source) == ("2024-05-17T00:00:00+00:00", "path")


@pytest.mark.parametrize(
    "path", [None, "a.txt", "1815-06-18.txt", "2099-01-01.txt", "a120240517.txt", "2024-13-01.txt"]
)
def test_no_date_of_a_path(path: str | None) -> None:
    assert date_of_path(path) is None


@pytest.mark.parametrize("path", ["2024/05/17/a", "2024/5/17/a", "2024/may/17/a", "a-2024-05-17.html", "20240517/a"])
def test_date_of_an_address(path: str) -> None:
    date = date_of_address(f"https://x.example/{path}")
    assert date is not None and (date.at, date.source) == ("2024-05-17T00:00:00+00:00", "address")


@pytest.mark.parametrize("path", ["2024/05/a", "a-20240517123", "?d=2024/05/17", "2099/05/17/a", "2024/0517/a"])
def test_no_date_of_an_address(path: str) -> None:
    assert date_of_address(f"https://x.example/{path}") is None


def test_the_path_is_the_last_resort_and_tells_the_day_from_the_month() -> None:
    def read(json: bytes, path: str | None) -> tuple[str | None, str | None, tuple[str, ...]]:
        article = parse(json, "application/json", Limits(), path)
        return article.published_at, article.date_source, article.warnings

    text = b'{"text": "The harbour of the town stays closed, the harbour master said."%s}'
    assert read(text % b"", "2015/04/05/a.json") == ("2015-04-05T00:00:00+00:00", "path", ())
    assert read(text % b', "date": "2015-04-07"', "2015/04/05/a.json")[0] == "2015-04-07T00:00:00+00:00"
    assert read(text % b', "date": "05/04/2015"', "2015/04/05/a.json")[0] == "2015-04-05T00:00:00+00:00"
    at, source, warnings = read(text % b', "date": "05/04/2015"', "2019/04/05/a.json")
    assert (at, source) == (None, None) and warnings[0].startswith("ambiguous date")
    at, source, warnings = read(text % b', "date": "yesterday"', "2019/04/05/a.json")
    assert source == "path" and warnings == ("date not understood: yesterday",)

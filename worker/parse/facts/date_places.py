"""The date in the path of a file or in the address of a page: the last resort for an article that names no date."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from worker.parse.facts.date_words import MONTHS, plain
from worker.parse.facts.dates import PublicationDate

ADDRESS, PATH = "address", "path"
FIRST_YEAR = 1990  # an earlier date in a path is that of an event, or a number
IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_./ ]?)(?P<month>0[1-9]|1[0-2])(?P=mark)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?=(?:\d{4}(?:\d\d)?)?(?!\d))"  # a time of four or six digits may follow
)
IN_ADDRESS = re.compile(
    r"(?<=/)(?P<year>(?:19|20)\d\d)(?:/(?P<word>[a-z]{3,9})/|(?P<mark>[-_/]?)(?P<month>0?[1-9]|1[0-2])/?(?P=mark))"
    r"(?P<day>0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|\Z)|"
    r"(?<=[-_])(?P<year_>(?:19|20)\d\d)(?P<mark_>[-_]?)(?P<month_>0[1-9]|1[0-2])(?P=mark_)(?P<day_>0[1-9]|[12]\d|3[01])"
    r"(?=[/_.-]|\Z)"
)
LONGEST = 2000  # look at no more than this many characters


def date_of_path(path: str | None) -> PublicationDate | None:
    """Return the last date in the path of a file, such as "2024/05/17/harbour.txt" or "20240517_harbour.txt"."""
    dates = (_dated(match, PATH) for match in IN_PATH.finditer((path or "")[-LONGEST:].replace("\\", "/")))
    return next(filter(None, reversed(list(dates))), None)


def date_of_address(address: str | None) -> PublicationDate | None:
    """Return the first date in the path of a web address, such as "https://lowmark.example/2024/05/17/harbour"."""
    try:
        path = urlsplit((address or "")[:LONGEST]).path
    except ValueError:
        return None
    return next(filter(None, (_dated(match, ADDRESS) for match in IN_ADDRESS.finditer(path.lower()))), None)


def _dated(match: re.Match[str], source: str) -> PublicationDate | None:
    """Return the date in a match, if there is such a day, from 1990 on and not in the future."""
    parts = {name.rstrip("_"): value for name, value in match.groupdict().items() if value}
    month = MONTHS.get(plain(parts["word"])) if "word" in parts else int(parts["month"])
    try:
        moment = datetime(int(parts["year"]), month or 0, int(parts["day"]), tzinfo=UTC)
    except ValueError:
        return None
    if moment.year < FIRST_YEAR or moment > datetime.now(UTC) + timedelta(days=1):
        return None
    return PublicationDate(moment.isoformat(), source)

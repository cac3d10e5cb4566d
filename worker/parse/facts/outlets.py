"""The outlet of an article: the paper, station or agency that published it; never an address."""

import html
import re

from worker.parse.facts.fields import DOMAIN, one_line, web_address
from worker.parse.facts.people import is_agency

LONGEST = 300  # keep at most this many code points: an index entry of the database holds at most 2,704 bytes
DEEPEST = 3  # lists and objects in each other
ADDRESS = re.compile(
    r"(?i)(?:[a-z][a-z0-9+.-]{1,20}:)?//\S*|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)+/\S*"
)
AGENCY = re.compile(r"\((?P<agency>[^()\d]{2,40})\)\s*\Z")
CREDIT = re.compile(
    r"(?:[—–-]{1,2} ?|[(\[]|© ?|(?i:source|quelle|fuente|fonte|bron): ?)"
    r"(?P<agency>[^\W\d][\w./ -]{1,40}?)[)\]]?\.?\s*\Z"
)
SHORTEST_WORD = 4  # letters: a longer name of an agency is a word, "Reuters"
CREDIT_REACH = 80  # look for the credit of an agency in this many last code points


def outlet(value: object, depth: int = 0) -> str | None:
    """Return the name of an outlet in a string, in an object with a name, or in a list of these; None for addresses."""
    if isinstance(value, dict) and depth < DEEPEST:
        for key in ("name", "title", "display_name", "displayName", "legalName", "alternateName"):
            if found := outlet(value.get(key), depth + 1):
                return found
        return None
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return next(filter(None, (outlet(item, depth + 1) for item in value[:10])), None)
    name = one_line(html.unescape(value[: 2 * LONGEST])) if isinstance(value, str) else None
    if name is None or ADDRESS.fullmatch(name) or web_address(name):
        return None
    return name[:LONGEST].strip(" |·•") or None


def is_domain(name: str) -> bool:
    """True for a bare domain such as "lowmark.example"."""
    return DOMAIN.fullmatch(name) is not None


def is_credit(brackets: str) -> bool:
    """True if what stands in brackets behind a place names an agency: "(AFP)", "(dpa/lno)", not "(CDU)", "(R-Ohio)".

    Parties such as "Ap" are not written as agencies are: these have all letters in capitals, or none.
    """
    for part in re.split(r"/|,| - ", brackets.strip(" ()")):
        first = part.strip().partition("-")[0]
        named = [name for name in (part.strip(), first) if is_agency(name)]
        if any(len(name) > SHORTEST_WORD or name.isupper() or name.islower() for name in named):
            return True
    return False


def outlet_of_dateline(dateline: str | None) -> str | None:
    """Return the agency in a dateline such as "LISBON, March 5 (Costa Wire)"."""
    match = AGENCY.search(dateline or "")
    return outlet(match["agency"]) if match else None


def outlet_of_credit(body: str) -> str | None:
    """Return the agency that is credited at the end of a text: "… (Reuters)", "— AP"."""
    match = CREDIT.search(body[-CREDIT_REACH:])
    return match["agency"] if match and is_agency(match["agency"]) else None

"""The outlet of an article: the paper, station or agency that published it; never an address."""

import html
import re
from dataclasses import dataclass

from worker.parse.fields import DOMAIN, one_line, web_address
from worker.parse.people import is_agency, is_person

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
CREDIT_REACH = 80  # look for the credit of an agency in this many last code points
AT_OUTLET = re.compile(
    r"(?P<person>.{3,60}?)(?:\s*[,|/]\s*|\s+(?:at|@|from|von|de|-|–)\s+)(?P<outlet>.{2,100})", re.IGNORECASE
)
ROLE_ADDRESS = re.compile(
    r"(?i)^(?:news|newsletters?|editor(?:ial|s)?|info|no-?reply|hello|contact|mail|updates?|alerts?|subscriptions?"
    r"|subscribers?|redaktion|redaction|redaccion|redactie|daily|weekly|team|support|briefings?|desk|press|presse|admin"
    r"|office|service|reply|donotreply|digest|members?|morning|evening|breaking|today|post|letters?)\b"
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a mail: a person is the author, and a paper is the outlet."""

    author: str | None
    outlet: str | None


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


def sender(name: str | None, address: str | None) -> Sender:
    """Return what the sender of a mail is, by the name and the address in the field From.

    A name that the address repeats ("Ana Ferro <ana.ferro@…>") is a person's. A name with the words of a body, or with
    an address such as "news@…", is the outlet's.
    """
    shown = outlet(name)
    if shown is None or "@" in shown:
        return Sender(None, None)
    match = AT_OUTLET.fullmatch(shown)
    if match and is_person(match["person"]) and not is_person(match["outlet"]):
        return Sender(match["person"], match["outlet"])
    local = (address or "").partition("@")[0]
    letters = re.sub(r"[\W\d_]+", " ", local.lower()).split()
    words = re.sub(r"[\W_]+", " ", shown.lower()).split()
    if is_person(shown) and (not ROLE_ADDRESS.match(local) or any(word in letters for word in words)):
        return Sender(shown, None)
    return Sender(None, shown)


def outlet_of_dateline(dateline: str | None) -> str | None:
    """Return the agency in a dateline such as "LISBON, March 5 (Costa Wire)"."""
    match = AGENCY.search(dateline or "")
    return outlet(match["agency"]) if match else None


def outlet_of_credit(body: str) -> str | None:
    """Return the agency that is credited at the end of a text: "… (Reuters)", "— AP"."""
    match = CREDIT.search(body[-CREDIT_REACH:])
    return match["agency"] if match and is_agency(match["agency"]) else None

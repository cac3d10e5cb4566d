"""What a watch-list may be: its name, its search, and the addresses that it tells."""

import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Connection, text

from worker.deliveries.signing import new_secret
from worker.report.search import Search
from worker.report.search_line import Unreadable
from worker.report.search_query import narrowed, search_of
from worker.store import changes, receivers, watch_lists
from worker.store.receivers import Place
from worker.store.watch_lists import WatchList

MOST_NAME = 80
"""A name has at most so many characters."""
MOST_ADDRESS = 2_000
"""An address has at most so many characters."""
FEED_KEY_BYTES = 16
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
"""What HTML's `<input type=email>` takes; local parts of other letters are not sent to."""

FINDS = text("""SELECT CAST(report.asked(:words) AS text) <> ''""")
"""Whether a search for words can find anything: not if all of them are as common as "the", or are only signs."""


class Unusable(ValueError):
    """Raised if a watch-list cannot be made as it is wanted; the message says why and what to write."""


SAID_OTHERWISE = {"to": "until", "speaker": "speaker number", "statement": "statement number"}
"""Names of a query that are shown to people under another name."""


def search_of_list(query: str) -> Search:
    """Return the search that a watch-list keeps. Raises `Unreadable`."""
    return search_of(dict(parse_qsl(query)))


def query_of(line: str = "", *, speaker: str | None = None, outlet: str | None = None, kind: str | None = None) -> str:
    """Return what a watch-list keeps of a search: `line` as for the page's box, and what narrows it."""
    words = [line.strip()]
    for name, value in (("speaker", speaker), ("outlet", outlet)):
        if value and '"' in value:
            raise Unusable(f"Write the {name} without quotation marks.")
        if value and value.strip():
            words.append(f'{name}:"{value.strip()}"')
    return kept({"q": " ".join(filter(None, words)), "kind": kind or ""})


def kept(query: Mapping[str, str]) -> str:
    """Return the part of a page's query that a watch-list keeps. Raises `Unusable`."""
    plain = {name: value.replace("\0", "") for name, value in narrowed(query).items()}  # PostgreSQL's texts have none
    wanted = {name: value for name, value in plain.items() if value}
    if "candidates" in wanted:
        raise Unusable("A watch-list tells only of quotations that reports show, not of candidates.")
    try:
        search = search_of(wanted)
    except Unreadable as error:
        raise Unusable(str(error)) from error
    if not search.parameters():
        raise Unusable("Say what to watch for: words, a speaker or an outlet.")
    return urlencode(wanted)


def in_words(query: str) -> str:
    """Return what a watch-list watches for, as people write it: the line, then what narrows it."""
    named = dict(parse_qsl(query))
    line = named.pop("q", "")
    return ", ".join(filter(None, (line, *(narrowing(name, value) for name, value in named.items()))))


def narrowing(name: str, value: str) -> str:
    """Return one value that narrows a search, in words."""
    if name == "nobody":
        return "no speaker"
    if name == "denied":
        return "denied" if value == "yes" else "not denied"
    return f"{SAID_OTHERWISE.get(name, name)} {value}"


def name_for(wanted: str) -> str:
    """Return a name for a watch-list. Raises `Unusable`."""
    name = " ".join(wanted.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise Unusable(f"Give the watch-list a name of at most {MOST_NAME} characters.")
    return name


def webhook(address: str) -> Place:
    """Return a webhook with a new secret. Raises `Unusable`."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or len(address) > MOST_ADDRESS:
        raise Unusable("A webhook is an address that begins with https:// or http://, in ASCII.")
    if "@" in parts.netloc:
        raise Unusable("Write the address without a name and a password; messages are signed instead.")
    shown = f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}/…"
    return Place("webhook", address.partition("#")[0], shown, new_secret())


def mail(address: str) -> Place:
    """Return a mail address. Raises `Unusable`."""
    if not MAIL_ADDRESS.fullmatch(address):
        raise Unusable(f"{address:.100} is no mail address; write one, as in desk@news.example.")
    local, _, host = address.rpartition("@")
    return Place("mail", address, f"{local[0]}…@{host}", None)


def make(connection: Connection, name: str, query: str, who: str) -> WatchList:
    """Make a watch-list that tells of everything that is stored from now on. Raises `Unusable`."""
    words = search_of_list(query).line.words
    if words and not connection.execute(FINDS, {"words": words}).scalar_one():
        raise Unusable(f"No quotation can be found by “{words}”: write words that are less common.")
    key = secrets.token_urlsafe(FEED_KEY_BYTES)
    made = watch_lists.add(connection, name_for(name), query, key, who, changes.latest(connection))
    if made is None:
        raise Unusable(f"There is a watch-list “{name_for(name)}” already; choose another name.")
    return made


def feed_path(watch_list_id: int, ending: str, feed_key: str) -> str:
    """Return the path of a feed on the page; it stays the same as long as there is the watch-list. Empty key: none."""
    return f"/watch-lists/{watch_list_id}/feed.{ending}{f'?key={feed_key}' if feed_key else ''}"


def add_receiver(connection: Connection, watch_list: WatchList, place: Place) -> None:
    """Add a receiver that is told from now on. Raises `Unusable`."""
    if not receivers.add(connection, watch_list.id, place, watch_lists.last_delivery(connection, watch_list.id)):
        raise Unusable(f"“{watch_list.name}” tells {place.shown} already.")


def resume(connection: Connection, watch_list: WatchList, *, skip: bool) -> None:
    """Let a watch-list and its receivers go on where they stopped; `skip`: only with what is stored from now on."""
    last_change = changes.latest(connection) if skip else None
    watch_lists.resume(connection, watch_list.id, last_change)
    last_delivery = watch_lists.last_delivery(connection, watch_list.id) if skip else None
    receivers.resume(connection, watch_list.id, last_delivery)

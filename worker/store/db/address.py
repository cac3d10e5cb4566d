"""Takes the URL of a PostgreSQL database apart, for a session that is opened without SQLAlchemy.

It reads what SQLAlchemy reads (a `/` in a password, for example, which libpq would take for its end), so that a URL
means the same to every command.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

URL = re.compile(
    r"""(?:postgres|postgresql|postgresql\+psycopg)://
    (?:(?P<user>[^:/]*)(?::(?P<password>[^@]*))?@)?
    (?:\[(?P<ipv6>[^/?]+)\]|(?P<host>[^/:?]+))?(?::(?P<port>[0-9]+))?
    (?:/(?P<dbname>[^?]*))?
    (?:\?(?P<query>.*))?""",
    re.VERBOSE | re.DOTALL,
)


class NotAnAddress(Exception):
    """Raised if a text is not the URL of a PostgreSQL database."""


def parameters(url: str) -> Mapping[str, str]:
    """Return what libpq is to be told: `host`, `port`, `user`, and so on. Raises `NotAnAddress`."""
    found = URL.fullmatch(url)
    if found is None:
        raise NotAnAddress
    parts = {
        "host": found["ipv6"] or found["host"],
        "port": found["port"],
        "user": found["user"] and unquote(found["user"]),
        "password": found["password"] and unquote(found["password"]),
        "dbname": found["dbname"] and unquote(found["dbname"]),
    }
    told = {name: part for name, part in parts.items() if part}
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(found["query"] or ""):
        asked.setdefault(name, []).append(value)
    return told | {name: ",".join(values) for name, values in asked.items()} | ports_of(asked.get("host", []))


def ports_of(hosts: list[str]) -> dict[str, str]:
    """Return the hosts and ports of a query that has them together (`host=a:5432&host=b:5432`); empty if it has not."""
    pairs = [host.rpartition(":") for host in hosts]
    if not all(separator and port.isdigit() for _, separator, port in pairs) or not pairs:
        return {}
    return {"host": ",".join(host for host, _, _ in pairs), "port": ",".join(port for _, _, port in pairs)}

"""How people and programs reach what is stored: the page's address, and SQL from outside of `onrecord sql`."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worker.cli.connection import psql_url

if TYPE_CHECKING:
    from worker.settings import Settings

KEPT = "page"
"""The file in HOME with the address of the page that is served."""
ANSWER_SECONDS = 1.0
"""Wait for the page to take a connection for at most so many seconds."""


@contextmanager
def kept_address(home: Path | None, url: str) -> Iterator[None]:
    """Keep the page's address in HOME while the `with` block runs, for `status` and `doctor`."""
    path = home / KEPT if home else None
    if path is not None:
        with suppress(OSError):
            path.write_text(url)
    try:
        yield
    finally:
        if path is not None:
            with suppress(OSError):
                path.unlink()


def page_address(settings: "Settings") -> str | None:
    """Return the address of the page if something answers there; None if no page is served on this machine."""
    from worker.web.address import url_of

    url = url_of(settings.web_host, settings.web_port)
    if settings.home is not None:
        with suppress(OSError, UnicodeError):
            url = (settings.home / KEPT).read_text().strip()
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), ANSWER_SECONDS):
            return url
    except (OSError, ValueError):
        return None


def page_sentence(address: str | None) -> str:
    """Return where the page is, or how to get it."""
    return address or "not served on this machine; `onrecord up` or `onrecord web` serves it"


def sql_sentence(settings: "Settings", url: str | None) -> str:
    """Return how psql and BI tools connect; `url` is that of the embedded server, if it has a port."""
    if url:
        return url
    if settings.home is None:
        return "your own server, as the role onrecord_reader (docs/sql.md)"
    return "off for psql and BI tools; set ONRECORD_EMBEDDED_PORT to a port (docs/sql.md). `onrecord sql` works"


def sql_access(settings: "Settings") -> str:
    """Return how psql and BI tools connect, as a sentence."""
    return sql_sentence(settings, psql_url(settings))

"""The URLs that a command works with: those of the settings, and the embedded servers for what they leave empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.embedded.errors import UrlRefused
from worker.embedded.home import find_home
from worker.embedded.servers import embedded_servers
from worker.settings import Settings

POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})


@contextmanager
def resolve(
    given: Settings,
    *,
    home: Path | None = None,
    create: bool = False,
    supervise: bool = False,
    broker: bool = True,
) -> Iterator[Settings]:
    """The settings with every URL filled in, valid inside the `with`.

    `create` makes a HOME where there is none (`up`, `watch`, `worker`, `beat`); `broker=False` does without an
    embedded broker and leaves its URL as it is. With both URLs given no HOME is needed. `report_url` stays empty when
    only `database_url` is given: we cannot know the reader's password there. Raises `EmbeddedError`.
    """
    urls = {
        "database_url": postgres_url(given.database_url, "ONRECORD_DATABASE_URL"),
        "report_url": postgres_url(given.report_url, "ONRECORD_REPORT_URL"),
        "broker_url": given.broker_url,
    }
    postgres, valkey = not given.database_url, broker and not given.broker_url
    if not postgres and not valkey:
        yield given.model_copy(update=urls)
        return
    folder = find_home(home or given.home, create=create)
    with embedded_servers(
        folder, postgres=postgres, valkey=valkey, supervise=supervise, port=given.embedded_port
    ) as servers:
        if postgres:
            urls["database_url"] = servers.database_url
            urls["report_url"] = urls["report_url"] or servers.report_url
        if valkey:
            urls["broker_url"] = servers.broker_url
        yield given.model_copy(update={**urls, "home": folder})


def postgres_url(url: str, variable: str) -> str:
    """A PostgreSQL URL as SQLAlchemy wants it, with psycopg 3 as the driver; empty stays empty."""
    if not url:
        return ""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in POSTGRES_SCHEMES:
        raise UrlRefused(f"{variable} must begin with postgresql://, as in postgresql://user:password@host/name.")
    return f"postgresql+psycopg://{rest}"

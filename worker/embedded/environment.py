"""The URLs that a command uses: from the settings, or of an embedded server if the setting is empty."""

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
    settings: Settings,
    *,
    home: Path | None = None,
    create: bool = False,
    supervise: bool = False,
    broker: bool = True,
) -> Iterator[Settings]:
    """Return the settings with every URL filled in. The URLs are valid inside the `with`.

    `create` makes a HOME if there is none (`up`, `watch`, `worker`, `beat`). `broker=False` starts no embedded broker
    and leaves its URL as it is. If both URLs are set, no HOME is needed. If only `database_url` is set, `report_url`
    stays empty, because we cannot know the reader's password on that server. Raises `EmbeddedError`.
    """
    urls = {
        "database_url": postgres_url(settings.database_url, "ONRECORD_DATABASE_URL"),
        "report_url": postgres_url(settings.report_url, "ONRECORD_REPORT_URL"),
        "broker_url": settings.broker_url,
    }
    postgres, valkey = not settings.database_url, broker and not settings.broker_url
    if not postgres and not valkey:
        yield settings.changed(**urls)
        return
    folder = find_home(home or settings.home, create=create)
    with embedded_servers(
        folder, postgres=postgres, valkey=valkey, supervise=supervise, port=settings.embedded_port
    ) as servers:
        if postgres:
            urls["database_url"] = servers.database_url
            urls["report_url"] = urls["report_url"] or servers.report_url
        if valkey:
            urls["broker_url"] = servers.broker_url
        yield settings.changed(**urls, home=folder)


def postgres_url(url: str, variable: str) -> str:
    """Return a PostgreSQL URL in SQLAlchemy's form, with psycopg 3 as the driver; an empty URL stays empty."""
    if not url:
        return ""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in POSTGRES_SCHEMES:
        raise UrlRefused(f"{variable} must begin with postgresql://, as in postgresql://user:password@host/name.")
    return f"postgresql+psycopg://{rest}"

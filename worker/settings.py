"""All settings of Onrecord, with their defaults. They are read from the environment (`ONRECORD_…`) or from `.env`.

`docs/reference.md` lists them for users; a test compares that list with this file.
"""

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from worker.machine import pool_processes
from worker.parse.format import Limits
from worker.parse.naming import UNFINISHED
from worker.setting import Declared, Secret, setting

MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000
LIMITS = Limits()


def stripped(named: str) -> str:
    """Return an empty text for a blank one, which names nothing either."""
    return named if named.strip() else ""


def web_address(named: str) -> str:
    """Return an address without blanks. Raises `ValueError` if it is no address of the web."""
    address = named.strip()
    if address and not address.startswith(("http://", "https://")):
        raise ValueError("write an address that begins with https:// or http://")
    return address


def mail_server(named: Secret) -> Secret:
    """Return the mail server's address. Raises `ValueError`, without the password, if it cannot be used."""
    address = named.reveal().strip()
    if not address:
        return Secret()
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ValueError("write smtp://user:password@host:587 or smtps://…; encode special characters with %")
    return Secret(address)


def mail_sender(named: str) -> str:
    """Return the sender's address without blanks. Raises `ValueError` if it is none."""
    address = named.strip()
    if address and ("@" not in address or not address.isprintable()):
        raise ValueError("write a mail address, such as onrecord@news.example")
    return address


@dataclass(frozen=True, init=False)
class Settings(Declared):
    """The values of all settings. `settings()` returns those of this process."""

    # where things are
    database_url: str = setting(
        "", "PostgreSQL, `postgresql://user:password@host/name`; empty: embedded", check=stripped
    )
    broker_url: str = setting("", "Redis, Valkey (`redis://`) or RabbitMQ (`amqp://`); empty: embedded", check=stripped)
    report_url: str = setting("", "PostgreSQL as the read-only role; empty: embedded, set by us", check=stripped)
    prepare: bool = setting(True, "0: workers go through a pooler that lends sessions for one transaction each")
    reader_password: Secret = setting(
        Secret(), "`migrate` gives it to the analysts' role on a server of your own; empty: none"
    )
    inbox: str = setting(
        "", "`[NAME=]DIR`, several separated by `:`; empty: `seeds/` where there is one", check=stripped
    )
    home: Path | None = setting(None, "embedded data and logs; empty: nearest `.onrecord/` here or above")
    embedded_port: int = setting(0, "127.0.0.1 port for psql and BI tools; 0: off", least=0, most=65535)

    session_memory_bytes: int = setting(
        GIGABYTE, "memory of one session of the embedded database", least=100 * MEGABYTE
    )

    # after storing
    after: Literal["keep", "archive", "delete"] = setting("keep", "what to do with a stored file")
    archive: Path | None = setting(None, "folder that archived files are moved to")

    # the watcher
    polling: bool = setting(False, "poll instead of inotify or FSEvents (network folders)")
    settle: float = setting(2.0, "seconds unchanged before an unsure file counts as at rest", least=0)
    scan_seconds: float = setting(30.0, "seconds between two scans of a folder", above=0)
    ignore: str = setting(
        ":".join((".*", *(f"*{ending}" for ending in UNFINISHED))),
        "file name patterns left alone, `:` between",
    )

    # the queue and the ledger
    concurrency: int = setting(
        pool_processes,
        "pool processes; fewer if memory or open files do not suffice, and at most 32 unless you set it",
        least=1,
    )
    doorbells: int = setting(1000, "messages outstanding a queue; the rest wait in PostgreSQL", least=1)
    strikes: int = setting(3, "expired claims before a row is quarantined as crashed", least=1)
    document_seconds: float = setting(60.0, "CPU seconds for one document, all stages together", above=0)
    task_seconds: int = setting(300, "hard limit of one task, by the clock", least=1)
    lease_seconds: int = setting(360, "lease of a claim; longer than `task_seconds`", least=1)
    seen_seconds: float = setting(10.0, "a process not seen for this long has lost its claims", above=0)
    ring_again_seconds: float = setting(60.0, "a rung row that still waits is rung again after this", above=0)

    # the extractor
    extractor: Literal["full", "quoted"] = setting("full", "`quoted`: only what stands in marks; faster")

    certainty: Path | None = setting(
        None, "file with your own fit of the confidence (`onrecord calibrate`); empty: the model's"
    )

    least_confidence: float = setting(
        0.5, "quotes with less confidence are candidates; nothing is read again", least=0, most=1
    )

    # bounds on what is read
    max_article_bytes: int = setting(LIMITS.max_article_bytes, "largest single article", least=1)
    max_container_bytes: int = setting(LIMITS.max_container_bytes, "largest file with many articles", least=1)
    max_member_bytes: int = setting(LIMITS.max_member_bytes, "largest member of a container", least=1)
    max_ratio: int = setting(LIMITS.max_ratio, "largest ratio of unpacked to packed bytes", least=1)
    max_members: int = setting(LIMITS.max_members, "most members of a container", least=1)
    max_text: int = setting(LIMITS.max_text, "longest article text in code points", least=1)
    min_free_bytes: int = setting(GIGABYTE, "free disk below which intake pauses", least=0)
    parse_memory_bytes: int = setting(1_500 * MEGABYTE, "address space of the parsing child", least=1)
    parse_seconds: float = setting(10.0, "CPU seconds to parse a document; by the clock thrice that", above=0)

    # re-processing
    reprocess_hours: float = setting(24.0, "hours between two scheduled re-processings; 0: never", least=0)
    retry_hours: float = setting(1.0, "hours between two retries of what failed for passing reasons", least=0)

    # the check of the tables
    check_hours: float = setting(168.0, "hours between two checks of all tables; 0: never", least=0)

    # the page
    web_host: str = setting("127.0.0.1", "where the page listens; not on this machine alone: needs a password")
    web_port: int = setting(8033, "port of the page; `up` with 0: no page", least=0, most=65535)
    web_names: str = setting("", "other names in the page's address, such as `news.example`, `:` between")
    web_password: Secret = setting(Secret(), "the page's password, or what `onrecord web password --print` makes of it")
    web_open: bool = setting(False, "everybody may read the page; only correcting needs the password")
    person: str = setting("", "who decides here; empty: the name of the user")

    # watched from outside
    monitor_token: Secret = setting(
        Secret(), "token with which other machines read `/metrics` and `/health` of the page; empty: none"
    )
    task_events: bool = setting(False, "workers send an event for each task, for Flower")

    # watch-lists
    web_url: str = setting(
        "",
        "the page's address as receivers reach it, for links in what watch-lists send; empty: no links",
        check=web_address,
    )
    smtp_url: Secret = setting(
        Secret(),
        "mail server, `smtp://user:password@host:587` or `smtps://`; empty: no mail is sent",
        check=mail_server,
    )
    smtp_from: str = setting("", "the address that mail comes from", check=mail_sender)
    mail_minutes: float = setting(15.0, "minutes between two mails of a watch-list; each is a digest", least=0)
    receiver_hours: float = setting(72.0, "hours of failing after which a receiver is paused", above=0)

    # logs
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", "least level logged")
    log_format: Literal["console", "json"] = setting("console", "how log lines look")

    @cached_property
    def ignore_patterns(self) -> tuple[str, ...]:
        """The single patterns of `ignore`."""
        return tuple(pattern for pattern in self.ignore.split(":") if pattern)

    @cached_property
    def limits(self) -> Limits:
        """The bounds of splitting and parsing; each field is the setting of the same name."""
        return Limits(**{field.name: getattr(self, field.name) for field in fields(Limits)})


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, which are read once."""
    return Settings()

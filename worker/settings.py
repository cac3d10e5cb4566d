"""All settings of Onrecord, with their defaults. They are read from the environment (`ONRECORD_…`) or from `.env`.

`docs/reference.md` lists them for users; a test compares that list with this file.
"""

from dataclasses import fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from worker.machine import pool_processes
from worker.parse.format import Limits
from worker.parse.naming import UNFINISHED

MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000
LIMITS = Limits()


class Settings(BaseSettings):
    """The values of all settings. `settings()` returns those of this process."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore", frozen=True)

    # where things are
    database_url: str = Field("", description="PostgreSQL, `postgresql://user:password@host/name`; empty: embedded")
    broker_url: str = Field("", description="Redis, Valkey (`redis://`) or RabbitMQ (`amqp://`); empty: embedded")
    report_url: str = Field("", description="PostgreSQL as the read-only role; empty: embedded, set by us")
    prepare: bool = Field(
        True, description="0: workers go through a pooler that lends sessions for one transaction each"
    )
    reader_password: SecretStr = Field(
        SecretStr(""), description="`migrate` gives it to the analysts' role on a server of your own; empty: none"
    )
    inbox: str = Field("", description="`[NAME=]DIR`, several separated by `:`; empty: `seeds/` where there is one")
    home: Path | None = Field(None, description="embedded data and logs; empty: nearest `.onrecord/` here or above")
    embedded_port: int = Field(0, ge=0, le=65535, description="127.0.0.1 port for psql and BI tools; 0: off")

    session_memory_bytes: int = Field(
        GIGABYTE, ge=100 * MEGABYTE, description="memory of one session of the embedded database"
    )

    # after storing
    after: Literal["keep", "archive", "delete"] = Field("keep", description="what to do with a stored file")
    archive: Path | None = Field(None, description="folder that archived files are moved to")

    # the watcher
    polling: bool = Field(False, description="poll instead of inotify or FSEvents (network folders)")
    settle: float = Field(2.0, ge=0, description="seconds unchanged before an unsure file counts as at rest")
    scan_seconds: float = Field(30.0, gt=0, description="seconds between two scans of a folder")
    ignore: str = Field(
        ":".join((".*", *(f"*{ending}" for ending in UNFINISHED))),
        description="file name patterns left alone, `:` between",
    )

    # the queue and the ledger
    concurrency: int = Field(
        default_factory=pool_processes,
        ge=1,
        description="pool processes; fewer if memory or open files do not suffice, and at most 32 unless you set it",
    )
    doorbells: int = Field(1000, ge=1, description="messages outstanding a queue; the rest wait in PostgreSQL")
    strikes: int = Field(3, ge=1, description="expired claims before a row is quarantined as crashed")
    document_seconds: float = Field(60.0, gt=0, description="CPU seconds for one document, all stages together")
    task_seconds: int = Field(300, ge=1, description="hard limit of one task, by the clock")
    lease_seconds: int = Field(360, ge=1, description="lease of a claim; longer than `task_seconds`")
    seen_seconds: float = Field(10.0, gt=0, description="a process not seen for this long has lost its claims")
    ring_again_seconds: float = Field(60.0, gt=0, description="a rung row that still waits is rung again after this")

    # the extractor
    extractor: Literal["full", "quoted"] = Field("full", description="`quoted`: only what stands in marks; faster")

    certainty: Path | None = Field(
        None, description="file with your own fit of the confidence (`onrecord calibrate`); empty: the model's"
    )

    least_confidence: float = Field(
        0.5, ge=0, le=1, description="quotes with less confidence are candidates; nothing is read again"
    )

    # bounds on what is read
    max_article_bytes: int = Field(LIMITS.max_article_bytes, ge=1, description="largest single article")
    max_container_bytes: int = Field(LIMITS.max_container_bytes, ge=1, description="largest file with many articles")
    max_member_bytes: int = Field(LIMITS.max_member_bytes, ge=1, description="largest member of a container")
    max_ratio: int = Field(LIMITS.max_ratio, ge=1, description="largest ratio of unpacked to packed bytes")
    max_members: int = Field(LIMITS.max_members, ge=1, description="most members of a container")
    max_text: int = Field(LIMITS.max_text, ge=1, description="longest article text in code points")
    min_free_bytes: int = Field(GIGABYTE, ge=0, description="free disk below which intake pauses")
    parse_memory_bytes: int = Field(1_500 * MEGABYTE, ge=1, description="address space of the parsing child")
    parse_seconds: float = Field(10.0, gt=0, description="CPU seconds to parse a document; by the clock thrice that")

    # re-processing
    reprocess_hours: float = Field(24.0, ge=0, description="hours between two scheduled re-processings; 0: never")
    retry_hours: float = Field(1.0, ge=0, description="hours between two retries of what failed for passing reasons")

    # the check of the tables
    check_hours: float = Field(168.0, ge=0, description="hours between two checks of all tables; 0: never")

    # the page
    web_host: str = Field(
        "127.0.0.1", description="where the page listens; not on this machine alone: needs a password"
    )
    web_port: int = Field(8033, ge=0, le=65535, description="port of the page; `up` with 0: no page")
    web_names: str = Field("", description="other names in the page's address, such as `news.example`, `:` between")
    web_password: SecretStr = Field(
        SecretStr(""), description="the page's password, or what `onrecord web password --print` makes of it"
    )
    web_open: bool = Field(False, description="everybody may read the page; only correcting needs the password")
    person: str = Field("", description="who decides here; empty: the name of the user")

    # watched from outside
    monitor_token: SecretStr = Field(
        SecretStr(""),
        description="token with which other machines read `/metrics` and `/health` of the page; empty: none",
    )
    task_events: bool = Field(False, description="workers send an event for each task, for Flower")

    # watch-lists
    web_url: str = Field(
        "", description="the page's address as receivers reach it, for links in what watch-lists send; empty: no links"
    )
    smtp_url: SecretStr = Field(
        SecretStr(""), description="mail server, `smtp://user:password@host:587` or `smtps://`; empty: no mail is sent"
    )
    smtp_from: str = Field("", description="the address that mail comes from")
    mail_minutes: float = Field(15.0, ge=0, description="minutes between two mails of a watch-list; each is a digest")
    receiver_hours: float = Field(72.0, gt=0, description="hours of failing after which a receiver is paused")

    # logs
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level logged")
    log_format: Literal["console", "json"] = Field("console", description="how log lines look")

    @field_validator("home", "archive", "certainty", mode="before")
    @classmethod
    def folder(cls, named: object) -> object:
        """Return the path that a person named; None if the text is blank: `Path("")` would be the current folder."""
        if isinstance(named, str):
            return Path(named) if named.strip() else None
        return named

    @field_validator("home", "archive", "certainty")
    @classmethod
    def expanded(cls, folder: Path | None) -> Path | None:
        """Return the path with a user's folder in place of `~`. Raises `ValueError` if there is no such user."""
        try:
            return folder and folder.expanduser()
        except RuntimeError as error:
            raise ValueError(f"{folder} begins with ~, and there is no such user") from error

    @field_validator("inbox", "database_url", "broker_url", "report_url")
    @classmethod
    def stripped(cls, named: str) -> str:
        """Return an empty text for a blank one, which names nothing either."""
        return named if named.strip() else ""

    @field_validator("web_url")
    @classmethod
    def web_address(cls, named: str) -> str:
        """Return the page's address without blanks. Raises `ValueError` if it is no address of the web."""
        address = named.strip()
        if address and not address.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with https:// or http://")
        return address

    @field_validator("smtp_url")
    @classmethod
    def mail_server(cls, named: SecretStr) -> SecretStr:
        """Return the mail server's address. Raises `ValueError`, without the password, if it cannot be used."""
        address = named.get_secret_value().strip()
        if not address:
            return SecretStr("")
        try:
            parts = urlsplit(address)
            is_usable = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
        except ValueError:
            is_usable = False
        if not is_usable:
            raise ValueError("write smtp://user:password@host:587 or smtps://…; encode special characters with %")
        return SecretStr(address)

    @field_validator("smtp_from")
    @classmethod
    def mail_sender(cls, named: str) -> str:
        """Return the sender's address without blanks. Raises `ValueError` if it is none."""
        address = named.strip()
        if address and ("@" not in address or not address.isprintable()):
            raise ValueError("write a mail address, such as onrecord@news.example")
        return address

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

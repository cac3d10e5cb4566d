"""What parsing yields: an `Article`; what splitting a container yields: `Member`s."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from worker.reasons import Reason


@dataclass(frozen=True, slots=True)
class Article:
    """One article as parsed.

    `text` is the text as decoded, untouched; every offset of the product counts its Unicode code points.
    `text[body_start:body_end]` is the body: without dateline and trailer (licence, agency boilerplate).
    `published_at` is ISO 8601 with a zone; a date that came without one is read as UTC and has
    `date_source == "no zone"`; otherwise `date_source` says where it was found ("json-ld", "meta", "feed", …).
    """

    text: str
    body_start: int
    body_end: int
    title: str | None = None
    dateline: str | None = None
    licence: str | None = None
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    date_source: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The part of the text that the outlet's writers wrote."""
        return self.text[self.body_start : self.body_end]

    def to_json(self) -> dict[str, Any]:
        """The article as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The reverse of `to_json`."""
        return cls(**{**values, "authors": tuple(values["authors"]), "warnings": tuple(values["warnings"])})


@dataclass(frozen=True, slots=True)
class Member:
    """One raw article of a file, as it came: bytes that can be parsed alone.

    `name` says where it stood (a zip path, a line number as "17"), None where the file is the one article itself.
    A member that is refused on sight has `reason` and `message`; then `raw` may be empty.
    """

    raw: bytes
    media_type: str
    name: str | None = None
    reason: Reason | None = None
    message: str | None = None

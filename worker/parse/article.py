"""The results of reading a file: the `Member`s that splitting gives, and the `Article` that parsing gives."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from worker.reasons import Reason


@dataclass(frozen=True, slots=True)
class Article:
    """One article as parsed.

    `text` is the decoded text, unchanged; every offset in Onrecord counts its Unicode code points.
    `text[body_start:body_end]` is the body: the text without dateline and trailer (licence, agency boilerplate).
    `published_at` is ISO 8601 with a time zone. A date without a zone is read as UTC, and `date_source` is then
    "no zone"; otherwise `date_source` names the place of the date ("json-ld", "meta", "feed", …).
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
        """The text without dateline and trailer."""
        return self.text[self.body_start : self.body_end]

    def to_json(self) -> dict[str, object]:
        """Return the article as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return the article that `to_json` gave these values for."""
        return cls(**{**values, "authors": tuple(values["authors"]), "warnings": tuple(values["warnings"])})


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a file as raw bytes, which can be parsed without the rest of the file.

    `name` is its place in the file (a path in a zip, a line number such as "17"), or None if the file is one article.
    A member that splitting already refuses has `reason` and `message`; its `raw` may be empty.
    """

    raw: bytes
    media_type: str
    name: str | None = None
    reason: Reason | None = None
    message: str | None = None

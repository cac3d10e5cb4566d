"""The results of reading a file: the `Member`s that splitting gives, and the `Article` that parsing gives."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from worker.reasons import Reason


@dataclass(frozen=True, slots=True)
class Article:
    """One article as parsed.

    `text` is the decoded text. What had to be mended in it (mojibake, NUL characters) is told in `warnings`; else it is
    unchanged. Every offset in Onrecord counts Unicode code points of this text.
    `text[body_start:body_end]` is the body: the text without its first lines (title, by-line, date, outlet), dateline
    and trailer (licence, agency boilerplate).
    `published_at` is ISO 8601 with a time zone. A date without a zone is read as UTC, and `date_source` is then
    "no zone". Otherwise `date_source` says where the date was found ("json-ld", "meta", "feed", …, "path").
    `identifier` is the id that a media database or an agency gave to the article, such as "urn:newsml:afp.com:…";
    `revision` tells versions of the same id apart, and later versions have a greater one (compared as text).
    `is_withdrawn` is True if the agency has withdrawn the article.
    `wire` is the short name of the news agency that the text is from ("AP", "Reuters"); None for an outlet's own text.
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
    section: str | None = None
    identifier: str | None = None
    revision: str | None = None
    is_withdrawn: bool = False
    wire: str | None = None
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
        """Return the article, made again from the values that `to_json` returned."""
        return cls(**{**values, "authors": tuple(values["authors"]), "warnings": tuple(values["warnings"])})


@dataclass(frozen=True, slots=True)
class Member:
    """The raw bytes of one article of a file. They can be parsed without the rest of the file.

    `name` says where in the file the member is: a path in a zip, or a number such as "17" for a line. It is None if the
    whole file is one article. If splitting refuses a member, it sets `reason` and `message`, and `raw` may be empty.
    `note` is a sentence about the whole file, which is known only once this member is read: "99 of 100 articles were
    found." It is stored with the file.
    """

    raw: bytes
    media_type: str
    name: str | None = None
    reason: Reason | None = None
    message: str | None = None
    note: str | None = None

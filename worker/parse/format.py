"""The declaration of one file format, and the two values that its functions take: `Limits` and `Hint`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from worker.parse.article import Article, Member


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file, of one member of it, and of one text, with their defaults.

    Each field is also a setting, `ONRECORD_` and the field's name; `worker.settings` takes the defaults from here.
    """

    max_article_bytes: int = 20_000_000  # a file that is one article
    max_container_bytes: int = 4_000_000_000  # a file with many articles, both as it is and unpacked
    max_member_bytes: int = 20_000_000  # one member of a container, unpacked
    max_ratio: int = 200  # unpacked bytes per packed byte
    max_members: int = 1_000_000  # members of one container
    max_text: int = 1_000_000  # Unicode code points of one article's text


@dataclass(frozen=True, slots=True)
class Hint:
    """Facts that came with the bytes of an article from outside them, and the limits to keep."""

    charset: str | None = None  # declared by a mail part or an HTTP header
    url: str | None = None  # the address the bytes were fetched from, if an envelope holds it
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format: how it is recognised, and how its bytes become members or an article.

    A format of single articles has `parse`; a container has `split`; one that can be either (JSON) has both.
    `sniff` gets the first bytes without a byte-order mark, and returns True if they look like this format.
    """

    name: str  # for messages
    extensions: tuple[str, ...]  # of this format alone: ".html"
    shared_extensions: tuple[str, ...] = ()  # also used by other formats, so `sniff` must agree: ".xml"
    media_types: tuple[str, ...] = ()  # that `parse` accepts; `split` gives the first to a file that is one article
    sniff: Callable[[bytes], bool]
    parse: Callable[[bytes, Hint], Article] | None = None
    split: Callable[[BinaryIO, str, Limits], Iterator[Member]] | None = None
    binary: bool = False  # the bytes are not text, and `sniff` must agree
    archive: bool = False  # holds files of other formats; refused inside another archive
    by_content: bool = False  # recognised by `sniff` alone, under any name

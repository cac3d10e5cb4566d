"""The declaration of one file format, and two arguments of its functions: `Limits` and `Hint`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from worker.parse.article import Article, Member


@dataclass(frozen=True, slots=True)
class Limits:
    """The upper bounds for one file, for one member of a file, and for one text, with their defaults.

    Each field is also a setting: `ONRECORD_` and the name of the field in capitals. `worker.settings` uses the defaults
    given here.
    """

    max_article_bytes: int = 20_000_000  # a file that is one article
    max_container_bytes: int = 4_000_000_000  # a file with many articles: its own size, and its unpacked size
    max_member_bytes: int = 20_000_000  # one member of a container, unpacked
    max_ratio: int = 200  # unpacked bytes per packed byte
    max_members: int = 1_000_000  # members of one container
    max_text: int = 1_000_000  # Unicode code points of one article's text


@dataclass(frozen=True, slots=True)
class Hint:
    """Facts about the bytes of an article that the bytes themselves do not hold, and the limits to keep."""

    charset: str | None = None  # declared by a mail part or an HTTP header
    url: str | None = None  # the address that the bytes were fetched from, if a saved page or crawl names it
    path: str | None = None  # of the file in its folder, and of the member in the file
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One file format: how it is recognised, and how its bytes become members or an article.

    A format of single articles has `parse`. A container has `split`. A container whose members have its own format
    (JSON, feeds, WARC) has both.
    `sniff` gets the first bytes without a byte-order mark, and returns True if they look like this format.
    """

    name: str  # for messages
    extensions: tuple[str, ...]  # used by this format alone, such as ".html"
    shared_extensions: tuple[str, ...] = ()  # also used by other formats, such as ".xml"; `sniff` decides
    media_types: tuple[str, ...] = ()  # accepted by `parse`; a file that is not split gets the first
    sniff: Callable[[bytes], bool]
    parse: Callable[[bytes, Hint], Article] | None = None
    split: Callable[[BinaryIO, str, Limits], Iterator[Member]] | None = None
    binary: bool = False  # the bytes are not text; a file for which `sniff` is False is refused
    mixed: bool = False  # text around binary parts, such as pictures: binary bytes do not speak against it
    archive: bool = False  # holds files of other formats; it is refused inside another archive
    by_content: bool = False  # `sniff` alone recognises it, whatever the name of the file is
    narrow: bool = False  # a special form of what another format reads as well: it is asked before all others

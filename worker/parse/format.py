"""What a format module declares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from worker.parse.article import Article, Member
from worker.parse.hint import Hint
from worker.parse.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file: how it is known, and how its bytes become members or an article.

    A leaf has `parse`; a container has `split`; a kind that is both (JSON) has both. `sniff` sees the first bytes
    without a byte-order mark and answers whether they look like this kind.
    """

    name: str  # as people call it, for messages
    extensions: tuple[str, ...]  # of this kind alone: ".html"
    shared_extensions: tuple[str, ...] = ()  # other kinds use them too, so content must agree: ".xml"
    media_types: tuple[str, ...] = ()  # what `parse` takes; the first is the kind's own
    sniff: Callable[[bytes], bool]
    parse: Callable[[bytes, Hint], Article] | None = None
    split: Callable[[BinaryIO, str, Limits], Iterator[Member]] | None = None
    binary: bool = False  # the bytes are not text, and must begin as `sniff` wants
    archive: bool = False  # holds files; never looked for inside another archive
    by_content: bool = False  # a name nobody knows does not matter if `sniff` agrees

"""The shape that all bundles share: the mark at which a document begins, how one is read, and how many there are."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.bundles.entry import MEDIA_TYPE, Entry, warned
from worker.parse.decoding import decode
from worker.parse.format import Format, Limits
from worker.parse.reading import read_up_to
from worker.reasons import Reason, Refused

LARGEST = 64_000_000  # read a bundle with at most this many bytes: its text is held in memory as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """How one database writes one kind of bundle. A new database needs one of these, and little else.

    * `beginning` matches where a document begins. It may have the groups `number` and `count` ("3 of 112").
    * `read` returns the fields of one document, from its beginning to the next. It raises `Refused` if it is no
      article, or if it is not understood.
    * `count` finds, in front of the first document, how many documents the bundle says it has (group `count`).
    * `documents` replaces `beginning` if a document is known by its end, or by a list in front.
    """

    database: str
    read: Callable[[str], Entry]
    beginning: re.Pattern[str] | None = None
    count: re.Pattern[str] | None = None
    documents: Callable[[str], "Documents"] | None = None
    advice: str = "Export it again as HTML or text, with the full texts, and drop that."


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a bundle, as text, and how many it says it has; None if it does not say."""

    texts: list[str]
    said: int | None = None


def members(bundle: Bundle, text: str, warnings: tuple[str, ...] = ()) -> Iterator[Member]:
    """Yield the articles of a bundle, named by their numbers from 1. A damaged document does not stop the others.

    If the bundle says that it has more articles, the last member has a note. Raise `Refused(malformed)` if none of the
    documents is understood.
    """
    documents = bundle.documents(text) if bundle.documents else documents_of(bundle, text)
    found = _read(bundle, documents.texts, warnings)
    yield from noted(bundle.database, found, documents.said, bundle.advice)


def noted(database: str, found: Iterable[Member], said: int | None, advice: str) -> Iterator[Member]:
    """Yield members; the last one has a note if fewer articles were found than the bundle says that it has.

    Raise `Refused(malformed)` if there is no article among the members.
    """
    waiting: list[Member] = []  # refused members before the first article, and then the last member
    total = articles = 0
    for member in found:
        total += 1
        articles += member.reason in (None, Reason.NO_ARTICLE)  # one without a text is there, too
        if articles and waiting:
            yield from waiting
            waiting = []
        waiting.append(member)
    if not articles:
        number = max(total, said or 0)
        holds = f"with {number} document{'s' * (number != 1)}" if number else "without a document"
        raise Refused(Reason.MALFORMED, f"It is an export of {database} {holds}, but none was understood. {advice}")
    if said is not None and articles < said:
        waiting[-1] = replace(waiting[-1], note=f"{articles} of {said} articles were found.")
    yield from waiting


def documents_of(bundle: Bundle, text: str) -> Documents:
    """Return the documents of a bundle by the marks of their beginnings."""
    assert bundle.beginning is not None
    marks = list(bundle.beginning.finditer(text))
    texts = pieces(text, [mark.start() for mark in marks])
    before = text[: marks[0].start()] if marks else text
    told = bundle.count.search(before) if bundle.count else None
    return Documents(texts, int(told["count"]) if told else said_by_marks(marks))


def pieces(text: str, starts: list[int]) -> list[str]:
    """Return the pieces of a text that begin at these places."""
    return [text[start:end] for start, end in pairwise([*starts, len(text)])] if starts else []


def said_by_marks(marks: list[re.Match[str]]) -> int | None:
    """Return how many documents the marks say there are ("3 of 112"); None if they do not say.

    Bundles are often joined in one file, so the numbers may begin again; and one may begin at a later number.
    """
    said, number_before, count_before = 0, 0, 0
    for mark in marks:
        groups = mark.groupdict()
        if not groups.get("count"):
            return None
        number, count = int(groups["number"]), int(groups["count"])
        if number <= number_before or count != count_before:
            said += max(1, count - number + 1)
        number_before, count_before = number, count
    return said or None


def _read(bundle: Bundle, texts: list[str], warnings: tuple[str, ...]) -> Iterator[Member]:
    for number, text in enumerate(texts, 1):
        try:
            yield warned(bundle.read(text), warnings).member(str(number))
        except Refused as refusal:
            yield Member(b"", MEDIA_TYPE, str(number), refusal.reason, refusal.message)
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            message = f"This document of {bundle.database} is damaged ({type(error).__name__}). {bundle.advice}"
            yield Member(b"", MEDIA_TYPE, str(number), Reason.MALFORMED, message)


def format_of(
    bundle: Bundle,
    *,
    name: str,
    sniff: Callable[[str], bool],
    text_of: Callable[[bytes], tuple[str, tuple[str, ...]]] | None = None,
) -> Format:
    """Return the format of a bundle that is text. `sniff` gets the first 64 KiB as text."""

    def split(stream: BinaryIO, file_name: str, limits: Limits) -> Iterator[Member]:
        raw = read_bundle(stream, limits)
        if text_of is not None:
            text, warnings = text_of(raw)
        else:
            decoded = decode(raw)
            text, warnings = decoded.text, decoded.warnings
        return members(bundle, text.replace("\r\n", "\n").replace("\r", "\n"), warnings)

    return Format(name=name, extensions=(), sniff=lambda head: sniff(head_text(head)), split=split, narrow=True)


def read_bundle(stream: BinaryIO, limits: Limits) -> bytes:
    """Return all bytes of a bundle. Raise `Refused(too_large)` if there are more than `LARGEST`."""
    limit = min(LARGEST, limits.max_container_bytes)
    raw = read_up_to(stream, limit + 1)
    if len(raw) > limit:
        raise Refused(Reason.TOO_LARGE, f"It is larger than {limit:,} bytes. Export fewer articles at once.")
    return raw


@lru_cache(maxsize=2)
def head_text(head: bytes) -> str:
    """Return the first bytes of a file as text, good enough to find words in ASCII: the marks of a bundle."""
    return head.replace(b"\0", b"").decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")

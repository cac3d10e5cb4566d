"""The two entry points, `split` and `parse`; whatever a library raises, they raise only `Refused`."""

from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from worker.parse import splitting
from worker.parse.article import Article, Member
from worker.parse.format import Hint, Limits
from worker.parse.naming import display_name
from worker.parse.registry import all_formats, for_media_type
from worker.parse.storable import storable
from worker.reasons import Reason, Refused


def parse(raw: bytes, media_type: str, limits: Limits) -> Article:
    """Return the article in `raw`, the bytes of one member.

    Raise `Refused` and nothing else; its reason is `malformed` for any unexpected error of a library.
    """
    try:
        kind = for_media_type(media_type)
        assert kind.parse is not None
        return kind.parse(raw, Hint(limits=limits))
    except BaseException as error:
        _refuse(error)


def split(stream: BinaryIO, name: bytes | str, limits: Limits) -> Iterator[Member]:
    """Yield the members of a file: one without a name if the file is one article, or each of its articles.

    `stream` is at the start of the file and can seek.

    A refused member carries its reason, and the others follow. Raise `Refused`, and nothing else, if the file is
    refused before its first member. A later refusal is yielded as the last member, so that the earlier ones count.
    """
    return with_refusal_as_member(_members(stream, display_name(name), limits))


def warm() -> None:
    """Load trafilatura and the language model (1 to 2 s, 150 MB), so that the first page does not wait for them."""
    import trafilatura  # noqa: F401

    from worker.parse.language import warm as warm_language

    all_formats()
    warm_language()


def with_refusal_as_member(members: Iterator[Member]) -> Iterator[Member]:
    """Yield `members`; a `Refused` after the first of them becomes a last, refused member."""
    count = 0
    try:
        for member in members:
            yield member
            count += 1
    except Refused as refusal:
        if count == 0:
            raise
        yield Member(b"", "", f"after {count}", refusal.reason, f"The rest of the file: {refusal.message}")


def _members(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    try:
        yield from splitting.members(stream, name, limits)
    except BaseException as error:
        _refuse(error)


def _refuse(error: BaseException) -> NoReturn:
    """Raise the refusal that `error` means; raise `error` itself if the file is not its cause (Ctrl-C, …)."""
    panicked = type(error).__name__ == "PanicException"  # raised by a library in Rust; not an Exception
    not_installed = isinstance(error, ImportError)
    if isinstance(error, Refused):
        raise Refused(error.reason, storable(error.message)) from error
    if not_installed or not (isinstance(error, Exception) or panicked):
        raise error
    if isinstance(error, MemoryError):
        raise Refused(Reason.MEMORY, "It needs more memory than it is given (ONRECORD_PARSE_MEMORY_BYTES).") from error
    if isinstance(error, OSError):
        raise Refused(Reason.UNREADABLE, storable(f"It cannot be read: {error.strerror or error}.")) from error
    if isinstance(error, RecursionError):
        raise Refused(Reason.MALFORMED, "It is nested too deeply to be an article.") from error
    message = f"Its content does not fit its type ({type(error).__name__}: {str(error)[:200]})."
    raise Refused(Reason.MALFORMED, storable(message)) from error

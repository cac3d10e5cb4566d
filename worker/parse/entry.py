"""The two entry points, `split` and `parse`. They turn the errors of libraries into `Refused`."""

from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from worker.parse import splitting
from worker.parse.article import Article, Member
from worker.parse.format import Hint, Limits
from worker.parse.naming import display_name
from worker.parse.registry import all_formats, for_media_type
from worker.parse.storable import storable
from worker.reasons import Reason, Refused


def parse(raw: bytes, media_type: str, limits: Limits, path: str | None = None) -> Article:
    """Return the article in `raw`, the bytes of one member.

    `path` is the path of the file in its folder, with the name of the member; a date in it is the last resort.

    Raise `Refused` and nothing else; its reason is `malformed` for any unexpected error of a library.
    """
    try:
        kind = for_media_type(media_type)
        assert kind.parse is not None
        return kind.parse(raw, Hint(path=path, limits=limits))
    except BaseException as error:
        _refuse(error)


def split(stream: BinaryIO, name: bytes | str, limits: Limits) -> Iterator[Member]:
    """Yield the articles of a file as members. A file that is one article gives one member without a name.

    `stream` must be seekable, and at the start of the file.

    A refused member has a reason, and the members after it are still yielded. Raise `Refused`, and nothing else, if the
    file is refused before its first member. A later refusal of the file is yielded as a last member, so that the
    earlier members are kept.
    """
    return with_refusal_as_member(_members(stream, display_name(name), limits))


def warm() -> None:
    """Load trafilatura and the language model (1 to 2 s, 150 MB), so that the first page does not wait for them."""
    import trafilatura  # noqa: F401

    from worker.parse.language import warm as warm_language
    from worker.parse.pages import walls  # noqa: F401

    all_formats()
    warm_language()


def with_refusal_as_member(members: Iterator[Member]) -> Iterator[Member]:
    """Yield `members`. If they raise `Refused` after the first member, yield one more member with that refusal."""
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
    """Raise `error` as a refusal; if the file did not cause it (Ctrl-C, …), raise `error` itself."""
    panicked = type(error).__name__ == "PanicException"  # raised by a library in Rust; it is no subclass of Exception
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

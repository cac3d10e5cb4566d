"""The two entry points, `split` and `parse`: whatever happens inside, only `Refused` comes out."""

from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from worker.parse.article import Article, Member
from worker.parse.format import Hint, Limits
from worker.parse.naming import shown
from worker.parse.registry import all_formats, for_media_type
from worker.parse.splitting import members
from worker.parse.storable import storable
from worker.reasons import Reason, Refused


def parse(raw: bytes, media_type: str, limits: Limits) -> Article:
    """The article in `raw`, the bytes of one member.

    Raises `Refused` and nothing else; `malformed` covers whatever a library raised.
    """
    try:
        leaf = for_media_type(media_type)
        assert leaf.parse is not None
        return leaf.parse(raw, Hint(limits=limits))
    except BaseException as error:
        _refuse(error)


def split(stream: BinaryIO, name: bytes | str, limits: Limits) -> Iterator[Member]:
    """The members of a file, lazily: one without a name where the file is one article, many where it holds many.

    `stream` stands at the file's start and can seek.

    A member that is refused carries its reason, and the rest goes on. Raises `Refused`, and nothing else, for a file
    that gave no member; one that breaks off after some ends with a refused member instead, so that they stand.
    """
    return until_refused(_members(stream, shown(name), limits))


def warm() -> None:
    """Load what the first page would wait for: trafilatura and the language model (1 to 2 s, 150 MB)."""
    import trafilatura  # noqa: F401

    from worker.parse.language import warm as warm_language

    all_formats()
    warm_language()


def until_refused(found: Iterator[Member]) -> Iterator[Member]:
    """`found`, with a refusal after the first member turned into a last, refused member."""
    count = 0
    try:
        for member in found:
            yield member
            count += 1
    except Refused as refusal:
        if count == 0:
            raise
        yield Member(b"", "", f"after {count}", refusal.reason, f"The rest of the file: {refusal.message}")


def _members(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
    try:
        yield from members(stream, name, limits)
    except BaseException as error:
        _refuse(error)


def _refuse(error: BaseException) -> NoReturn:
    """Raise what `error` means: a refusal for whatever a library raised, the error itself where it is no library's."""
    panicked = type(error).__name__ == "PanicException"  # of a library in Rust; it is no Exception
    ours = isinstance(error, ImportError)  # a library is missing here: not the file's fault
    if isinstance(error, Refused):
        raise Refused(error.reason, storable(error.message)) from error
    if ours or not (isinstance(error, Exception) or panicked):
        raise error
    if isinstance(error, MemoryError):
        raise Refused(Reason.MEMORY, "It needs more memory than it is given (ONRECORD_PARSE_MEMORY_BYTES).") from error
    if isinstance(error, OSError):
        raise Refused(Reason.UNREADABLE, storable(f"It cannot be read: {error.strerror or error}.")) from error
    if isinstance(error, RecursionError):
        raise Refused(Reason.MALFORMED, "It is nested too deeply to be an article.") from error
    message = f"It cannot be read as what it says it is ({type(error).__name__}: {str(error)[:200]})."
    raise Refused(Reason.MALFORMED, storable(message)) from error

"""The codes that the tables keep of what went wrong, and the one exception that carries a reason code.

A code is for programs: health checks and queries decide by it. The sentence beside it is for people.

Reading, splitting and parsing raise `Refused` with a reason; the file or document then ends `quarantined` or `ignored`,
by the reason's `state`. The sweep (`worker/store/sweeping.py`) quarantines a row with `crashed` after three strikes.

Every room may import this module; it imports no other module of `worker`.
"""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code as it is stored in `files.reason`, `documents.reason` and `file_documents.reason`."""

    # quarantined: the bytes have a fault, and a person may act on it
    EMPTY = "empty"
    NO_TEXT = "no_text"
    UNDECODABLE = "undecodable"
    BINARY_CONTENT = "binary_content"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    NESTED_ARCHIVE = "nested_archive"
    UNSAFE_MEMBER = "unsafe_member"
    UNREADABLE = "unreadable"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    # ignored: no fault, but also no article to store
    VANISHED = "vanished"
    SYMLINK = "symlink"
    NOT_REGULAR = "not_regular"
    PATTERN = "pattern"
    UNSUPPORTED_TYPE = "unsupported_type"
    NO_ARTICLE = "no_article"
    FORGOTTEN = "forgotten"

    @property
    def state(self) -> str:
        """The final state of a row with this reason: `quarantined` or `ignored`."""
        return "ignored" if self in IGNORED else "quarantined"


IGNORED = frozenset(
    {
        Reason.VANISHED,
        Reason.SYMLINK,
        Reason.NOT_REGULAR,
        Reason.PATTERN,
        Reason.UNSUPPORTED_TYPE,
        Reason.NO_ARTICLE,
        Reason.FORGOTTEN,
    }
)


class NotMoved(StrEnum):
    """Why a stored file has not been archived or deleted yet, as it is stored in `files.after_reason`."""

    FAILED = "failed"  # the file system refused
    NO_ARCHIVE = "no_archive"  # no folder is set for it
    CHANGED = "changed"  # it is no longer the file that was stored
    LEFT_ALONE = "left_alone"  # it cannot be opened safely, or its folder is away


NEEDS_A_PERSON = (NotMoved.FAILED, NotMoved.NO_ARCHIVE)
"""Codes of files that stay in their folder until somebody changes something; the others settle by the next scan."""


class Hindrance(StrEnum):
    """Why a worker does not get on, as it is stored in `processes.trouble`."""

    DATABASE = "database"  # it waits for the database
    DEAF = "deaf"  # messages wait at the broker, and none reaches it
    OTHER_SCHEMA = "other_schema"  # another release has migrated the database


class Refused(Exception):
    """Raised for a file or member that cannot become an article.

    It carries the reason code, and a message that says what to do.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

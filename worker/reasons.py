"""The codes that the tables keep of what went wrong, and the one exception that carries a reason code.

A code is for programs, and is what a health check or a query decides by. The sentence beside it is for people.

Every room may import this module; it imports nothing of ours.
"""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code as it is stored in `files.reason`, `documents.reason` and `file_documents.reason`."""

    # quarantined: something is wrong with the bytes, and a person may act on it
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
    # ignored: nothing is wrong, there is just no article to store
    VANISHED = "vanished"
    SYMLINK = "symlink"
    NOT_REGULAR = "not_regular"
    PATTERN = "pattern"
    UNSUPPORTED_TYPE = "unsupported_type"
    NO_ARTICLE = "no_article"
    FORGOTTEN = "forgotten"

    @property
    def state(self) -> str:
        """The terminal state a row with this reason has: `quarantined` or `ignored`."""
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
QUARANTINED = frozenset(Reason) - IGNORED


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
    """A file or member that will not become an article: a reason code and a sentence that says what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

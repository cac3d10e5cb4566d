"""The codes under which the tables store what went wrong, and the exception that has a reason code.

Programs (health checks, queries) decide by the code. The sentence that is stored beside a code is for people.

Reading, splitting and parsing raise `Refused` with a reason. The file or document then ends `quarantined` or `ignored`,
as the `state` of the reason says. The sweep (`worker/store/sweeping.py`) quarantines a row with `crashed` after three
strikes.

Every room (a folder of `worker/`) may import this module; it imports no other module of `worker`.
"""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code as it is stored in `files.reason`, `documents.reason` and `file_documents.reason`."""

    # quarantined: the bytes have a fault, which a person may be able to repair
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
    TOO_SLOW = "too_slow"
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

FORGOTTEN_MESSAGE = "A person had this forgotten; `onrecord decisions` shows who, and can undo it."
"""The sentence that is stored with the reason `forgotten`."""


class NotMoved(StrEnum):
    """Why a stored file has not been archived or deleted yet, as it is stored in `files.after_reason`."""

    FAILED = "failed"  # the file system refused the move
    NO_ARCHIVE = "no_archive"  # no archive folder is set
    CHANGED = "changed"  # the file is no longer the one that was stored
    LEFT_ALONE = "left_alone"  # the file cannot be opened safely, or its folder is absent


NEEDS_A_PERSON = (NotMoved.FAILED, NotMoved.NO_ARCHIVE)
"""Codes of files that stay in their folder until a person acts. The next scan settles files with the other codes."""


class Hindrance(StrEnum):
    """Why a worker makes no progress, as it is stored in `processes.trouble`."""

    DATABASE = "database"  # the worker waits for the database
    DEAF = "deaf"  # messages wait at the broker, but none reaches the worker
    OTHER_SCHEMA = "other_schema"  # another release has migrated the database
    INSTALLATION = "installation"  # a library that Onrecord needs cannot be loaded


class Refused(Exception):
    """Raised for a file or member that cannot become an article.

    It has the reason code, and a message that says what to do.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

"""Why a file or a member of it did not become an article: the reason codes and the one exception that carries them.

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


class Refused(Exception):
    """A file or member that will not become an article: a reason code and a sentence that says what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message

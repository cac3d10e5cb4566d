"""Reading MIME messages: mail, and pages that a browser saved as one file."""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message

from worker.parse.mails.encoded_words import decoded
from worker.reasons import Reason, Refused

BASE64_LETTERS = re.compile(r"[A-Za-z0-9+/]*")
BASE64_LINE = re.compile(r"[A-Za-z0-9+/=]+")
SHORTEST_LINE = 16  # behind the end of base64, a line of fewer letters is a word
BASE64_SHARE = 0.5  # more than this share of the lines must be base64; else the part only says that it is


def message(raw: bytes) -> Message:
    """Return the parsed message. Raise `Refused(malformed)` if its parts are nested too deeply."""
    try:
        parsed = message_from_bytes(raw)
        sum(1 for _ in parsed.walk())
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The message's parts are nested too deeply to be an article.") from error
    return parsed


def header(part: Message, name: str) -> str | None:
    """Return the decoded text of a header, or None if it is missing.

    Only encodings that the web knows are believed. Bytes that are not encoded as mail must be are read, too.
    """
    wanted = name.lower()
    return next((decoded(str(value)) for field, value in part.raw_items() if field.lower() == wanted), None)


def payload(part: Message) -> bytes:
    """Return the bytes of a part that has no sub-parts, decoded from their transfer encoding (base64, …).

    Damaged base64 is decoded as far as it goes.
    """
    damaged = _damaged_base64(part)
    if damaged is not None:
        return b"".join(map(_decoded_line, _lines_of_base64(damaged)))
    value = part.get_payload(decode=True)
    return value if isinstance(value, bytes) else b""


def payload_warnings(part: Message) -> tuple[str, ...]:
    """Return a warning if the part's transfer encoding is damaged."""
    if _damaged_base64(part) is None:
        return ()
    return ("damaged base64: what could be decoded was read, and some characters may be missing",)


def _damaged_base64(part: Message) -> str | None:
    """Return the letters of a part in base64 that is cut off or damaged; None if it is sound, or no base64 at all."""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() != "base64":
        return None
    letters = part.get_payload()
    if not isinstance(letters, str):
        return None
    with suppress(ValueError):
        b64decode("".join(letters.split()), validate=True)
        return None
    lines = [line for line in letters.split("\n") if line.strip()]
    of_base64 = sum(BASE64_LINE.fullmatch(line.strip()) is not None for line in lines)
    return letters if of_base64 > BASE64_SHARE * len(lines) else None


def _lines_of_base64(letters: str) -> Iterator[str]:
    """Yield the lines that may be base64, perhaps damaged; not those of a text that a mailing list put behind it.

    The last line is padded, or it is shorter than the others and no line as long as they are is behind it: one that
    is may follow a line that has lost letters. Behind the last line, only long lines of sound base64 count.
    """
    longest = 0
    is_short = False
    at_end = False
    for line in map(str.strip, letters.splitlines()):
        is_sound = BASE64_LINE.fullmatch(line) is not None and len(line) % 4 == 0
        if not line or any(map(str.isspace, line)):
            continue
        is_padded = is_sound and line.endswith("=")
        at_end = at_end or (is_short and not is_padded and not (is_sound and len(line) == longest))
        if at_end and not (is_sound and len(line) >= SHORTEST_LINE):
            continue
        yield line
        longest = max(longest, len(line))
        is_short = is_sound and len(line) < longest
        at_end = at_end or is_padded


def _decoded_line(line: str) -> bytes:
    """Return the bytes of one line up to its damage. Each line is decoded alone, so damage ends with its line."""
    letters = BASE64_LETTERS.match(line.strip())[0]  # type: ignore[index]  # it matches any text
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return b64decode(letters + "=" * (-len(letters) % 4))

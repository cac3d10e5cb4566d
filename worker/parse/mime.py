"""Reading MIME messages: mail, and pages that a browser saved as one file."""

from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from worker.reasons import Reason, Refused


def message(raw: bytes) -> Message:
    """Return the parsed message. Raise `Refused(malformed)` if its parts are nested too deeply."""
    try:
        parsed = message_from_bytes(raw)
        sum(1 for _ in parsed.walk())
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The message's parts are nested too deeply to be an article.") from error
    return parsed


def header(part: Message, name: str) -> str | None:
    """Return the decoded text of a header, or None if it is missing."""
    value = part.get(name)
    if value is None:
        return None
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def payload(part: Message) -> bytes:
    """Return the bytes of a part that has no sub-parts, decoded from their transfer encoding (base64, …)."""
    value = part.get_payload(decode=True)
    return value if isinstance(value, bytes) else b""


def text_part(whole: Message, subtype: str) -> Message | None:
    """Return the first part of type text/`subtype` that is not empty and not an attachment, or None."""
    for part in whole.walk():
        attached = part.get_content_disposition() == "attachment"
        if part.get_content_type() == f"text/{subtype}" and not attached and payload(part).strip():
            return part
    return None

"""MIME messages: mail, and pages saved as one file."""

from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from worker.reasons import Reason, Refused


def message(raw: bytes) -> Message:
    """The parsed message. Raises `Refused(malformed)` for parts nested without end."""
    try:
        parsed = message_from_bytes(raw)
        sum(1 for _ in parsed.walk())
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The message's parts are nested too deeply to be an article.") from error
    return parsed


def header(part: Message, name: str) -> str | None:
    """A header's text, decoded; None where it is missing."""
    value = part.get(name)
    if value is None:
        return None
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def payload(part: Message) -> bytes:
    """The bytes of a part that has no parts, its transfer encoding undone."""
    value = part.get_payload(decode=True)
    return value if isinstance(value, bytes) else b""


def text_part(whole: Message, subtype: str) -> Message | None:
    """The first part of type text/`subtype` that is no attachment and says something."""
    for part in whole.walk():
        attached = part.get_content_disposition() == "attachment"
        if part.get_content_type() == f"text/{subtype}" and not attached and payload(part).strip():
            return part
    return None

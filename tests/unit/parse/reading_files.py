"""What the tests of parsing share: a file's bytes to the outcome of each member."""

import io
import zipfile

from worker.parse import Article, Limits, parse, split
from worker.reasons import Reason, Refused

Outcome = tuple[str | None, Article | Reason]
PAGE = (
    "<!DOCTYPE html><html><head><title>Quay</title></head><body><article>"
    + "<p>The quay was opened on Tuesday in heavy rain, and nobody stayed to see it.</p>" * 2
    + "<p>“It will dry,” said mayor Arne Lie, and went home to his supper.</p></article></body></html>"
).encode()


def outcomes(raw: bytes, name: bytes | str, limits: Limits | None = None) -> list[Outcome]:
    """Each member's name with its article or reason; one nameless reason where the whole file is refused."""
    limits = limits or Limits()
    found: list[Outcome] = []
    try:
        for member in split(io.BytesIO(raw), name, limits):
            found.append((member.name, member.reason or parsed(member.raw, member.media_type, limits)))
    except Refused as refusal:
        assert not found, "a file is refused as a whole only before its first member"
        assert_actionable(refusal.message)
        return [(None, refusal.reason)]
    return found


def parsed(raw: bytes, media_type: str, limits: Limits) -> Article | Reason:
    try:
        return parse(raw, media_type, limits)
    except Refused as refusal:
        assert_actionable(refusal.message)
        return refusal.reason


def assert_actionable(message: str) -> None:
    """A message is a sentence, and no traceback."""
    assert message[0].isupper() and message.endswith((".", ")")) and "Traceback" not in message


def only(raw: bytes, name: bytes | str, limits: Limits | None = None) -> Article | Reason:
    """The outcome of a file that is one article or is refused."""
    ((_, outcome),) = outcomes(raw, name, limits)
    return outcome


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()

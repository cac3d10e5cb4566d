"""Functions for the tests of parsing: they return the outcome of each member for the bytes of a file."""

import io
import zipfile

from worker.parse import Article, Limits, parse, split
from worker.reasons import Reason, Refused

Outcome = tuple[str | None, Article | Reason]
"""The name of a member, with its article or the reason of its refusal."""
PAGE = (
    "<!DOCTYPE html><html><head><title>Quay</title></head><body><article>"
    + "<p>The quay was opened on Tuesday in heavy rain, and nobody stayed to see it.</p>" * 2
    + "<p>“It will dry,” said mayor Arne Lie, and went home to his supper.</p></article></body></html>"
).encode()


def outcomes(raw: bytes, name: bytes | str, limits: Limits | None = None) -> list[Outcome]:
    """Return the outcome of each member, or one reason without a name if the whole file is refused."""
    limits = limits or Limits()
    results: list[Outcome] = []
    try:
        for member in split(io.BytesIO(raw), name, limits):
            results.append((member.name, member.reason or outcome_of(member.raw, member.media_type, limits)))
    except Refused as refusal:
        assert not results, "a file is refused as a whole only before its first member"
        assert_actionable(refusal.message)
        return [(None, refusal.reason)]
    return results


def outcome_of(raw: bytes, media_type: str, limits: Limits) -> Article | Reason:
    """Return the article of a member, or the reason of its refusal."""
    try:
        return parse(raw, media_type, limits)
    except Refused as refusal:
        assert_actionable(refusal.message)
        return refusal.reason


def assert_actionable(message: str) -> None:
    """Check that a message is a sentence, and not a traceback."""
    assert message[0].isupper() and message.endswith((".", ")")) and "Traceback" not in message


def only_outcome(raw: bytes, name: bytes | str, limits: Limits | None = None) -> Article | Reason:
    """Return the outcome of a file that is one article or is refused."""
    ((_, outcome),) = outcomes(raw, name, limits)
    return outcome


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip archive of these files, by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()

"""The contents of files in the model: a few articles, cut short, longer, in other typography, several in one file."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.model.printed import APART, printed

GOOD = "stored or duplicate"


def key_of(text: str) -> str:
    """Return a key that is the same for all texts of one article: without typography and extra white space."""
    return " ".join(text.replace("“", '"').replace("”", '"').split())


@dataclass(frozen=True, slots=True)
class Told:
    """One article: its key, and the direct quotations that must be stored for it."""

    key: str
    quotes: tuple[str, ...] = field(compare=False)
    document: str = field(compare=False)
    """The SHA-256 of the bytes of its document, in hexadecimal."""
    outlet: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, and the state in which the file must end."""

    raw: bytes = field(repr=False)
    what: str
    told: tuple[Told, ...] = field(repr=False)
    members: int = field(default=1, repr=False)
    state: str = field(default=GOOD, repr=False)
    reason: str | None = field(default=None, repr=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def single(self) -> bool:
        """True if the content is exactly one article. Only then can it replace another version, or be replaced."""
        return self.members == 1 and len(self.told) == 1

    @property
    def hollow(self) -> bool:
        """True if the content has no article, and is no file of many articles."""
        return self.members <= 1 and not self.told

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the articles in the content."""
        return frozenset(told.key for told in self.told)


EMPTY = Content(b"", "empty", (), state="quarantined", reason="empty")
BINARY = Content(b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 4, "binary", (), 1, "quarantined", "binary_content")
HOLLOW = Content(b'{"colour": "red"}\n', "hollow line", (), 1, "ignored", "no_article")
BROKEN_ZIP = Content(b"PK\x03\x04 and then nothing", "broken zip", (), 1, "quarantined", "malformed")
BAD = {".txt": (EMPTY, BINARY), ".jsonl": (EMPTY, HOLLOW), ".zip": (EMPTY, BROKEN_ZIP)}


def _told(text: str, number: int, raw: bytes, outlet: str | None = None) -> Told:
    quotes = tuple(quote for quote in printed(number).quotes if f"“{quote}”" in text)
    return Told(key_of(text), quotes, hashlib.sha256(raw).hexdigest(), outlet)


def text(number: int, *, kept: int = 3, straight: bool = False, more: int = 0) -> Content:
    """Return article `number` as a file: only its first `kept` quotations, or with `more` sentences at its end."""
    words = printed(number).text
    if kept < 3:
        words = words[: words.index(f"“{printed(number).quotes[kept]}”")]
    words += "".join(f"The matter was put off {count} times by the town.\n" for count in range(1, more + 1))
    dropped = words.replace("“", '"').replace("”", '"') if straight else words
    told = _told(words, number, dropped.encode())
    name = f"{number}{'-' * (3 - kept)}{'+' * more}{'s' * straight}"
    return Content(dropped.encode(), name, (told,))


def outlet_of(number: int) -> str | None:
    """Return the outlet that a line of JSON names for an article; None for an article of an even number."""
    return f"The {printed(number // APART * APART).text.split()[3]} Gazette" if number % 2 else None


def line(number: int) -> bytes:
    """Return article `number` as a line of JSON."""
    outlet = {"outlet": outlet_of(number)} if number % 2 else {}
    return json.dumps({"text": printed(number).text, **outlet}).encode()


def lines(numbers: Sequence[int], *, broken: bool = False) -> Content:
    """Return a JSONL of these articles; with `broken`, its last line is not JSON."""
    raw = b"".join(line(number) + b"\n" for number in numbers) + (b'{"text": "broken\n' if broken else b"")
    told = tuple(_told(printed(number).text, number, line(number), outlet_of(number)) for number in numbers)
    return Content(raw, f"lines {','.join(map(str, numbers))}{' broken' * broken}", told, len(numbers) + broken)


def archive(numbers: Sequence[int]) -> Content:
    """Return a zip of these articles."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for number in numbers:
            opened.writestr(zipfile.ZipInfo(f"{number}.txt"), printed(number).text)
    told = tuple(_told(printed(number).text, number, printed(number).content) for number in numbers)
    return Content(buffer.getvalue(), f"zip {','.join(map(str, numbers))}", told, len(numbers))


def choices(suffix: str, base: int) -> list[Content]:
    """Return the contents that an example may write to a file with this suffix. Its articles begin at number `base`."""
    if suffix == ".zip":
        return [archive([base]), archive([base, base + 1]), archive([base + 2, base + 3]), *BAD[suffix]]
    if suffix == ".jsonl":
        several = [[base], [base + 1], [base, base + 1], [base + 2, base + 2], [base + 1, base + 3]]
        return [*map(lines, several), lines([base], broken=True), *BAD[suffix]]
    alone = [text(base + number) for number in range(4)]
    return [*alone, text(base, straight=True), text(base + 1, kept=2), *BAD[".txt"]]


def grown(content: Content, base: int) -> Content | None:
    """Return a content with something appended; None if that makes no sense."""
    for number in range(base, base + 4):
        for count in range(3):
            if content.raw == text(number, more=count).raw:
                return text(number, more=count + 1)
        for before in ([], [base], [base + 1], [base + 2]):
            if content.raw == lines(before).raw and before:
                return lines([*before, number])
    return None


def shrunk(content: Content, base: int, kept: int) -> Content | None:
    """Return a content with its end cut off; None if that makes no sense. With `kept` 0, nothing is left."""
    if kept == 0:
        return EMPTY
    for number in range(base, base + 4):
        if content.raw.startswith(text(number).raw):
            return text(number, kept=kept)
    return None

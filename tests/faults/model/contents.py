"""What is dropped in the model: a few articles, alone, cut short, grown, in other typography, several in one file."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.invented import invented

GOOD = "stored or duplicate"


def key_of(text: str) -> str:
    """What is the same for all texts that are one article: typography and white space do not count here."""
    return " ".join(text.replace("“", '"').replace("”", '"').split())


@dataclass(frozen=True, slots=True)
class Told:
    """One article: its key, and the direct quotations that must be stored of it."""

    key: str
    quotes: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that lie at a path, and what must become of them."""

    raw: bytes = field(repr=False)
    what: str
    told: tuple[Told, ...] = field(repr=False)
    members: int = field(default=1, repr=False)
    state: str = field(default=GOOD, repr=False)
    reason: str | None = field(default=None, repr=False)

    @property
    def sha256(self) -> str:
        """Of the bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def single(self) -> bool:
        """Whether it holds exactly one article: only then can it be, or have, another version."""
        return self.members == 1 and len(self.told) == 1

    @property
    def hollow(self) -> bool:
        """Whether it holds no article, and is no container."""
        return self.members <= 1 and not self.told

    @property
    def keys(self) -> frozenset[str]:
        """The articles in it."""
        return frozenset(told.key for told in self.told)


EMPTY = Content(b"", "empty", (), state="quarantined", reason="empty")
BINARY = Content(b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 4, "binary", (), 1, "quarantined", "binary_content")
HOLLOW = Content(b'{"colour": "red"}\n', "hollow line", (), 1, "ignored", "no_article")
BROKEN_ZIP = Content(b"PK\x03\x04 and then nothing", "broken zip", (), 1, "quarantined", "malformed")
BAD = {".txt": (EMPTY, BINARY), ".jsonl": (EMPTY, HOLLOW), ".zip": (EMPTY, BROKEN_ZIP)}


def _told(text: str, number: int) -> Told:
    return Told(key_of(text), tuple(quote for quote in invented(number).quotes if f"“{quote}”" in text))


def text(number: int, *, kept: int = 3, straight: bool = False, more: int = 0) -> Content:
    """Article `number`, as a file: up to its `kept`th quotation, or with `more` sentences at its end."""
    words = invented(number).text
    if kept < 3:
        words = words[: words.index(f"“{invented(number).quotes[kept]}”")]
    words += "".join(f"The matter was put off {count} times by the town.\n" for count in range(1, more + 1))
    told = _told(words, number)
    if straight:
        words = words.replace("“", '"').replace("”", '"')
    name = f"{number}{'-' * (3 - kept)}{'+' * more}{'s' * straight}"
    return Content(words.encode(), name, (told,))


def line(number: int) -> bytes:
    """Article `number` as a line of JSON."""
    return json.dumps({"text": invented(number).text}).encode() + b"\n"


def lines(numbers: Sequence[int], *, broken: bool = False) -> Content:
    """A JSONL of these articles, with a line that is no JSON at the end if asked."""
    raw = b"".join(map(line, numbers)) + (b'{"text": "broken\n' if broken else b"")
    told = tuple(_told(invented(number).text, number) for number in numbers)
    return Content(raw, f"lines {','.join(map(str, numbers))}{' broken' * broken}", told, len(numbers) + broken)


def archive(numbers: Sequence[int]) -> Content:
    """A zip of these articles."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for number in numbers:
            opened.writestr(zipfile.ZipInfo(f"{number}.txt"), invented(number).text)
    told = tuple(_told(invented(number).text, number) for number in numbers)
    return Content(buffer.getvalue(), f"zip {','.join(map(str, numbers))}", told, len(numbers))


def choices(suffix: str, base: int) -> list[Content]:
    """What may be written to a file with this suffix, of an example whose articles are numbered from `base`."""
    if suffix == ".zip":
        return [archive([base]), archive([base, base + 1]), archive([base + 2, base + 3]), *BAD[suffix]]
    if suffix == ".jsonl":
        several = [[base], [base + 1], [base, base + 1], [base + 2, base + 2], [base + 1, base + 3]]
        return [*map(lines, several), lines([base], broken=True), *BAD[suffix]]
    alone = [text(base + number) for number in range(4)]
    return [*alone, text(base, straight=True), text(base + 1, kept=2), *BAD[".txt"]]


def grown(content: Content, base: int) -> Content | None:
    """What a content becomes when something is appended to it; None where that makes no sense."""
    for number in range(base, base + 4):
        for count in range(3):
            if content.raw == text(number, more=count).raw:
                return text(number, more=count + 1)
        for before in ([], [base], [base + 1], [base + 2]):
            if content.raw == lines(before).raw and before:
                return lines([*before, number])
    return None


def shrunk(content: Content, base: int, kept: int) -> Content | None:
    """What a content becomes when its end is cut off; None where that makes no sense. `kept` 0: nothing is left."""
    if kept == 0:
        return EMPTY
    for number in range(base, base + 4):
        if content.raw.startswith(text(number).raw):
            return text(number, kept=kept)
    return None

"""Bytes to text: byte-order mark, declared encoding, UTF-8, and only then a guess, which is always said."""

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatches

BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers do: pages that say latin-1 or ASCII are windows-1252 (WHATWG Encoding, section 4.2).
BROWSER_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# The encodings a guess may choose from: those that news was published in before UTF-8 won.
GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "iso8859_2"),
    *("iso8859_5", "iso8859_6", "iso8859_15", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr"),
]
SAMPLE = 64 * 1024  # bytes a guess looks at
STRAY_SHARE = 0.1  # of the non-ASCII characters: up to here, UTF-8 with stray bytes; above, another encoding
CLOSE = 0.15  # difference of charset-normalizer's scores, which lie in [0, 1]
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
CONTROL_SHARE = 0.02  # more control bytes than this is no text that anybody wrote
MAGICS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what the reader should know about how it was read."""

    text: str
    warnings: tuple[str, ...] = ()


def mark(raw: bytes) -> tuple[bytes, str] | None:
    """The byte-order mark that the bytes begin with, and its codec."""
    return next(((bom, codec) for bom, codec in BOMS if raw.startswith(bom)), None)


def is_binary(raw: bytes) -> bool:
    """Whether the bytes are no text: a NUL outside UTF-16/32, a known signature, or many control bytes."""
    if (found := mark(raw)) and found[1] != "utf-8-sig":
        return False
    sample = raw[:SAMPLE]
    return b"\0" in raw or raw.startswith(MAGICS) or len(CONTROLS.findall(sample)) > CONTROL_SHARE * len(sample)


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """The text of `raw`, character for character, without its byte-order mark.

    Raises `Refused`: `binary_content` where it is no text, `undecodable` where no encoding fits.
    """
    if found := mark(raw):
        return _marked(raw, found[1])
    if is_binary(raw):
        raise Refused(
            Reason.BINARY_CONTENT,
            "The content is binary, not text (it holds NUL or control bytes). Give the file the extension of what it "
            "really is, or drop its text.",
        )
    codec = _known(declared)
    if codec is not None and raw.isascii():  # ISO-2022-JP and its kin look like ASCII
        codecs_to_try = [codec, "utf-8"]
    else:  # multi-byte text that is valid UTF-8 is UTF-8, whatever it declares
        codecs_to_try = ["utf-8", codec] if codec else ["utf-8"]
    for candidate in codecs_to_try:
        try:
            return Decoded(raw.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    return _mixed(raw) or _guessed(raw)


def _marked(raw: bytes, codec: str) -> Decoded:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8-sig":
            return _mixed(raw[3:]) or _guessed(raw[3:])
        raise Refused(
            Reason.UNDECODABLE,
            f"The byte-order mark says {codec}, but byte {error.start} is not. Save the file again as UTF-8.",
        ) from error
    if "\0" in text:
        raise Refused(Reason.BINARY_CONTENT, "The text holds NUL characters. Save the file again as plain text.")
    return Decoded(text)


def _known(declared: str | None) -> str | None:
    """The codec to use for a declared encoding; None for one that is unknown or is no text encoding."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if name.startswith(("utf-16", "utf-32", "utf-7")) else BROWSER_ALIASES.get(name, name)


def _mixed(raw: bytes) -> Decoded | None:
    """UTF-8 with a few stray bytes of windows-1252 in it (text pasted from two places), else None."""
    escaped = raw.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= character <= "\udcff" for character in escaped)
    foreign = sum(character > "\x7f" for character in escaped)
    if stray > STRAY_SHARE * foreign:
        return None

    def replace(match: re.Match[str]) -> str:
        return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")

    text = re.sub("[\udc80-\udcff]", replace, escaped)
    return Decoded(text, (f"mixed encodings: {stray} bytes that are not UTF-8 were read as windows-1252",))


def _western_first(matches: "CharsetMatches") -> list[str]:
    """The guesses, likeliest first; windows-1252 before the others of its family where the difference is small.

    The code pages of Europe differ in a few letters, and on short texts their scores hardly do.
    """
    found = list(matches)
    western = next((match for match in found if "cp1252" in (match.encoding, *match.could_be_from_charset)), None)
    names = [match.encoding for match in found]
    if western and western.chaos - found[0].chaos < CLOSE and found[0].coherence - western.coherence < CLOSE:
        names.insert(0, "cp1252")
    return names


def _guessed(raw: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    matches = from_bytes(raw[:SAMPLE], cp_isolation=GUESSES)
    for codec in _western_first(matches):
        try:
            return Decoded(raw.decode(codec), (f"encoding guessed: {codec}",))
        except UnicodeDecodeError:
            continue
    raise Refused(
        Reason.UNDECODABLE,
        "The text is in no encoding that fits all of it. Save the file again as UTF-8 and drop it anew.",
    )

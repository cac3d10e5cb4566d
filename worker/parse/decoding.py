"""Decoding bytes to text, by the byte-order mark, as UTF-8, or in the declared encoding.

If none of these fits, the encoding is guessed, and the text gets a warning.
"""

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatches

BOMS = (  # UTF-32 first: its little-endian mark begins with the mark of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Browsers read pages that declare latin-1 or ASCII as windows-1252, and so do we (WHATWG Encoding, section 4.2).
BROWSER_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# The encodings that a guess may choose: news was published in these before UTF-8.
GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "iso8859_2"),
    *("iso8859_5", "iso8859_6", "iso8859_15", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr"),
]
SAMPLE = 64 * 1024  # guess from at most this many bytes
STRAY = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8, as `surrogateescape` decodes it
STRAY_SHARE = 0.1  # at most this share of the non-ASCII characters may be stray; with more, the text is not UTF-8
CLOSE = 0.15  # ignore a smaller difference between two scores of charset-normalizer, which are from 0 to 1
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
CONTROL_SHARE = 0.02  # at most this share of the bytes of a text may be control bytes
MAGICS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the warnings about its decoding, and the encoding if it was guessed."""

    text: str
    warnings: tuple[str, ...] = ()
    guess: str | None = None


def byte_order_mark(raw: bytes) -> tuple[bytes, str] | None:
    """Return the byte-order mark at the start of the bytes, and its codec; None if there is none."""
    return next(((bom, codec) for bom, codec in BOMS if raw.startswith(bom)), None)


def is_binary(raw: bytes) -> bool:
    """True if the bytes hold a NUL, a known signature, or many control bytes.

    False if they begin with the byte-order mark of UTF-16 or UTF-32.
    """
    if (mark := byte_order_mark(raw)) and mark[1] != "utf-8-sig":
        return False
    sample = raw[:SAMPLE]
    return b"\0" in raw or raw.startswith(MAGICS) or len(CONTROLS.findall(sample)) > CONTROL_SHARE * len(sample)


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Return the text of `raw`, character for character, without its byte-order mark.

    Raise `Refused`: `binary_content` if the bytes are not text, `undecodable` if no encoding fits.
    """
    if mark := byte_order_mark(raw):
        return _by_mark(raw, mark[1])
    if is_binary(raw):
        raise Refused(
            Reason.BINARY_CONTENT,
            "The content is binary, not text (it holds NUL or control bytes). Give the file the extension of what it "
            "really is, or drop its text.",
        )
    codec = _declared_codec(declared)
    if codec is not None and raw.isascii():  # text in ISO-2022-JP and related encodings looks like ASCII
        codecs_to_try = [codec, "utf-8"]
    else:  # other bytes that are valid UTF-8 are UTF-8, even if they declare another encoding
        codecs_to_try = ["utf-8", codec] if codec else ["utf-8"]
    for candidate in codecs_to_try:
        try:
            return Decoded(raw.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    return _as_damaged_utf8(raw) or _by_guess(raw)


def _by_mark(raw: bytes, codec: str) -> Decoded:
    """Return the text of bytes that begin with the byte-order mark of `codec`."""
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8-sig":
            unmarked = raw.removeprefix(codecs.BOM_UTF8)
            return _as_damaged_utf8(unmarked) or _by_guess(unmarked)
        raise Refused(
            Reason.UNDECODABLE,
            f"The byte-order mark says {codec}, but byte {error.start} does not fit. Save the file again as UTF-8.",
        ) from error
    if "\0" in text:
        raise Refused(Reason.BINARY_CONTENT, "The text holds NUL characters. Save the file again as plain text.")
    return Decoded(text)


def _declared_codec(declared: str | None) -> str | None:
    """Return the codec of a declared encoding, or None if the encoding is unknown or not for text."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if name.startswith(("utf-16", "utf-32", "utf-7")) else BROWSER_ALIASES.get(name, name)


def _as_damaged_utf8(raw: bytes) -> Decoded | None:
    """Return the text of UTF-8 with a few stray windows-1252 bytes (text pasted from two places), or None."""
    escaped = raw.decode("utf-8", "surrogateescape")
    stray = sum(1 for _ in STRAY.finditer(escaped))
    non_ascii = sum(character > "\x7f" for character in escaped)
    if stray > STRAY_SHARE * non_ascii:
        return None

    def windows_1252(match: re.Match[str]) -> str:
        return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")

    text = STRAY.sub(windows_1252, escaped)
    return Decoded(text, (f"mixed encodings: {stray} bytes that are not UTF-8 were read as windows-1252",))


def _western_first(matches: "CharsetMatches") -> list[str]:
    """Return the guessed codecs, the likeliest first. If windows-1252 has a score close to the best, put it first.

    European code pages differ in few letters, so their scores on short texts are almost equal.
    """
    guesses = list(matches)
    western = next((match for match in guesses if "cp1252" in (match.encoding, *match.could_be_from_charset)), None)
    names = [match.encoding for match in guesses]
    if western and western.chaos - guesses[0].chaos < CLOSE and guesses[0].coherence - western.coherence < CLOSE:
        names.insert(0, "cp1252")
    return names


def _by_guess(raw: bytes) -> Decoded:
    """Decode with the likeliest encoding that fits all bytes. Raise `Refused(undecodable)` if no encoding fits."""
    from charset_normalizer import from_bytes

    matches = from_bytes(raw[:SAMPLE], cp_isolation=GUESSES)
    for codec in _western_first(matches):
        try:
            return Decoded(raw.decode(codec), (f"encoding guessed: {codec}",), codec)
        except UnicodeDecodeError:
            continue
    raise Refused(
        Reason.UNDECODABLE,
        "No known encoding fits the whole text. Save the file again as UTF-8 and drop it again.",
    )

"""Decoding bytes to text, by the byte-order mark, as UTF-8, or in the declared encoding.

If none of these fits, the encoding is guessed, and the text gets a warning.
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.parse.encodings import SEVERAL_BYTES, codec_of
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
# The encodings that a guess may choose: news was published in these before UTF-8.
GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "iso8859_2"),
    *("iso8859_5", "iso8859_6", "iso8859_15", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr"),
]
SAMPLE = 64 * 1024  # guess from at most this many bytes
STRAY = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8, as `surrogateescape` decodes it
CUT = re.compile("\udce2\udc80")  # the first bytes of a quotation mark or dash; other such pairs may be two letters
STRAY_SHARE = 0.1  # at most this share of the non-ASCII characters may be damaged; with more, the text is not UTF-8
FEWEST_WHOLE = 2  # at least this many sound characters make UTF-8 of a text in which one is damaged
CLOSE = 0.15  # ignore a smaller difference between two scores of charset-normalizer, which are from 0 to 1
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
CONTROL_SHARE = 0.02  # at most this share of the bytes or characters of a text may be control characters
LONGEST_UNIT = 4  # a character of UTF-16 or UTF-32 has at most this many bytes
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
    codec = codec_of(declared)
    if codec is not None and raw.isascii():  # text in ISO-2022-JP and related encodings looks like ASCII
        codecs_to_try = [codec, "utf-8"]
    else:  # other bytes that are valid UTF-8 are UTF-8, even if they declare another encoding
        codecs_to_try = ["utf-8", codec] if codec else ["utf-8"]
    for candidate in codecs_to_try:
        if candidate not in SEVERAL_BYTES and candidate != "utf-8" and (damaged := _as_damaged_utf8(raw)):
            return damaged  # a code page of single bytes fits all bytes, so it would hide the damage
        with suppress(UnicodeError, ValueError):
            text = raw.decode(candidate)
            if _is_readable(text):
                return Decoded(text)
    return _as_damaged_utf8(raw) or _by_guess(raw)


def _by_mark(raw: bytes, codec: str) -> Decoded:
    """Return the text of bytes that begin with the byte-order mark of `codec`."""
    warnings: tuple[str, ...] = ()
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8-sig":
            unmarked = raw.removeprefix(codecs.BOM_UTF8)
            return _as_damaged_utf8(unmarked) or _by_guess(unmarked)
        if len(raw) - error.start >= LONGEST_UNIT or not raw[: error.start].decode(codec):
            raise Refused(
                Reason.UNDECODABLE,
                f"The byte-order mark says {codec}, but byte {error.start} does not fit. Save the file again as UTF-8.",
            ) from error
        text = raw[: error.start].decode(codec)
        warnings = (f"damaged {codec.upper()}: the last character, of which only a part is there, was left out",)
    if "\0" in text:
        raise Refused(Reason.BINARY_CONTENT, "The text holds NUL characters. Save the file again as plain text.")
    return Decoded(text, warnings)


def _as_damaged_utf8(raw: bytes) -> Decoded | None:
    """Return the text of UTF-8 that is damaged in few places, or None if the bytes are in another encoding.

    A character that is cut off (at the end, or where two texts were joined) is left out. A stray byte is read as
    windows-1252, since text is often pasted from two places.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    escaped = decoder.decode(raw)
    unfinished = decoder.getstate()[0]  # the bytes of a character that the end cuts off
    if STRAY.search(escaped) and not unfinished.startswith(b"\xe2\x80"):  # other stray bytes: these may be letters, too
        escaped, unfinished = escaped + unfinished.decode("ascii", "surrogateescape"), b""
    text, cut = CUT.subn("", escaped)
    stray = sum(1 for _ in STRAY.finditer(text))
    whole = sum(character > "\x7f" for character in text) - stray
    damaged = stray + cut
    if damaged > STRAY_SHARE * (whole + damaged) and not (damaged == 1 and whole >= FEWEST_WHOLE):
        return None
    if not whole and len(unfinished) < 2:  # one byte alone at the end is a letter of a code page
        return None

    def windows_1252(match: re.Match[str]) -> str:
        return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")

    cut += bool(unfinished)
    warnings = []
    if cut:
        warnings.append(f"damaged UTF-8: {cut} characters of which only the first bytes are there were left out")
    if stray:
        warnings.append(f"mixed encodings: {stray} bytes that are not UTF-8 were read as windows-1252")
    return Decoded(STRAY.sub(windows_1252, text), tuple(warnings))


def _is_readable(text: str) -> bool:
    """True if a text has no more control characters than damage explains; in a wrong encoding, letters become them."""
    return len(CONTROL_CHARACTERS.findall(text)) <= CONTROL_SHARE * len(text)


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

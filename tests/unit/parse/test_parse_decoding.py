"""Encodings: a certain encoding gives no warning, a guess gives a warning, and undecodable bytes are refused."""

import pytest

from worker.parse.decoding import decode
from worker.reasons import Reason, Refused

FRENCH = "Le café fut fermé à midi, a déclaré le propriétaire, très fâché de ce coup du sort."
RUSSIAN = "Министр иностранных дел заявил в пятницу, что переговоры продолжатся."


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_certain_encodings_give_no_warning(codec: str) -> None:
    decoded = decode(FRENCH.encode(codec))
    assert (decoded.text, decoded.warnings) == (FRENCH, ())


def test_line_ends_and_inner_marks_stay() -> None:
    assert decode("\ufeffa\r\nb\rc\n\ufeff".encode()).text == "a\r\nb\rc\n\ufeff"


@pytest.mark.parametrize(("text", "codec"), [(FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")])
def test_guesses_give_a_warning(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert "guessed" in decoded.warnings[0]
    assert decoded.guess == codec.replace("-", "_")


def test_declared_encoding_is_believed() -> None:
    assert decode(RUSSIAN.encode("koi8-r"), "KOI8-R").text == RUSSIAN
    assert decode("“Straße”".encode("cp1252"), "iso-8859-1").text == "“Straße”"
    assert decode("日本語のニュース".encode("iso2022_jp"), "iso-2022-jp").text == "日本語のニュース"


def test_valid_utf8_is_utf8_whatever_it_declares() -> None:
    assert decode(FRENCH.encode(), "iso-8859-1").text == FRENCH


@pytest.mark.parametrize("declared", ["no-such", "base64", "rot13", "utf-7", "\0", "", "idna"])
def test_invalid_declarations_are_ignored(declared: str) -> None:
    assert decode(FRENCH.encode(), declared).text == FRENCH


def test_stray_bytes_in_utf8_are_read_as_windows_1252_with_a_warning() -> None:
    raw = (FRENCH * 5).encode() + b" \x93caf\xe9\x94"
    decoded = decode(raw)
    assert decoded.text == FRENCH * 5 + " “café”"
    assert "mixed encodings: 3 bytes" in decoded.warnings[0]


@pytest.mark.parametrize("raw", [bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D]) * 200, b"\xff\xfea"])
def test_bytes_that_fit_no_encoding_are_undecodable(raw: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode(raw)
    assert caught.value.reason is Reason.UNDECODABLE

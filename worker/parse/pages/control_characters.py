"""Leaving out control characters: no reader sees them, and some libraries refuse a whole page for one."""

import re

CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")  # not tab, line feed, form feed and carriage return
# A character reference to such a character. Browsers read those from 128 to 159 as windows-1252, and so does lxml.
REFERENCES = re.compile(
    r"&#(?:[xX]0{0,6}(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F])"
    r"|0{0,6}(?:[0-8]|11|1[4-9]|2\d|3[01]|127)(?!\d));?"
)
SCRIPTS = re.compile(r"(?i)<(/?)(?:script|style)\b")


def without_controls(text: str) -> tuple[str, int]:
    """Return the text without its control characters, and how many it had.

    Characters from U+0080 to U+009F are what windows-1252 has in their place, as browsers read them; they count, too.
    """
    found = 0

    def readable(match: re.Match[str]) -> str:
        nonlocal found
        found += 1
        code = ord(match[0])
        return bytes([code]).decode("cp1252", "ignore") if code >= 0x80 else ""

    return CONTROLS.sub(readable, text), found


def page_without_controls(source: str) -> tuple[str, tuple[str, ...]]:
    """Return the source of a page without control characters and references to them, and a warning if it had some.

    Those in scripts and styles are no part of the text: they are left out without a warning.
    """
    if CONTROLS.search(source) is None and ("&#" not in source or REFERENCES.search(source) is None):
        return source, ()
    pieces: list[str] = []
    found, start, hidden = 0, 0, False
    for mark in [*SCRIPTS.finditer(source), None]:
        end = mark.start() if mark else len(source)
        piece, raw = without_controls(source[start:end])
        piece, referred = REFERENCES.subn("", piece)
        pieces.append(piece)
        found += 0 if hidden else raw + referred
        if mark:
            start, hidden = end, not mark[1]
    return "".join(pieces), control_warning(found)


def control_warning(found: int) -> tuple[str, ...]:
    """Return the warning that so many control characters were in the text; none if there were none."""
    return (f"control characters: {found} in the text were left out or read as windows-1252",) if found else ()

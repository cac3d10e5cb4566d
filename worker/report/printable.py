"""Text of strangers on a terminal: nothing in an article or a file name may move the cursor, colour or rewrite."""

import re

# C0 and C1 controls (ESC, CSI), marks that turn the direction of writing, line separators, and lone surrogates, which
# no encoding can print.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
BLANKS = re.compile(r"[\t\n\r\v\f\u2028\u2029]+")


def escaped(match: re.Match[str]) -> str:
    """The character as `\\xNN` or `\\uNNNN`."""
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def printable(text: str, *, lines: bool = False) -> str:
    """`text` as it may be shown: line breaks and tabs become one space, other controls `\\xNN` or `\\uNNNN`.

    `lines`: keep line feeds (the text of a whole article).
    """
    if lines:
        return "\n".join(printable(line) for line in text.split("\n"))
    return UNSAFE.sub(escaped, BLANKS.sub(" ", text))


def printable_json(line: str) -> str:
    """A JSON line with every unsafe character escaped as JSON has it; its meaning stays the same.

    The line must not be indented JSON: controls may stand inside its strings only.
    """
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)

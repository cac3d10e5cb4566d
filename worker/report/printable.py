"""Makes text of articles and file names safe for a terminal: it cannot move the cursor, set colours or overwrite."""

import re

# C0 and C1 controls (ESC, CSI), marks that change the direction of writing, line separators, and lone surrogates, which
# no encoding can print.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
BLANKS = re.compile(r"[\t\n\r\v\f\u2028\u2029]+")


def escaped(match: re.Match[str]) -> str:
    """Return the character as `\\xNN` or `\\uNNNN`."""
    code_point = ord(match[0])
    return f"\\x{code_point:02x}" if code_point < 0x100 else f"\\u{code_point:04x}"


def printable(text: str, *, lines: bool = False) -> str:
    """Return `text` for a terminal: line breaks and tabs become one space, other controls become `\\xNN` or `\\uNNNN`.

    `lines`: keep line feeds, for example in the text of a whole article.
    """
    if lines:
        return "\n".join(printable(line) for line in text.split("\n"))
    return UNSAFE.sub(escaped, BLANKS.sub(" ", text))


def printable_json(line: str) -> str:
    """Return a line of JSON with a JSON escape for every unsafe character; the values stay the same.

    The JSON must be on one line, since this function would also escape line feeds between values.
    """
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)

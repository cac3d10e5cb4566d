"""Making names and messages storable in PostgreSQL, since they may hold any bytes of a dropped file."""

import re

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 refuses surrogates
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST = 1000  # keep at most this many code points of a name or message


def storable(text: str) -> str:
    """Return `text`, cut to `LONGEST` with an ellipsis, with U+FFFD for each character that cannot be stored."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 2] + "…."
    return UNSTORABLE.sub(REPLACEMENT, short)

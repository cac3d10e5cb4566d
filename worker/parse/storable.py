"""What PostgreSQL can hold of words that strangers chose: names of members, and messages that repeat their bytes."""

import re

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no surrogate
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST = 1000  # code points of a name or message


def storable(words: str) -> str:
    """`words` with U+FFFD for what cannot be stored, cut at `LONGEST` with an ellipsis."""
    kept = words if len(words) <= LONGEST else words[: LONGEST - 2] + "…."
    return UNSTORABLE.sub(REPLACEMENT, kept)

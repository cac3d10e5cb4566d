"""Checks on single fields of an article: one line of text, a web address."""

import re

from worker.parse.storable import REPLACEMENT, UNSTORABLE

LONGEST_FIELD = 1000  # keep at most this many code points of a title, licence or author
LONGEST_URL = 2000  # ignore an address with more characters
EMPTY_VALUES = {"", "none", "null", "nan", "n/a", "unknown", "undefined"}
DOMAIN = re.compile(r"(?i)(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,20}")


def one_line(value: object) -> str | None:
    """Return a string as one trimmed line that can be stored, cut to `LONGEST_FIELD`; None for any other value.

    Empty strings and placeholders such as "None" and "n/a" also give None.
    """
    if not isinstance(value, str):
        return None
    text = " ".join(UNSTORABLE.sub(REPLACEMENT, value[: 10 * LONGEST_FIELD]).split())[:LONGEST_FIELD]
    return None if text.lower() in EMPTY_VALUES else text


def web_address(value: object) -> str | None:
    """Return `value` if it is an http(s) address that can be stored, or else None."""
    text = one_line(value) if isinstance(value, str) and len(value) <= LONGEST_URL else None
    return text if text and re.match(r"(?i)https?://[^\s/]+", text) and " " not in text else None

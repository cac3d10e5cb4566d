"""The canonical text of a body, without differences of typography, and its hash: equal texts are one article; pure."""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from worker.dedupe.words import words

SHORT = 50
"""At least this many words are needed for a body alone to prove that two articles are one."""

_DOUBLE = "“”„‟«»❝❞〝〞〟＂″‶˝"
_SINGLE = "‘’‚‛‹›❛❜′‵`´ʻʼʹ＇"
_DASHES = "‐‑‒–—―⁃−﹘﹣－⸺⸻"
_TYPOGRAPHY = str.maketrans(
    {**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DASHES, "-"), "\u00ad": None}
)
# NFKC takes quadratic time to sort the accents on one letter. So U+034F separates them after 30, as in the Stream-Safe
# Text Format (Unicode Standard Annex 15, section 13). A character may hold two accents: runs of 16 characters may have
# more than 30.
_MOST_ACCENTS = 30
_ACCENT_RUN = re.compile(f"(?:[^\\w\\s!-~]|[\uff9e\uff9f]){{{_MOST_ACCENTS // 2 + 1},}}")
_JOINER = "\u034f"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def canonical_text(text: str) -> str:
    """Return `text` after NFKC, with one kind of quotation mark, dash and space; case and wording stay as they are.

    Two texts with the same canonical text are one article. The canonical text of a canonical text is the same.
    """
    plain = _INVISIBLE.sub("", text.translate(_TYPOGRAPHY))
    plain = unicodedata.normalize("NFKC", _ACCENT_RUN.sub(_separate_accents, plain)).translate(_TYPOGRAPHY)
    return " ".join(plain.replace("''", '"').split())


def _separate_accents(run: re.Match[str]) -> str:
    """Return the run with U+034F wherever more than `_MOST_ACCENTS` accents would follow each other."""
    pieces: list[str] = []
    accents = 0
    for character in run[0]:
        is_accent = [unicodedata.combining(mark) > 0 for mark in unicodedata.normalize("NFKD", character)]
        if not is_accent[0]:
            accents = 0
        elif accents + len(is_accent) > _MOST_ACCENTS:
            pieces.append(_JOINER)
            accents = 0
        accents += sum(is_accent)
        pieces.append(character)
    return "".join(pieces)


def canonical_hash(body: str, *, title: str | None, outlet: str | None, url: str | None) -> bytes:
    """Return the SHA-256 of the canonical body; two bodies are one article if and only if their hashes are equal.

    A body of fewer than `SHORT` words repeats by chance ("Markets closed today."). So the address goes into its hash
    too, or the outlet and the title if it has no address.
    """
    text = canonical_text(body)
    # A text this long has enough words; do not count them.
    if len(text) < SHORT * 20 and len(words(text)) < SHORT:
        place = (
            ("url", canonical_url(url)) if url else ("title", canonical_text(outlet or ""), canonical_text(title or ""))
        )
        text = "\0".join((text, *place))
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def canonical_url(url: str) -> str:
    """Return an address without scheme, fragment, trailing slash and campaign parameters (`utm_…`).

    Its host is in lower case. Text that is no address stays as it is, except for spaces around it.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    query = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith("utm_")]
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{urlencode(query)}"

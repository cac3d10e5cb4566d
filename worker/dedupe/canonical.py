"""The canonical text of an article's body, and its hash: texts with equal hashes are the same article.

The canonical text has no differences of typography. All functions are pure.
"""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from worker.dedupe.words import words

SHORT = 50
"""At least this many words identify an article by its body alone; a shorter body may repeat by chance."""

_DOUBLE = "“”„‟«»❝❞〝〞〟＂″‶˝"
_SINGLE = "‘’‚‛‹›❛❜′‵`´ʻʼʹ＇"
_DASHES = "‐‑‒–—―⁃−﹘﹣－⸺⸻"
_PLAIN = {**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DASHES, "-"), "\u00ad": ""}
_TYPOGRAPHY = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")
# NFKC needs quadratic time to sort the accents on one letter. So U+034F is inserted after at most 30 accents, as in the
# Stream-Safe Text Format (Unicode Standard Annex 15, section 13). One character may contain two accents, so 16
# characters may already have more than 30.
_MOST_ACCENTS = 30
_ACCENT_RUN = re.compile(f"(?:[^\\w\\s!-~]|[\uff9e\uff9f]){{{_MOST_ACCENTS // 2 + 1},}}")
_JOINER = "\u034f"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def canonical_text(text: str) -> str:
    """Return `text` in NFKC, with uniform quotation marks, dashes and spaces; case and wording do not change.

    Two bodies with the same canonical text are the same article, unless they are short (see `canonical_hash`). Applying
    the function twice gives the same text as applying it once.
    """
    plain = _INVISIBLE.sub("", _without_typography(text))
    plain = _without_typography(unicodedata.normalize("NFKC", _ACCENT_RUN.sub(_separate_accents, plain)))
    return " ".join(plain.replace("''", '"').split())


def _without_typography(text: str) -> str:
    """Return the text with plain quotation marks and dashes; `str.translate` looks at each character, and is slow."""
    return _TYPOGRAPHY.sub(lambda mark: _PLAIN[mark[0]], text)


def _separate_accents(run: re.Match[str]) -> str:
    """Return the run with U+034F inserted, so that at most `_MOST_ACCENTS` accents follow each other."""
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
    """Return the SHA-256 of the canonical body; two articles are the same if and only if their hashes are equal.

    A body of fewer than `SHORT` words may repeat by chance ("Markets closed today."). So its hash also covers the
    article's address, or the outlet and the title if the article has no address.
    """
    text = canonical_text(body)
    if is_short(text):
        place = (
            ("url", canonical_url(url)) if url else ("title", canonical_text(outlet or ""), canonical_text(title or ""))
        )
        text = "\0".join((text, *place))
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_short(canonical: str) -> bool:
    """True if a canonical text has fewer than `SHORT` words, so that the body alone does not identify an article."""
    # A longer text surely has enough words, so its words are not counted.
    return len(canonical) < SHORT * 20 and len(words(canonical)) < SHORT


def canonical_url(url: str) -> str:
    """Return an address without scheme, fragment, trailing slash and campaign parameters (`utm_…`).

    The host is in lower case. If the text is not an address, only the spaces around it are removed.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    query = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith("utm_")]
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{urlencode(query)}"

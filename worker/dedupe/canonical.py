"""Same text: what is left of a body when only its typography is taken away, and the hash of that; pure."""

import re
import unicodedata
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from worker.dedupe.words import words

SHORT = 50
"""Words under which a body alone does not prove that two articles are one (design page, §6)."""

_DOUBLE = "“”„‟«»❝❞〝〞〟＂″‶˝"
_SINGLE = "‘’‚‛‹›❛❜′‵`´ʻʼʹ＇"
_DASHES = "‐‑‒–—―⁃−﹘﹣－⸺⸻"
_TYPOGRAPHY = str.maketrans(
    {**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DASHES, "-"), "\u00ad": None}
)
# Accents without end on one letter take the square of their number to put in order, so they are parted by U+034F after
# so many, as in the Stream-Safe Text Format (Unicode Standard Annex 15, section 13). Half as many characters may hold
# them.
_MOST_ACCENTS = 30
_ACCENTS = re.compile(f"(?:[^\\w\\s!-~]|[\uff9e\uff9f]){{{_MOST_ACCENTS // 2 + 1},}}")
_JOINER = "\u034f"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def canonical_text(text: str) -> str:
    """`text` after NFKC, with one kind of quotation mark, dash and space; case and wording stay as they are.

    Two texts with the same canonical text are one article. A second application changes nothing.
    """
    plain = _INVISIBLE.sub("", text.translate(_TYPOGRAPHY))
    plain = unicodedata.normalize("NFKC", _ACCENTS.sub(_parted, plain)).translate(_TYPOGRAPHY)
    return " ".join(plain.replace("''", '"').split())


def _parted(run: re.Match[str]) -> str:
    pieces: list[str] = []
    accents = 0
    for character in run[0]:
        classes = [unicodedata.combining(each) for each in unicodedata.normalize("NFKD", character)]
        if not classes[0]:
            accents = 0
        elif accents + len(classes) > _MOST_ACCENTS:
            pieces.append(_JOINER)
            accents = 0
        accents += sum(map(bool, classes))
        pieces.append(character)
    return "".join(pieces)


def canonical_hash(body: str, *, title: str | None, outlet: str | None, url: str | None) -> bytes:
    """SHA-256 of the canonical body: equal exactly where two bodies are one article.

    A body under `SHORT` words repeats by chance ("Markets closed today."), so there the address must agree too, or
    outlet and title where it has no address.
    """
    text = canonical_text(body)
    # Too long to be short: no need to count.
    if len(text) < SHORT * 20 and len(words(text)) < SHORT:
        place = (
            ("url", canonical_url(url)) if url else ("title", canonical_text(outlet or ""), canonical_text(title or ""))
        )
        text = "\0".join((text, *place))
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def canonical_url(url: str) -> str:
    """An address without scheme, fragment, trailing slash and campaign parameters (`utm_…`), its host in lower case."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    query = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith("utm_")]
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{urlencode(query)}"

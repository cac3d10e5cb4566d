"""What a feed says of itself and of its entries, as programs write it: outlets, authors, and words behind a text."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

BETWEEN = re.compile(r"\s+[-–—|:»›>•·/]+\s+|\s?[|»›>•]\s?|:\s+")
KIND = re.compile(
    r"(?i)(?:\s*[-–—|:»(\[]\s*|\s+)(?:full |main )?(?:rss(?: ?2\.0)?|atom|news)?[ -]?(?:rss|atom|feeds?)\s*[)\]]?\s*\Z"
)
NEWEST = re.compile(
    r"(?i)\s*[-–—|:»›>•·]\s*(?:all |the )?(?:latest|newest|recent|top|breaking|most recent|all)?\s*"
    r"(?:news|stories|articles|headlines|posts|updates|nachrichten|noticias|actualités|notizie|nyheter|nieuws)\s*\Z"
)
SHORTEST_LABEL = 3  # a name of fewer letters is in too many addresses
FIRST_ON = re.compile(
    r"(?:(?<=[.!?…”\"»)\n])|\A)\s{0,20}The post [^\n]{1,300}? (?:appeared first on|first appeared on) [^\n]{1,150}\Z"
)
TAIL = 800  # look for such a sentence in so many last characters
LONGEST_TITLE = 300
EXCERPT = re.compile(
    r"\[\s?(?:…|\.{3})\s?\]\s*(?:(?:read|continue|weiter|lire|leer|leggi)[^\n]{0,60})?\Z", re.IGNORECASE
)
EXCERPT_WARNING = "excerpt: the feed holds only the beginning of the text, which it ends with […]"
NAMED = re.compile(r"\(([^()]{2,200})\)?\s*\Z")
MEDIA = re.compile(
    rb"""xmlns:([\w.-]{1,40})\s*=\s*["']https?://(?:search|video\.search|tools\.search)\.yahoo\.com/mrss/?["']"""
)
ABOUT_MEDIA = rb"description|text|title|credit|keywords|copyright|subTitle"


def outlet(title: str | None, address: str | None) -> str | None:
    """Return the outlet that the title of a feed names: "The Courier" of "Politics | The Courier - Latest news".

    If the title has several pieces, the one that is in the address of the feed's page is the outlet.
    """
    if title is None:
        return None
    bare = title.strip()
    for ending in (KIND, NEWEST, KIND):
        bare = ending.sub("", bare) or bare
    pieces = [piece.strip() for piece in BETWEEN.split(bare) if piece and piece.strip()]
    host = _letters((urlsplit(address).hostname or "") if address else "")
    of_host = [piece for piece in pieces if len(_letters(piece)) >= SHORTEST_LABEL and _letters(piece) in host]
    return of_host[0] if len(pieces) > 1 and len(of_host) == 1 else bare


def authors(names: Iterable[str | None]) -> Iterator[str]:
    """Yield the names; of "a@b.example (Una Roe)", which feedparser sometimes cuts in the middle, the name."""
    for name in names:
        if name:
            inner = NAMED.search(name)
            yield inner[1] if inner and ("@" in name or name.count("(") != name.count(")")) else name


def address(link: str | None, base: str | None) -> str | None:
    """Return the address of an entry; one that is relative begins at the feed's page."""
    try:
        return urljoin(base, link) if link and base else link
    except ValueError:
        return link


def without_footer(text: str, title: str | None, outlets: Iterable[str | None]) -> str:
    """Return the text without WordPress's last sentence: "The post X appeared first on Y", in any language."""
    start = max(0, len(text) - TAIL)
    tail = text[start:].rstrip()
    for pattern in (FIRST_ON, *_footers(title, outlets)):
        match = pattern.search(tail)
        if match and (start or match.start()):
            return (text[:start] + tail[: match.start()]).rstrip()
    return text


def _footers(title: str | None, outlets: Iterable[str | None]) -> Iterator[re.Pattern[str]]:
    """Yield patterns of a sentence that holds the title of the entry and the name of the outlet, and little else."""
    for name in dict.fromkeys(outlets):
        if title and name and len(title) <= LONGEST_TITLE:
            words, outlet_words = (r"\s+".join(map(re.escape, part.split())) for part in (title, name))
            yield re.compile(
                rf"(?:(?<=[.!?…”\"»)\n])|\A)\s{{0,20}}[^.!?\n]{{2,30}}{words}[”\"’»]?[^.!?\n]{{2,60}}?{outlet_words}[^\w\n]{{0,20}}\Z"
            )


def is_excerpt(text: str) -> bool:
    """True if the text ends with the mark of an excerpt."""
    return EXCERPT.search(text[-TAIL:].rstrip()) is not None


def without_media_texts(raw: bytes) -> bytes:
    """Return a feed without what Media RSS says about pictures: feedparser takes a caption for the text of an entry."""
    prefixes = {re.escape(match[1]) for match in MEDIA.finditer(raw)}
    for prefix in sorted(prefixes)[:3]:
        tag = rb"<(" + prefix + rb":(?:" + ABOUT_MEDIA + rb"))\b[^<>]{0,2000}(?:/>|(?<!/)>[^<]{0,50000}</\1\s*>)"
        raw = re.sub(tag, b"", raw)
    return raw


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())

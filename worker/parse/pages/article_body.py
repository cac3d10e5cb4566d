"""Choosing between the text that a page shows and the text that its JSON-LD ships (`articleBody`)."""

from worker.parse.pages.markup import decoded_references, looks_like_markup, plain_text
from worker.parse.pages.overlap import grams, share_in, words

SHORT_TEXT = 250  # a shown text with fewer characters gives way to a longer one in JSON-LD in any case
CONTAINED = 0.7  # the shipped text must have at least this share of the shown words; the rest may be around the article
FULLER = 1.3  # and at least so many times as many words: if both are whole, the shown one has the paragraphs


def shipped_text(value: str | None) -> str | None:
    """Return the text of an `articleBody`: it may be HTML, perhaps with escaped tags, or have lines for paragraphs."""
    if not value:
        return None
    text = value if looks_like_markup(value) else decoded_references(value)
    if looks_like_markup(text):
        return plain_text(text)
    return "\n\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line) or None


def fuller_text(shown: str, shipped: str | None) -> str:
    """Return the shipped text if it is whole and the shown one only its beginning, or else the shown one."""
    if not shipped or len(shipped) <= len(shown):
        return shown
    if len(shown) < SHORT_TEXT:
        return shipped
    many, few = len(words(shipped)), len(words(shown))
    if many >= FULLER * few and share_in(grams(shown), grams(shipped)) >= CONTAINED:
        return shipped
    return shown

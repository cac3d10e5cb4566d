"""The network reads pieces of words, so a span of it can begin or end inside a word: `And[rade] accused`."""

from dataclasses import replace

from worker.extract.building import build
from worker.extract.quotation import Mention, Quotation, Span

LONGEST_WORD = 50
"""At most this many code points are looked at for the rest of a word: some scripts have no blanks."""


def in_whole_words(text: str, quotation: Quotation, body: Span) -> Quotation:
    """Return a quotation whose source, cue and parts have whole words, as far as these are in the body of the text.

    A word that two of them share belongs to the source, then to the cue.
    """
    source, cue = whole(text, quotation.source, body), whole(text, quotation.cue, body)
    taken = [(mention.start, mention.end) for mention in (source, cue) if mention]
    parts = tuple(whole_part(text, part, taken, body) for part in quotation.parts)
    if (source, cue, parts) == (quotation.source, quotation.cue, quotation.parts):
        return quotation
    rebuilt = build(text, parts, quotation.kind, source, cue, quotation.confidence)
    if rebuilt is None:
        return quotation
    return replace(quotation, parts=rebuilt.parts, text=rebuilt.text, source=source, cue=cue)


def whole(text: str, mention: Mention | None, body: Span) -> Mention | None:
    """Return a source or a cue with whole words at both ends."""
    if mention is None:
        return None
    start, end = max(body[0], word_start(text, mention.start)), min(body[1], word_end(text, mention.end))
    return mention if (start, end) == (mention.start, mention.end) else Mention(text[start:end], start, end)


def whole_part(text: str, part: Span, taken: list[Span], body: Span) -> Span:
    """Return a part with whole words at both ends, but without a word that is in one of the spans `taken`."""
    start, end = part
    if is_inside(text, start):
        word = word_start(text, start), word_end(text, start)
        start = word[1] if touches(taken, word) else word[0]
    if is_inside(text, end):
        word = word_start(text, end), word_end(text, end)
        end = word[0] if touches(taken, word) else word[1]
    start, end = max(body[0], start), min(body[1], end)
    return (start, end) if start < end else part


def touches(spans: list[Span], word: Span) -> bool:
    """True if a word has a character in common with one of some spans."""
    return any(start < word[1] and word[0] < end for start, end in spans)


def word_start(text: str, place: int) -> int:
    """Return where the word begins that an offset is inside of; the offset itself if it is inside of none."""
    start = place
    while is_inside(text, start) and place - start < LONGEST_WORD:
        start -= 1
    return start


def word_end(text: str, place: int) -> int:
    """Return where the word ends that an offset is inside of; the offset itself if it is inside of none."""
    end = place
    while is_inside(text, end) and end - place < LONGEST_WORD:
        end += 1
    return end


def is_inside(text: str, place: int) -> bool:
    """True if an offset has a letter or digit on both sides."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()

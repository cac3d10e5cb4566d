"""The quotations that the rules find, each with the name of its rule."""

from collections.abc import Sequence

from worker.extract.marks.items import Items, items
from worker.extract.marks.regions import Region
from worker.extract.marks.sentences import Sentence, sentences
from worker.extract.quotation import Quotation, Span
from worker.extract.rules.called import called
from worker.extract.rules.calls import called_turns
from worker.extract.rules.continuation import announced, blocks, continued
from worker.extract.rules.frames import attributions
from worker.extract.rules.inner import spoken
from worker.extract.rules.possessed import possessed
from worker.extract.rules.posts import posts
from worker.extract.rules.quotations import quotation
from worker.extract.rules.signatures import signatures
from worker.extract.rules.turns import quoted_turns, turns
from worker.extract.vocabulary import words

SHORTEST_INSIDE = 2
"""Ignore an inner quotation that has fewer words: it is mostly a name or in scare quotes."""
NOT_ANOTHER = words("i we it that this you if people one which")
Ruled = tuple[str, Quotation]
"""The name of a rule and a quotation that it found."""


def passage(text: str, row: Items, row_sentences: Sequence[Sentence], paragraphs: Sequence[Span]) -> list[Ruled]:
    """Return the quotations that the rules find in a text. Its items, sentences and paragraphs are given."""
    framed = [attributions(row, sentence) for sentence in row_sentences]
    continued(row, row_sentences, framed)
    announced(row, row_sentences, framed)
    ruled_frames = [(frame.rule, frame) for frames in framed for frame in frames if frame.rule is not None]
    ruled_frames += [("block", frame) for frame in blocks(row, row_sentences, framed)]
    ruled_frames += [("turn", frame) for frame in turns(row, row_sentences, framed, paragraphs)]
    built = [(rule, quotation(row, frame, rule)) for rule, frame in ruled_frames]
    result = [(rule, quoted) for rule, quoted in built if quoted is not None]
    outermost = [region for region in row.regions if region is not None]
    result += [("signature", signed) for signed in signatures(text, paragraphs, outermost)]
    result += [("possessed", owned) for owned in possessed(row)]
    result += [("called", named) for named in called(row)]
    result += [("post", post) for post in posts(text, paragraphs)]
    return result + [("turn", turn) for turn in quoted_turns(text, paragraphs) + called_turns(text, paragraphs)]


def within(text: str, outer: Region, inner: Sequence[Region]) -> list[Ruled]:
    """Return the quotations inside the quotation `outer`: regions of `inner` that are another speaker's words.

    `inner` is sorted by start.
    """
    result: list[Ruled] = []
    number = 0
    for start, end in outer.segments:
        in_segment = []
        while number < len(inner) and inner[number].start < end:
            if start <= inner[number].start and inner[number].end <= end:
                in_segment.append(inner[number])
            number += 1
        if in_segment:
            row = items(text, (start, end), in_segment)
            frames = []
            for sentence in sentences(row, [(start, end)]):
                attributed = attributions(row, sentence)
                frames += attributed + spoken(row, sentence, attributed)
            built = (quotation(row, frame, "inside") for frame in frames)
            result += [("inside", quoted) for quoted in built if quoted is not None and another_speaks(quoted)]
    return result


def another_speaks(quotation: Quotation) -> bool:
    """True if an inner quotation has enough words and can be the words of another speaker.

    `I told him, 'No'` quotes the outer speaker; `it's like, 'Meh'` quotes nobody.
    """
    if len(quotation.text.split()) < SHORTEST_INSIDE:
        return False
    source = quotation.source
    return source is None or source.text.split()[0].lower() not in NOT_ANOTHER

"""Posts that a page shows without marks: `Power is out. — BC Power (@bcp) December 22, 2018`.

The words of the post are its paragraph, or the paragraphs right before a signature that has a paragraph of its own.
"""

import re
from collections.abc import Sequence

from worker.extract.building import build
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.rules.sources import MONTHS

MONTH = "|".join(sorted(MONTHS))
SIGNATURE = re.compile(
    rf"(?P<dash>—|–|―|--?|&mdash;)\s?(?P<name>[^\n()@—–]{{1,60}}?)\s\((?P<account>@\w{{1,30}})\)"
    rf"(?:,?\s(?:on\s)?(?:(?:{MONTH})\.?\s\d{{1,2}}|\d{{1,2}}\s(?:{MONTH})\.?)(?:,?\s\d{{4}})?)?\s*\Z",
    re.IGNORECASE,
)
LONGEST = 160
"""At most so many code points at the end of a paragraph can be the signature of a post."""
FEWEST_WORDS = 2


def posts(text: str, paragraphs: Sequence[Span]) -> list[Quotation]:
    """Return the posts that end with a signature with an account, by start."""
    found = []
    for number, (start, end) in enumerate(paragraphs):
        begin = max(start, end - LONGEST)
        if text.find("(@", begin, end) < 0:
            continue
        signature = SIGNATURE.search(text[begin:end])
        if signature is None:
            continue
        post = (start, begin + signature.start())
        if not text[slice(*post)].strip() and number:
            post = paragraphs[number - 1]
        if len(text[slice(*post)].split(maxsplit=FEWEST_WORDS)) < FEWEST_WORDS:
            continue
        source = mention(text, begin, signature, "name")
        cue = mention(text, begin, signature, "dash")
        found.append(build(text, [post], Kind.INDIRECT, source, cue, confidence("post", Kind.INDIRECT)))
    return [quotation for quotation in found if quotation is not None]


def mention(text: str, begin: int, signature: re.Match[str], group: str) -> Mention:
    """Return a group of a signature that was found in the text from `begin` on."""
    start, end = begin + signature.start(group), begin + signature.end(group)
    return Mention(text[start:end], start, end)

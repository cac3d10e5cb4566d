"""Words that one speaker passes on from another: `She quoted him as saying: "…"`, where he is the one who said it.

Annotators give such words to the one who quotes; a reader who asks who said them wants the other. Certain enough for a
rule where a noun phrase stands between `quoted` and `as saying`; `was quoted by the agency as saying` is another thing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.quotation import Mention, Quotation, Span

QUOTED_AS = re.compile(
    r"\b(?:quot|cit)(?:e|es|ed|ing)\s+"
    r"(?!(?:by|in|on|at|from|with|during|after|last|this|earlier|to|for|as)\b)"
    r"(?P<source>[^\s.;:\"“”][^.;:\"“”\n]{0,159}?),?\s+as\s+$",
    re.IGNORECASE,
)
REACH = 200
"""Characters before the cue within which the other speaker must be named."""


def relayed(text: str, quotations: Sequence[Quotation]) -> list[Quotation]:
    """The quotations, each given to the speaker whose words were passed on, where there is one.

    What was taken for something said and only names that speaker is left out.
    """
    speakers: set[Span] = set()
    given = []
    for each in quotations:
        source = passed_on(text, each)
        if source is not None:
            speakers.add((source.start, source.end))
            each = replace(each, source=source)
        given.append(each)
    return [each for each in given if (each.start, each.end) not in speakers]


def passed_on(text: str, quotation: Quotation) -> Mention | None:
    """Who is quoted as saying it, if somebody is."""
    cue = quotation.cue
    if cue is None or not cue.text.startswith(("saying", "telling")):
        return None
    begin = max(0, cue.start - REACH)
    match = QUOTED_AS.search(text[begin : cue.start])
    if match is None:
        return None
    return Mention(match["source"], begin + match.start("source"), begin + match.end("source"))

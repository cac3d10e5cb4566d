"""Quotations that one speaker relays from another: `She quoted him as saying: "…"`, where he is the speaker.

The annotators of the training corpus name the person who quotes as the source of these words. The users of Onrecord
want the person who said the words. The rule applies if a noun phrase stands between `quoted` and `as saying`. It does
not apply to `was quoted by the agency as saying`. The words may also stand before: `"…," the agency quoted him as
saying`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.building import with_parts
from worker.extract.quotation import Mention, Quotation, Span
from worker.extract.rules.cues import BE

QUOTED_AS = re.compile(
    r"\b(?:quot|cit)(?:e|es|ed|ing)\s+"
    r"(?!(?:by|in|on|at|from|with|during|after|last|this|earlier|to|for|as)\b)"
    r"(?P<source>[^\s.;:\"“”][^.;:\"“”\n]{0,159}?),?\s+as\s+$",
    re.IGNORECASE,
)
SAYING_BEHIND = re.compile(
    r"\s+(?!(?:by|in|on|at|from|with|during|after|last|this|earlier|to|for|as|\w+day)\b)"
    r"(?P<source>[^\s.;:\"“”][^.;:\"“”\n]{0,99}?),?\s+as\s+(?P<cue>saying|telling)\b"
    r"(?:(?<=telling)\s+(?:the\s+)?\w+)?"
)
"""The words behind a cue "quoted"; behind "telling" also those of the hearer: `quoted him as telling parliament`."""
QUOTING = re.compile(r"(?:quot|cit)(?:e|es|ed|ing)\Z", re.IGNORECASE)
REACH = 200
"""Look for the relayed speaker in at most this many characters before the cue."""


def relayed(text: str, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations; the source of a relayed quotation is now the speaker whose words are relayed.

    A quotation that consists only of the name of a relayed speaker is left out.
    """
    names: set[Span] = set()
    attributed = []
    for quotation in quotations:
        source = relayed_source(text, quotation)
        if source is not None:
            names.add((source.start, source.end))
            quotation = with_parts(text, replace(quotation, source=source), quotation.parts)
        attributed.append(quotation)
    kept = [quotation for quotation in attributed if (quotation.start, quotation.end) not in names]
    return list({(each.parts, each.source, each.cue): each for each in kept}.values())


def relayed_source(text: str, quotation: Quotation) -> Mention | None:
    """Return the speaker who is `quoted … as saying` the quotation; None if there is no such speaker."""
    cue = quotation.cue
    if cue is None or not cue.text.startswith(("saying", "telling")):
        return None
    begin = max(0, cue.start - REACH)
    match = QUOTED_AS.search(text[begin : cue.start])
    if match is None:
        return None
    return Mention(match["source"], begin + match.start("source"), begin + match.end("source"))


def relayed_behind(text: str, cue: Mention | None) -> tuple[Mention, Mention, Span] | None:
    """Return the speaker and the cue "saying" behind a cue "quoted", and the span of all these words.

    None if they are not there, or if the cue is passive.
    """
    if cue is None or QUOTING.search(cue.text) is None or not BE.isdisjoint(cue.text.lower().split()):
        return None
    match = SAYING_BEHIND.match(text, cue.end, cue.end + REACH)
    if match is None:
        return None
    return Mention(match["source"], *match.span("source")), Mention(match["cue"], *match.span("cue")), match.span()

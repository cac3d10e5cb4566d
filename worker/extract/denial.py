"""Denials: whether the cue, or a negation of it, turns the sense of what is reported.

`Lindqvist denied wrongdoing` does not report that he said "wrongdoing". A content is *denied* if an odd number of
words turn its sense: verbs that deny (`rejected the charge`), negations of the cue (`never said`, `would not say`,
`stopped short of saying`), and sources that are nobody (`no one said`). So `did not deny` turns nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.rules.cues import AUXILIARIES, BE
from worker.extract.rules.verbs import IRREGULAR, regular
from worker.extract.vocabulary import words

REACH = 80
"""Look for a negation in at most this many characters before the cue."""
DENYING = words(
    "deny reject dismiss refute dispute decline refuse rebut repudiate disavow disown disclaim contradict disagree"
)
AVOIDING = words("fail refrain avoid stop neglect omit forbear")
"""Verbs that turn the sense of a verb of saying behind them: `failed to mention`, `refrained from saying`."""
NOUNS = words("denial denials refusal refusals rejection rejections dismissal dismissals")
NOT = words("not never cannot nor neither hardly nobody none nothing no-one")
WITHOUT = "without"
"""Turns the sense in "without saying", but not in "claiming without evidence"."""
NO = "no"
"""Turns the sense in "no longer says" and in "no officials said", but not in "No 10 said"."""
LIMITED = words("only just merely simply least")
"""Words after "not" that take the negation back: "not only said"."""
BETWEEN = (
    words(
        """
        to of from short yet even ever so far be been being have immediately publicly
        want wanted able willing ready prepared going
        """
    )
    | AUXILIARIES
    | BE
)
"""Words that may stand between a negation and its cue, besides adverbs in -ly."""
WORD = re.compile(r"\w+(?:['’-]\w+)*")
BORDER = re.compile(r"[.!?;:,\n\"“”()]")
OWN_WORDS = re.compile(r"[:,;.!?\n]|\bas\b")
"""Between a cue and marks: what follows is what the source says itself: `denied it: "I…"`, `dismissed as "absurd"`."""


def _forms(lemmas: frozenset[str]) -> frozenset[str]:
    return lemmas.union(*(IRREGULAR.get(lemma) or regular(lemma) for lemma in lemmas)) - {""}


STOPPED = words("stopped stopping")  # the regular forms have one p
TURNING = _forms(DENYING) | _forms(AVOIDING) | NOUNS | STOPPED


def with_denials(text: str, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, each with `denied`; a cue is widened by the words before it that turn its sense."""
    return [turned(text, quotation) for quotation in quotations]


def turned(text: str, quotation: Quotation) -> Quotation:
    """Return a quotation with `denied`, and with the words that turn its sense as part of its cue."""
    cue, source = quotation.cue, quotation.source
    if cue is None or says_it_itself(text, quotation, cue):
        return quotation
    begin, before = _turns_before(text, quotation, cue)
    turns = before + _turns(cue.text) + (source is not None and is_nobody(source.text))
    if before:
        cue = Mention(text[begin : cue.end], begin, cue.end)
    return replace(quotation, cue=cue, denied=turns % 2 == 1)


def says_it_itself(text: str, quotation: Quotation, cue: Mention) -> bool:
    """True if the words in marks are the source's own, whatever the cue: `"No," he denied`, `dismissed as "absurd"`."""
    if quotation.kind is not Kind.DIRECT:
        return False
    if cue.start > quotation.start:
        return True
    return OWN_WORDS.search(text[max(cue.end, quotation.start - REACH) : quotation.start]) is not None


def is_nobody(source: str) -> bool:
    """True if a source says that nobody is it: "no one", "none of the officials", "no officials"."""
    found = [word.group().lower() for word in WORD.finditer(source[:REACH])][:2]
    if not found or (found[0] == "none" and found[1:] == ["other"]):
        return False
    return found[0] in NOT or (found[0] == NO and len(found) > 1 and not found[1][0].isdigit())


def _turns(cue: str) -> int:
    """Return how many words of a cue turn the sense."""
    found = [word.group().lower().replace("’", "'") for word in WORD.finditer(cue)]
    return sum(
        word in TURNING or (_negates(word, found[place:]) and LIMITED.isdisjoint(found[place : place + 1]))
        for place, word in enumerate(found, 1)
    )


def _negates(word: str, behind: Sequence[str]) -> bool:
    """True if a word turns the sense of the cue that it, or the words behind it, belong to."""
    if word == WITHOUT:
        return any(each.endswith("ing") for each in behind)
    return word in NOT or word.endswith("n't") or (word == NO and behind[:1] == ["longer"])


def _turns_before(text: str, quotation: Quotation, cue: Mention) -> tuple[int, int]:
    """Return how many words right before a cue turn its sense, and where the first of them starts."""
    bounds = [end for _, end in quotation.parts if end <= cue.start]
    if quotation.source is not None and quotation.source.end <= cue.start:
        bounds.append(quotation.source.end)
    start = max([cue.start - REACH, 0, *bounds])
    found = [(start + word.start(), word) for word in WORD.finditer(text[start : cue.start])]
    end, begin, turns = cue.start, cue.start, 0
    behind = [word.group().lower() for word in WORD.finditer(cue.text)]
    for place, match in reversed(found):
        if BORDER.search(text, start + match.end(), end):
            break
        word = match.group().lower().replace("’", "'")
        if _negates(word, behind) or word in TURNING:
            begin, turns = place, turns + 1
        elif word not in BETWEEN and not word.endswith("ly"):
            break
        end, behind = place, [word, *behind]
    return begin, turns

"""Runs of capitalised words: the raw material of names."""

import re
from dataclasses import dataclass

from worker.speakers.within.words import NO_NAME, PARTICLES

WORD = (
    r"(?:[A-Z]\.(?:[A-Z]\.)*|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Prof|Rev|Hon|St|Jr|Sr)\."
    r"|(?:[Aa]l|[Ee]l|[Aa][dnrstz]|[Aa]sh|[Uu]l)[\-‑][A-ZÀ-ÖØ-Þ]\w*(?:['’\-]\w+)*"
    r"|[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽȘȚ]\w*(?:['’\-]\w+)*)"
)
RUN = re.compile(rf"{WORD}(?:[ \u00a0](?:(?:{'|'.join(sorted(PARTICLES))})[ \u00a0]){{0,2}}{WORD}){{0,9}}")
MONTHS = ("April", "June", "May", "August")
DATED = re.compile(
    r"\b(?:in|since|until|till|by|last|this|next|early|late|mid|from|of|on|for|after|before)[\s\-]+$", re.IGNORECASE
)
POSSESSIVE = re.compile(r"['’]s?$")
LINE = re.compile(r"[^\n]+")
LONGEST_HEADLINE = 250
VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|said|says|did|does)\b")


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words side by side; `words` as written, without possessive endings and full stops of titles."""

    start: int
    end: int
    words: tuple[str, ...]


def runs(text: str, start: int, end: int) -> list[Run]:
    """The runs in `text[start:end]`, split at possessives ("Iran's Ali Bagheri" is two)."""
    found = []
    for match in RUN.finditer(text, start, end):
        words: list[str] = []
        begin = position = match.start()
        for piece in re.split(r"([ \u00a0])", match.group()):
            if piece.strip():
                if not words:
                    begin = position
                if not words and piece.lower() in NO_NAME and not first_name(text, piece, position, match.end()):
                    pass
                else:
                    words.append(POSSESSIVE.sub("", piece))
                if words and POSSESSIVE.search(piece):
                    found.append(Run(begin, position + len(piece), tuple(words)))
                    words = []
            position += len(piece)
        if words:
            found.append(Run(begin, match.end(), tuple(words)))
    return found


def first_name(text: str, piece: str, start: int, end: int) -> bool:
    """Whether a month's name stands as a first name: "June Whitlock", but not "in June Whitlock"."""
    alone = start + len(piece) == end
    return piece in MONTHS and not alone and not DATED.search(text, max(0, start - 10), start)


def headlines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines whose words nearly all begin with a capital, where capitals say nothing about names."""
    found = []
    for line in LINE.finditer(text, start, end):
        if line.end() - line.start() <= LONGEST_HEADLINE:
            long = [word for word in line.group().split() if len(word) > 3 and word[0].isalpha()]
            if VERB.search(line.group()):
                continue  # a sentence full of names
            if len(long) >= 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long):
                found.append(line.span())
    return found

"""Runs of capitalised words, from which names are made; and the capitals that say nothing about names."""

import re
from dataclasses import dataclass

from worker.speakers.within.firstnames import MEN, WOMEN
from worker.speakers.within.names import is_title, plain
from worker.speakers.within.wordlists import NO_NAME, PARTICLES

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
ADVERBIAL = re.compile(r"(?:ly|ing)$")
CALLING = re.compile(r"(?:based|born|er|or|ers|ors|ies|ist|ists|man|woman|ian|ians)$")
"""What a word before a first name ends in where it is a calling: Vermonter, Recorder, Celebrities."""
LOWER = re.compile(r"\b[a-z][\w'’\-]+")


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


def common_words(text: str) -> frozenset[str]:
    """The words that the text writes without a capital somewhere."""
    return frozenset(LOWER.findall(text))


def without_first_words(text: str, found: list[Run], loud: frozenset[int], common: frozenset[str]) -> list[Run]:
    """The runs without a first word that is not of the name: "Despite Karin Dahl", "Senators Karin Dahl"."""
    within = {run.words for run in found if run.start not in loud and not begins(text, run.start)}
    short = []
    for run in found:
        first, rest = plain(run.words[0]), run.words[1:]
        if rest and first not in MEN | WOMEN and not is_title(first) and len(first) > 1:
            known = len(rest) > 1 and (rest in within or (plain(rest[0]) in MEN | WOMEN and CALLING.search(first)))
            opening = run.words not in within and begins(text, run.start)
            if known or (opening and (first in common or ADVERBIAL.search(first))):
                run = Run(text.index(rest[0], run.start + len(run.words[0]), run.end), run.end, rest)
        short.append(run)
    return short


def begins(text: str, place: int) -> bool:
    """Whether a sentence begins at a place, or words between marks do."""
    before = text[max(0, place - 6) : place]
    if before[-1:] in tuple("“‘([\"'"):
        return True
    before = before.rstrip(" \u00a0").rstrip("”’\"')]")
    return not before.strip() or before[-1] in ".!?:;\n—–-"

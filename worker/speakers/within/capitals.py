"""Runs of capitalised words, which may be names, and rules for capitals that do not show a name.

In a headline and at the start of a sentence, a word has a capital even if it is not a name.
"""

import re
from dataclasses import dataclass, replace

from worker.extract.quotation import Span
from worker.speakers.within.listed import is_family_first, is_given_name, is_surname
from worker.speakers.within.names import is_nationality, is_title, plain
from worker.speakers.within.wordlists import NON_NAMES, PARTICLES, PLACES, POSSESSIVE_ENDINGS

WORD = (
    r"(?:[A-Z]\.(?:[A-Z]\.)*|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Prof|Rev|Hon|St|Jr|Sr)\."
    r"|(?:[Aa]l|[Ee]l|[Aa][dnrstz]|[Aa]sh|[Uu]l)[\-‑][A-ZÀ-ÖØ-Þ]\w*(?:['’\-]\w+)*"
    r"|[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽȘȚ]\w*(?:['’\-]\w+)*)"
)
NICKNAME = r"(?:[“\"‘'(][A-Z]\w{1,20}(?: \w{1,20}){0,2}[”\"’')][ \u00a0])?"
"""A nickname in marks between first name and surname, which is left out of the name: Dolores “Lola” Marchetti."""
OPENING, CLOSING = tuple("“\"‘'("), tuple("”\"’')")
MARKS = "“”\"‘’'()"
RUN = re.compile(
    rf"\b{WORD}(?:[ \u00a0]{{1,2}}{NICKNAME}(?:(?:{'|'.join(sorted(PARTICLES))})[ \u00a0]){{0,2}}{WORD}){{0,9}}"
)
"""A row of capitalised words, which begins with a whole word: the end of "30GB" or "iPhone" is nobody's name."""
COMPOUND = re.compile(
    r"-(?:based|born|backed|owned|led|listed|trained|educated|run|area|era|style|bred|laden|ridden|stricken|hit|strapped"
    r"|designate|seeded|ranked|winning|appointed|elected|turned|renowned)$"
)
"""Endings of a word that describes the name behind it: "Toronto-based"."""
MONTHS = ("April", "June", "May", "August")
"""Months that can be first names."""
DATED = re.compile(
    r"\b(?:in|since|until|till|by|last|this|next|early|late|mid|from|of|on|for|after|before)[\s\-]+$", re.IGNORECASE
)
SITE = re.compile(r"\b(?:on|via|to|from|in)[ \u00a0]\Z")
"""Words before the site X, whose name and full stop look like an initial: "posted on X. Ana Ferro said"."""
POSSESSIVE = re.compile(r"['’]s?$")
BLANKS = " \u00a0"
BLANK = re.compile(f"([{BLANKS}])")
OFFICE_OF = re.compile(r"\b(\w+) (?:of|for) (?:the )?(?:[A-Z]\w+ ){0,3}(?:[A-Z]\w+,? and )?\Z")
"""An office and what it is for, up to a run: "Minister of Foreign Trade and" before "Economic Cooperation Wu Yi"."""
LONGEST_OFFICE = 80
"""At most this many code points before a run are searched for the office to which its first words belong."""
LINE = re.compile(r"[^\n]+")
LONGEST_HEADLINE = 250
"""At most this many code points in a headline."""
VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|said|says|did|does)\b")
ADVERB_OR_PARTICIPLE = re.compile(r"[^\-]*[aeiouy][^\-]*(?:ly|ing)$")
DESCRIPTION = re.compile(r"(?:based|born|er|or|ers|ors|ies|ist|ists|man|woman|ian|ians)$")
"""Endings of a word that describes the person whose first name follows: Vermonter, Recorder, Celebrities."""
SAID = "said"
"""The one verb of saying that is a first name, too: "Said Ferro: “We wait.”", "Said Khan, a farmer"."""
LOWER_CASE = re.compile(r"\b[a-z][\w'’\-]+")


@dataclass(frozen=True, slots=True)
class CapitalRun:
    """A run: capitalised words side by side. `words` are as written, but without possessive endings.

    `nickname` is what stands in marks or brackets between them, and is none of the words: Dolores “Lola” Marchetti.
    """

    start: int
    end: int
    words: tuple[str, ...]
    nickname: str = ""


def capital_runs(text: str, start: int, end: int) -> list[CapitalRun]:
    """Return the runs in `text[start:end]`, split after possessives ("Iran's Ali Bagheri" is two runs)."""
    runs = []
    for match in RUN.finditer(text, start, end):
        words: list[str] = []
        nickname, is_closed = "", True
        run_start = position = match.start()
        if match.group().startswith("X.") and SITE.search(text, max(0, position - 12), position):
            position += len("X.")
        for piece in BLANK.split(text[position : match.end()]):
            if "-" in piece and COMPOUND.search(piece) and position + len(piece) < match.end():
                position += len(piece)
                words, nickname = [], ""  # also "Hong Kong-born"
                continue
            if piece.startswith(OPENING) or (nickname and not is_closed):
                nickname = f"{nickname} {piece.strip(MARKS)}".strip()
                is_closed = piece.endswith(CLOSING)
            elif piece and piece not in BLANKS:
                if not words:
                    run_start = position
                bare = POSSESSIVE.sub("", piece) if piece.endswith(POSSESSIVE_ENDINGS) else piece
                if words or piece.lower() not in NON_NAMES or is_first_name(text, piece, position, match.end()):
                    words.append(bare)
                if words and bare != piece:
                    runs.append(CapitalRun(run_start, position + len(piece), tuple(words), nickname))
                    words, nickname = [], ""
            position += len(piece)
        if words:
            runs.append(CapitalRun(run_start, match.end(), tuple(words), nickname))
    return runs


def is_first_name(text: str, word: str, start: int, end: int) -> bool:
    """True if the name of a month is a first name: "June Whitlock", but not "in June Whitlock".

    `start` is the offset at which the word begins, `end` the offset at which its run ends.
    """
    stands_alone = start + len(word) == end
    return word in MONTHS and not stands_alone and not DATED.search(text, max(0, start - 10), start)


def headlines(text: str, start: int, end: int) -> list[Span]:
    """Return the headlines: the lines in which at least 80 % of the long words begin with a capital.

    A long word has more than 3 letters, and a headline has at least three long words. A line with a verb of `VERB` is
    not a headline, but a sentence with many names.
    """
    spans = []
    for line in LINE.finditer(text, start, end):
        if line.end() - line.start() <= LONGEST_HEADLINE and not VERB.search(line.group()):
            long_words = [word for word in line.group().split() if len(word) > 3 and word[0].isalpha()]
            capitalised = sum(word[0].isupper() for word in long_words)
            if len(long_words) >= 3 and capitalised >= 0.8 * len(long_words):
                spans.append(line.span())
    return spans


def lower_case_words(text: str) -> frozenset[str]:
    """Return the words that are written without a capital at least once in the text."""
    return frozenset(LOWER_CASE.findall(text))


def drop_first_words(
    text: str, runs: list[CapitalRun], in_headlines: frozenset[int], lower_case: frozenset[str]
) -> list[CapitalRun]:
    """Return the runs, without a first word that does not belong to the name.

    Such words are "Despite" in "Despite Karin Dahl" and "Vermonter" in "Vermonter John Dahl". `in_headlines` are the
    starts of the runs in headlines. `lower_case` are the words that the text also writes without a capital.
    """
    mid_sentence = {run.words for run in runs if run.start not in in_headlines and not begins_sentence(text, run.start)}
    shortened = []
    for run in runs:
        run = name_behind_office(text, run) or run
        first, rest = plain(run.words[0]), run.words[1:]
        if len(rest) > 2 and first in PLACES and plain(rest[0]).removesuffix("er") in PLACES:
            rest = rest[1:]  # "New Yorker John Dahl"
            run = replace(run, start=text.index(rest[0], run.start + len(run.words[0]), run.end), words=rest)
        elif rest and (not is_given_name(first) or is_verb(run, runs)) and not is_title(first) and len(first) > 1:
            opens = run.words not in mid_sentence and begins_sentence(text, run.start)
            given = len(rest) > 1 and is_given_name(plain(rest[0])) and plain(rest[0]) not in PARTICLES
            describes = describes_people(first) or is_nationality(first) or (opens and not is_surname(first))
            rest_is_name = (len(rest) > 1 and rest in mid_sentence) or (given and describes)
            opener = first in lower_case or first == SAID or ADVERB_OR_PARTICIPLE.search(first)
            if rest_is_name or (opens and opener):
                run = replace(run, start=text.index(rest[0], run.start + len(run.words[0]), run.end), words=rest)
        shortened.append(run)
    return shortened


def is_verb(run: CapitalRun, runs: list[CapitalRun]) -> bool:
    """True if a run begins with "Said" and the article has its surname behind other words, too: it is no first name."""
    names = (other.words for other in runs if len(other.words) > 1 and plain(other.words[0]) != SAID)
    return plain(run.words[0]) == SAID and any(plain(words[-1]) == plain(run.words[-1]) for words in names)


def describes_people(word: str) -> bool:
    """True if a plain word can describe the person whose first name follows: "celebrities", "vermonter"."""
    ending = DESCRIPTION.search(word)
    if ending is None or ending[0] not in ("er", "or"):
        return ending is not None
    return word.removesuffix("er") in PLACES or is_title(word.rpartition("-")[2])  # not "Harinder"


def name_behind_office(text: str, run: CapitalRun) -> CapitalRun | None:
    """Return the name at the end of a run whose first words say what the office before it is for; else None.

    "Chief of Staff Denis Holm" is two runs, "Chief" and "Staff Denis Holm"; the name is "Denis Holm".
    """
    if len(run.words) < 3 or not is_behind_office(text, run):
        return None
    low = tuple(map(plain, run.words))
    for number in range(1, len(low) - 1):
        if is_given_name(low[0]) or is_title(low[number - 1]):
            return None  # "the mother of Ana Maria Ferro", "Minister of State James Holm"
        begins_name = is_given_name(low[number]) or len(low[number]) == 1  # "Leader of the Opposition V. T. Rangaraj"
        if begins_name or (is_family_first(low[number:]) and not is_surname(low[number - 1])):
            start = text.index(run.words[number], run.start + len(run.words[0]), run.end)
            return replace(run, start=start, words=run.words[number:])
    return None


def is_behind_office(text: str, run: CapitalRun) -> bool:
    """True if an office stands before a run, whose first words may say what it is for: "Minister of"."""
    office = OFFICE_OF.search(text, max(0, run.start - LONGEST_OFFICE), run.start)
    return office is not None and is_title(plain(office[1])) and plain(office[1]) != "bench"


def begins_sentence(text: str, place: int) -> bool:
    """True if a sentence or quoted words begin at the offset `place`."""
    before = text[max(0, place - 6) : place]
    if before[-1:] in tuple("“‘([\"'"):
        return True
    before = before.rstrip(" \u00a0").rstrip("”’\"')]")
    return not before.strip() or before[-1] in ".!?:;\n—–-"

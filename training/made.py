"""Made text: gold articles written anew, in ways of writing that the corpus has little of. Labels move with the text.

    python -m training.made --gold TRAIN.jsonl --silver TRAIN-SILVER.jsonl.gz --out MADE.jsonl [--kinds marks names …]

Marks and names are exchanged, attributions move before or behind the words or into a line that announces them, or are
cut off, and paragraphs are split and joined (`KINDS`). A change that would tear a label is not made (`moving`).
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from training.corpus import divided, records
from training.moving import LABELS, Part, Record, Unmovable, assembled, rewritten, torn
from worker.extract.marks.marks import MARK
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import regions
from worker.extract.quotation import Span
from worker.speakers.within.listed import listed_names

# Exchanged: marks and names


STYLES = [("“", "”", "‘", "’"), ('"', '"', "'", "'"), ("‘", "’", "“", "”"), ("'", "'", '"', '"'), ("«", "»", "“", "”")]
"""The marks of a quotation, and the marks of one inside it."""


def marks(record: Record, chance: random.Random) -> Record:
    """Exchange the quotation marks by those of another house."""
    text = record["text"]
    style = chance.choice([style for style in STYLES if style[0] not in text] or STYLES)
    blocks = paragraphs(text, 0, len(text))
    edits = {}
    for region in regions(text, blocks):
        depth = 0 if region.parent is None else 2
        places = [(start - 1, style[depth]) for start, _ in region.segments]
        if region.closed:
            places.append((region.end - 1, style[depth + 1]))
        for place, sign in places:
            if MARK.fullmatch(text, place, place + 1):
                edits[place] = Part(place, place + 1, sign)
    return rewritten(record, list(edits.values()))


WORD = re.compile(r"[^\W\d_][\w’'-]*")
BODY_ENDS = [
    "Inc",
    "Corp",
    "Ltd",
    "Plc",
    "Group",
    "Bank",
    "Holdings",
    "Industries",
    "Energy",
    "Airlines",
    "United",
    "City",
]


def names(record: Record, chance: random.Random) -> Record:
    """Exchange the names of people for other names, and bodies for made firms and teams, once for an article."""
    text, new, edits = record["text"], {}, []
    for start, end, kind in record.get("entities", []):
        if kind == "PERSON":
            stretches = [match.span() for match in WORD.finditer(text, start, end) if match.group()[0].isupper()]
        elif kind == "ORGANIZATION" and text[start:end].istitle():
            stretches = [(start, end)]
        else:
            continue
        for stretch in stretches:
            old = text[slice(*stretch)]
            if stretch[1] - stretch[0] < 3 or torn(record, *stretch) or stands_small(text, old):
                continue
            if old not in new:
                exchanged = chance.random() < 0.8
                new[old] = (person(old, chance) if kind == "PERSON" else body(chance)) if exchanged else old
            edits.append(Part(*stretch, new[old]))
    return rewritten(record, edits)


def person(old: str, chance: random.Random) -> str:
    """Return another given name of the same gender, or another surname."""
    for kind in ("given_names_women", "given_names_men"):
        if old.lower() in listed_names(kind):
            return chance.choice(listed(kind)).capitalize()
    surname = chance.choice(listed("surnames")).capitalize()
    form = chance.random()
    if form < 0.08:
        return f"{surname}-{chance.choice(listed('surnames')).capitalize()}"
    return f"{chance.choice(['de', 'van', 'al', 'El', 'Mc', 'O’'])} {surname}" if form < 0.14 else surname


def body(chance: random.Random) -> str:
    """Return the name of a firm or a team."""
    return f"{chance.choice(listed('surnames')).capitalize()} {chance.choice(BODY_ENDS)}"


@cache
def listed(kind: str) -> list[str]:
    """Return the names of a list, in a fixed order."""
    return sorted(listed_names(kind))


# Clauses moved: who said it stands elsewhere, or nowhere


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence that is nothing but an attribution: who, the cue, and the reported words, `[start, end)` each.

    `end` is the end of the sentence. `quoted`: the words are in marks. `leads`: the source stands before the words.
    """

    source: Span
    cue: Span
    content: Span
    end: int
    quoted: bool
    leads: bool


SENTENCE_BEFORE = re.compile(r"(?:^|\n|[.!?:]\s|[.!?][”\"’']+\s)[^\S\n]*$")
QUOTED = re.compile(r"[“\"‘'«].*[,.!?][”\"’'»]", re.DOTALL)


def clauses(record: Record) -> Iterator[tuple[int, Clause]]:
    """Iterate over the quotations of which `Clause` is true, with their numbers."""
    text = record["text"]
    for number, quote in enumerate(record["quotes"]):
        if [len(quote[name]) for name in LABELS] != [1, 1, 1]:
            continue
        content, source, cue = (tuple(quote[name][0]) for name in LABELS)
        quoted = QUOTED.fullmatch(text, *content) is not None
        first, last = sorted((source, cue))
        if text[first[1] : last[0]] != " " or not text[cue[1] - 1].isalpha():
            continue
        begin = min(content[0], first[0])
        if not SENTENCE_BEFORE.search(text, max(0, begin - 6), begin):
            continue
        if content[1] < first[0]:
            closed = text[last[1] : last[1] + 1] == "." and text[last[1] + 1 : last[1] + 2] in ("", " ", "\n")
            if quoted and closed and text[content[1] : first[0]] == " ":
                yield number, Clause(source, cue, content, last[1] + 1, quoted, False)
        elif source == first and text[cue[1] : content[0]] in ((", ", ": ", " ") if quoted else (" ", " that ")):
            end = content[1] if quoted else content[1] + 1
            said = quoted or text[cue[1] : content[0] + 5].endswith("that ") or text[slice(*cue)] in ("said", "says")
            if said and (quoted or text[content[1] : end] == ".") and text[end : end + 1] in ("", " ", "\n"):
                yield number, Clause(source, cue, content, end, quoted, True)


def capital(text: str, span: Span) -> list[Part]:
    """Return a stretch whose first letter becomes a capital."""
    return [Part(span[0], span[0] + 1, text[span[0]].upper()), Part(span[0] + 1, span[1])]


def lower(text: str, span: Span) -> list[Part]:
    """Return a stretch as it stands inside a sentence: its first word is small if the article has it so elsewhere."""
    if stands_small(text, text[slice(*span)].partition(" ")[0]):
        return [Part(span[0], span[0] + 1, text[span[0]].lower()), Part(span[0] + 1, span[1])]
    return [Part(*span)]


def stands_small(text: str, word: str) -> bool:
    """Return whether the article has this word without capitals, so that it is no name."""
    return re.search(rf"(?<![\w’'-]){re.escape(word.lower())}(?![\w’'-])", text) is not None


def ended(text: str, content: Span, sign: str) -> list[Part]:
    """Return words in marks with this sign before the last mark, if a comma or a full stop stands there."""
    at = content[1] - 2
    if text[at] not in ",.":
        return [Part(*content)]
    return [Part(content[0], at), Part(at, at + 1, sign), Part(at + 1, content[1])]


def announced(text: str, clause: Clause) -> list[Part]:
    """`“A,” said X.` becomes `X said:` and a paragraph `“A.”`; so does `X said, “A.”`."""
    at = clause.content[0]
    said = [*capital(text, clause.source), Part(at, at, " "), Part(*clause.cue), Part(at, at, ":\n\n")]
    return [*said, *ended(text, clause.content, ".")]


def leading(text: str, clause: Clause) -> list[Part]:
    """`“A,” said X.` becomes `X said, “A.”`."""
    at = clause.content[0]
    said = [*capital(text, clause.source), Part(at, at, " "), Part(*clause.cue), Part(at, at, ", ")]
    return [*said, *ended(text, clause.content, ".")]


def trailing(text: str, clause: Clause) -> list[Part]:
    """`X said, “A.”` becomes `“A,” X said.`, and `X said that a.` becomes `A, X said.`, as the wire has it."""
    at, content = clause.end, clause.content
    said = [Part(at, at, " "), *lower(text, clause.source), Part(at, at, " "), Part(*clause.cue), Part(at, at, ".")]
    if clause.quoted:
        return [*ended(text, content, ","), *said]
    that = len("that ") if text.startswith("that ", content[0]) else 0
    first = content[0] + that
    words = [Part(content[0], first + 1, text[first].upper()), Part(first + 1, content[1]), Part(at, at, ",")]
    return [*words, *said]


def floating(text: str, clause: Clause) -> list[Part]:
    """`“A,” said X.` becomes `“A.”`: nobody is named."""
    return ended(text, clause.content, ".")


Move = Callable[[str, Clause], list[Part]]


def moved(record: Record, chance: random.Random, move: Move, share: float, leads: bool | None, quoted: bool) -> Record:
    """Return the record in which a share of the clauses are written in another way.

    `leads`, `quoted`: only clauses of this kind; `quoted=False` takes those without marks, too.
    """
    for number in range(len(record["quotes"])):
        clause = dict(clauses(record)).get(number)
        if clause is None or chance.random() >= share or (leads is not None and clause.leads != leads):
            continue
        if quoted and not clause.quoted:
            continue
        begin = min(clause.source[0], clause.cue[0], clause.content[0])
        parts = [Part(0, begin), *move(record["text"], clause), Part(clause.end, len(record["text"]))]
        before = record
        if move is floating:
            bare = record["quotes"][number] | {"source": [], "cue": []}
            before = record | {"quotes": [*record["quotes"][:number], bare, *record["quotes"][number + 1 :]]}
        try:
            record = assembled(before, parts)
        except Unmovable:
            continue
    return record


# Paragraphs, and the style of the wire


def split(record: Record, share: float, chance: random.Random) -> Record:
    """Begin a new paragraph at a share of the ends of sentences outside marks."""
    text = record["text"]
    _, sentences, outermost = divided(text)
    edits = []
    for (_, end), (start, _) in pairwise(sentences):
        in_marks = any(region.start < end and start < region.end for region in outermost)
        if text[end:start] == " " and not in_marks and chance.random() < share:
            edits.append(Part(end, start, "\n\n"))
    return rewritten(record, edits)


def joined(record: Record, share: float, chance: random.Random) -> Record:
    """Put a space in place of a share of the breaks between paragraphs."""
    breaks = [match.span() for match in re.finditer(r"\s*\n\s*", record["text"])]
    return rewritten(record, [Part(*span, " ") for span in breaks if chance.random() < share])


TITLE_WORDS = 15
"""A first paragraph of fewer words may be a title; datelines stand before longer ones."""
PLACES = [
    "LONDON",
    "SYDNEY",
    "NAIROBI",
    "SAO PAULO",
    "TOKYO",
    "ISLAMABAD",
    "WARSAW",
    "MEXICO CITY",
    "LAGOS",
    "HONG KONG",
]


def wire(record: Record, chance: random.Random) -> Record:
    """Write as the wire does: a dateline, who said it at the end, and a paragraph for most sentences."""
    record = moved(record, chance, trailing, 0.7, leads=True, quoted=False)
    record = split(record, 0.8, chance)
    dateline = f"{chance.choice(PLACES)} ({chance.choice(['Reuters', 'AP', 'AFP'])}) {chance.choice('-–—')} "
    for start, end in paragraphs(record["text"], 0, len(record["text"])):
        if record["text"].count(" ", start, end) >= TITLE_WORDS:
            return rewritten(record, [Part(start, start, dateline)])
    return record


KINDS: dict[str, Callable[[Record, random.Random], Record]] = {
    "marks": marks,
    "names": names,
    "announced": lambda record, chance: moved(record, chance, announced, 0.6, leads=None, quoted=True),
    "turned": lambda record, chance: moved(
        moved(record, chance, trailing, 0.5, leads=True, quoted=False), chance, leading, 0.5, leads=False, quoted=True
    ),
    "floating": lambda record, chance: moved(record, chance, floating, 0.3, leads=False, quoted=True),
    "paragraphs": lambda record, chance: joined(split(record, 0.4, chance), 0.3, chance),
    "wire": wire,
}


def made(record: Record, kinds: list[str], chance: random.Random) -> Record:
    """Return the record written anew in one or two of these ways."""
    for kind in chance.sample(kinds, min(len(kinds), chance.choice([1, 2]))):
        try:
            record = KINDS[kind](record, chance)
        except Unmovable:
            continue
    return record


def main() -> None:
    """Write a made article for each gold article, and the entities of a tagger that moved with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--silver", type=Path, help="names are exchanged only where it has them")
    parser.add_argument("--out", type=Path, required=True, help="gold with the entities in each line")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    entities = {} if options.silver is None else {one["doc"]: one["entities"] for one in records(options.silver)}
    chance = random.Random(options.seed)
    with options.out.open("w", encoding="utf-8") as out:
        for record in records(options.gold):
            labelled = record | {"entities": entities.get(record["doc"], [])}
            new = made(labelled, options.kinds, chance)
            out.write(json.dumps(new | {"doc": f"{record['doc']}~made"}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

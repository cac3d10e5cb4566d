"""Turns of a transcript: `PENCE: We will …`, `Q. Why …`, a paragraph that begins with its speaker's label.

What a turn holds stands in no quotation marks, so its kind is indirect, as everything without marks, although the words
are the speaker's own. A turn goes on in the paragraphs without a label that follow it, if they read as speech.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from worker.extract.marks.items import Items, item_at
from worker.extract.marks.sentences import Sentence
from worker.extract.quotation import Span
from worker.extract.rules.frames import Frame, Side
from worker.extract.vocabulary import words

LABEL = re.compile(r"(?:[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){0,4}(?: ?\([^)\n]{1,40}\))?:|[QA]\.)(?=\s)")
LONGEST_LABEL = 120
"""Code points."""
NO_SPEAKER = words(
    """
    note notes photo photos related update updated correction editor's editor video watch read source sources more image
    copyright contact date time abstract text full breaking warning example summary
    """
)
FEWEST = 3
"""Labelled paragraphs that make a transcript; two of a name in capitals are enough."""
LONGEST_TURN = 12
"""Paragraphs that a turn may go on for; what runs on for longer is an article with lines of dialogue in it."""
FIRST_PERSON = words("i i'm i've i'd i'll")
SPOKEN = FIRST_PERSON | words(
    """
    ? me my mine we we're we've we'd we'll us our ours you you're you've you'd you'll your yours let's yes yeah
    """
)
"""What news in the third person hardly has outside quotation marks."""
FULL_STOP = re.compile(r"(?:[.!?…]|--|—)[\"”’')\]]*$")
CLOSING = re.compile(r"\bthank you(?: (?:all|very much|so much|everybody|everyone))?[.!]$", re.IGNORECASE)
GLUED = re.compile(r"[QA][A-Z]")
"""`QWhat …`: a label that lost its sign; no turn is made of it, but none goes on with it either."""


def labels(text: str, paragraphs: Sequence[Span]) -> dict[int, Span]:
    """The speaker's label of each paragraph that is a turn, by number; empty for what is no transcript."""
    found: dict[int, Span] = {}
    for number, (start, end) in enumerate(paragraphs):
        match = LABEL.match(text, start, min(end, start + LONGEST_LABEL))
        if match and any(sign.isalpha() for sign in text[match.end() : end]):
            label = match.group()[:-1]
            if not {word.lower().replace("’", "'") for word in label.split()} & NO_SPEAKER:
                found[number] = (start, match.end() - 1)
    dotted = {number: text[start] for number, (start, end) in found.items() if text[end] == "."}
    if len(set(dotted.values())) == 1:  # `A. Smith …` is a name
        found = {number: label for number, label in found.items() if number not in dotted}
    names = Counter(text[start:end] for start, end in found.values())
    shouted = sum(count for name, count in names.items() if name.isupper())
    repeated = any(count > 1 for count in names.values())
    transcript = (len(found) >= FEWEST and repeated) or shouted >= FEWEST - 1
    return found if transcript else {}


def turns(
    row: Items, lines: list[Sentence], framed: list[list[Frame]], found: dict[int, Span], paragraphs: Sequence[Span]
) -> None:
    """Give each turn to its speaker; what else was found in it stays only if it quotes."""
    if not found:
        return
    sentences: dict[int, list[int]] = defaultdict(list)
    for number, sentence in enumerate(lines):
        sentences[sentence.paragraph].append(number)
    names = {row.text[start:end].partition(" (")[0].split()[-1].lower() for start, end in found.values()}
    narrated = {
        paragraph
        for paragraph, numbers in sentences.items()
        if any(narrates(row, frame, names) for number in numbers for frame in framed[number])
    }
    for paragraph, later in held(row, lines, sentences, found, paragraphs, narrated).items():
        numbers = sentences[paragraph]
        start, end = found[paragraph]
        begin, sign = item_at(row, start), item_at(row, end)
        content = [(sign + 1, lines[numbers[-1]].last)]
        content += [(lines[sentences[other][0]].first, lines[sentences[other][-1]].last) for other in later]
        if begin < sign < content[0][1] - 1:
            framed[numbers[0]].append(Frame(content, (begin, sign), (sign, sign + 1), Side.RIGHT, "turn"))


def held(
    row: Items,
    lines: list[Sentence],
    sentences: dict[int, list[int]],
    found: dict[int, Span],
    paragraphs: Sequence[Span],
    narrated: set[int],
) -> dict[int, list[int]]:
    """The paragraphs without a label that each turn goes on in, by the number of its first paragraph.

    Between two turns a paragraph goes on with the first if it reads as speech; after the last one, where mostly the
    writer takes over, only if its speaker is an "I" or gives thanks. Stage directions are stepped over.
    """
    last = max(found)
    turn: int | None = None
    turned: dict[int, list[int]] = {}
    for paragraph in range(min(found), len(paragraphs)):
        said = row.text[slice(*paragraphs[paragraph])]
        if paragraph in found and sentences[paragraph]:
            turn = paragraph
            turned[turn] = []
        elif turn is None or aside(said):
            continue
        else:
            numbers = sentences[paragraph]
            outside = {n for number in numbers for n in range(lines[number].first, lines[number].last)}
            heard = {row.words[n] for n in outside if voiced(row, n)}
            first_person = bool(heard & FIRST_PERSON) or CLOSING.search(said) is not None
            speech = bool(heard & SPOKEN) if turn != last else first_person
            finished = FULL_STOP.search(said) is not None and GLUED.match(said) is None
            if speech and finished and numbers and paragraph not in narrated and len(turned[turn]) < LONGEST_TURN:
                turned[turn].append(paragraph)
            else:
                turn = None
    return turned


def voiced(row: Items, number: int) -> bool:
    """Whether a word is what it looks like in lower case: "I", but not "US"."""
    return row.words[number] in FIRST_PERSON or not row.text[row.starts[number] : row.ends[number]].isupper()


def aside(paragraph: str) -> bool:
    """Whether a paragraph is a stage direction, `(Applause)`, or has no word at all."""
    bracketed = paragraph[0] in "([" and paragraph.rstrip(".")[-1] in ")]"
    return bracketed or not any(sign.isalnum() for sign in paragraph)


def narrates(row: Items, frame: Frame, names: set[str]) -> bool:
    """Whether a frame is the writer's: `"…," she said`, which nobody says aloud, or one with a speaker's name."""
    quoted = any(row.is_quote(n) for part in frame.content for n in range(*part))
    if frame.side is Side.LEFT and quoted:
        return True
    return frame.source is not None and row.words[frame.source[1] - 1] in names - {"q", "a", "i"}

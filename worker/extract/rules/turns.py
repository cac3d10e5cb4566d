"""Turns of a transcript. A turn begins with a paragraph that begins with its speaker's label: `PENCE: We will …`.

In minutes of a parliament the label has its name in capitals and ends with a full stop: `Captain YOUNG. It was open.`

The words of a turn are the speaker's own, but they are not in quotation marks, so their kind is indirect. A turn
continues in the next paragraphs that have no label, if they read like speech.

In some transcripts each paragraph is quoted: `"PENCE: Well, look …` below `"WALLACE: Let's start …`. Every paragraph
opens with a quotation mark and a label in capitals. It does not matter whether a mark closes the paragraph. These turns
are direct.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extract.building import build
from worker.extract.marks.items import Items, item_at
from worker.extract.marks.sentences import Sentence
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.rules.confidence import confidence
from worker.extract.rules.frames import Frame, Side
from worker.extract.vocabulary import words

LABEL = re.compile(
    r"(?:(?P<name>[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){0,4})(?P<role>,[^:\n\"“”]{2,60})?(?: ?\([^)\n]{1,40}\))?:"
    r"|[QA]\.|(?:The|Mr\.|Mrs\.|Ms\.|Miss|Dr\.|[A-Z][a-z]{2,14})(?: (?:Mc|Mac)?[A-Z][A-Z'’\-]{2,}){1,2}"
    r"(?: of [A-Z][a-z]+(?: [A-Z][a-z]+)?)?\.)(?=\s)"
)
LONGEST_LABEL = 120
"""At most this many code points make a label."""
NO_SPEAKER = words(
    """
    note notes photo photos related update updated correction editor's editor video watch read source sources more image
    copyright contact date time abstract text full breaking warning example summary
    """
)
QUOTED_LABEL = re.compile(r"[\"“”](?P<name>[A-Z][A-Z.'’\-]+(?: [A-Z][A-Z.'’\-]*){0,4}):\s+(?=\S)")
NO_QUOTED_SPEAKER = frozenset({"VIDEO", "AUDIO", "NOTE", "PHOTO", "CLIP", "CAPTION"})
FEWEST = 3
"""At least this many paragraphs with a label make a transcript.

In a transcript without quotation marks, two are enough if their names are in capitals (see `labels`)."""
LONGEST_TURN = 12
"""At most this many paragraphs continue a turn. A longer turn is in fact an article with lines of dialogue in it."""
FIRST_PERSON = words("i i'm i've i'd i'll")
SPOKEN = FIRST_PERSON | words(
    """
    ? me my mine we we're we've we'd we'll us our ours you you're you've you'd you'll your yours let's yes yeah
    """
)
"""Words that news reports hardly ever use outside quotation marks."""
SPOKEN_WORD = re.compile(r"[\w'’]+|\?")
FULL_STOP = re.compile(r"(?:[.!?…]|--|—)[\"”’')\]]*$")
NO_NAMES = frozenset(("q", "a", "i"))
"""Labels that are no names. These words occur in all sentences."""
CLOSING = re.compile(r"\bthank you(?: (?:all|very much|so much|everybody|everyone))?[.!]$", re.IGNORECASE)
GLUED = re.compile(r"[QA][A-Z]")
"""`QWhat …`: a label that lost its sign. No turn begins in such a paragraph, and no turn continues in it."""


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a turn: where its name begins and ends, and the offset of the sign that ends the label."""

    start: int
    name_end: int
    sign: int


def labels(text: str, paragraphs: Sequence[Span]) -> dict[int, Label]:
    """Return the label of each paragraph that begins a turn, by the paragraph's number; {} if this is no transcript.

    Two labels in capitals make a transcript if one of them comes twice, or if half of the labelled paragraphs read like
    speech. `CURRENCIES: The dollar rose` and `STOCKS: Shares fell` are no turns.
    """
    found: dict[int, Label] = {}
    for number, (start, end) in enumerate(paragraphs):
        match = LABEL.match(text, start, min(end, start + LONGEST_LABEL))
        if match and any(sign.isalpha() for sign in text[match.end() : end]):
            label = match.group()[:-1]
            is_role = match["role"] is None or (label.partition(" (")[0].isupper())
            if is_role and not {word.lower().replace("’", "'") for word in label.split()} & NO_SPEAKER:
                name_end = match.end("name") if match["name"] else match.end() - 1
                found[number] = Label(start, name_end, match.end() - 1)
    dotted = {
        number: text[label.start]
        for number, label in found.items()
        if text[label.sign] == "." and label.sign == label.start + 1
    }
    if len(set(dotted.values())) == 1:  # `A. Smith …` is a name
        found = {number: label for number, label in found.items() if number not in dotted}
    names = Counter(text[label.start : label.name_end].split()[-1] for label in found.values())
    in_capitals = [number for number, label in found.items() if text[label.start : label.name_end].isupper()]
    repeated = any(count > 1 for count in names.values())
    spoken = sum(is_spoken(text[found[number].sign : paragraphs[number][1]]) for number in in_capitals)
    is_dialogue = len(in_capitals) >= FEWEST - 1 and (repeated or spoken * 2 >= len(in_capitals))
    return found if (len(found) >= FEWEST and repeated) or is_dialogue else {}


def is_spoken(paragraph: str) -> bool:
    """True if a paragraph has a word that news reports hardly ever use outside quotation marks, or a question mark."""
    spoken = (word for word in SPOKEN_WORD.findall(paragraph) if word == "I" or not word.isupper())
    return not SPOKEN.isdisjoint(word.lower().replace("’", "'") for word in spoken)


def turns(
    row: Items, sentences: Sequence[Sentence], framed: Sequence[Sequence[Frame]], paragraphs: Sequence[Span]
) -> list[Frame]:
    """Return a frame for each turn of a transcript. `framed` holds the frames that each sentence has already.

    A frame is a cue with its source and its content (here the words of the turn).
    """
    label_spans = labels(row.text, paragraphs)
    if not label_spans:
        return []
    numbers_in: dict[int, list[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        numbers_in[sentence.paragraph].append(number)
    labelled = {row.text[label.start : label.name_end].split()[-1].lower() for label in label_spans.values()}
    names = labelled - NO_NAMES
    narrated = {
        paragraph
        for paragraph, numbers in numbers_in.items()
        if any(narrates(row, frame, names) for number in numbers for frame in framed[number])
    }
    frames = []
    for paragraph, later in continuing(row, sentences, numbers_in, label_spans, paragraphs, narrated).items():
        label = label_spans[paragraph]
        begin, name_end, sign = (item_at(row, place) for place in (label.start, label.name_end, label.sign))
        content = [(sign + 1, sentences[numbers_in[paragraph][-1]].last)]
        content += [(sentences[numbers_in[n][0]].first, sentences[numbers_in[n][-1]].last) for n in later]
        if begin < sign < content[0][1] - 1:
            frames.append(Frame(content, (begin, max(name_end, begin + 1)), (sign, sign + 1), Side.RIGHT))
    return frames


def continuing(
    row: Items,
    sentences: Sequence[Sentence],
    numbers_in: dict[int, list[int]],
    label_spans: dict[int, Label],
    paragraphs: Sequence[Span],
    narrated: set[int],
) -> dict[int, list[int]]:
    """Return the paragraphs without a label that continue each turn, by the number of the turn's first paragraph.

    A paragraph between two turns continues the first turn if it reads like speech. After the last turn the text is
    mostly the writer's. So a paragraph continues that turn only if it contains "I" or ends with thanks. Stage
    directions are skipped. `numbers_in` holds the numbers of each paragraph's sentences.
    """
    last = max(label_spans)
    turn: int | None = None
    later: dict[int, list[int]] = {}
    for paragraph in range(min(label_spans), len(paragraphs)):
        text = row.text[slice(*paragraphs[paragraph])]
        if paragraph in label_spans and numbers_in[paragraph]:
            turn = paragraph
            later[turn] = []
        elif turn is None or is_aside(text):
            continue
        else:
            numbers = numbers_in[paragraph]
            outside = {n for number in numbers for n in range(sentences[number].first, sentences[number].last)}
            spoken = {row.words[n] for n in outside if not is_abbreviation(row, n)}
            first_person = bool(spoken & FIRST_PERSON) or CLOSING.search(text) is not None
            speech = bool(spoken & SPOKEN) if turn != last else first_person
            finished = FULL_STOP.search(text) is not None and GLUED.match(text) is None
            if speech and finished and numbers and paragraph not in narrated and len(later[turn]) < LONGEST_TURN:
                later[turn].append(paragraph)
            else:
                turn = None
    return later


def is_abbreviation(row: Items, number: int) -> bool:
    """True if a word is all in capitals, like "US", which is not the word "us". False for "I"."""
    return row.words[number] not in FIRST_PERSON and row.text[row.starts[number] : row.ends[number]].isupper()


def is_aside(paragraph: str) -> bool:
    """True if a paragraph is a stage direction, `(Applause)`, or has no word at all."""
    bracketed = paragraph[0] in "([" and paragraph.rstrip(".")[-1] in ")]"
    return bracketed or not any(sign.isalnum() for sign in paragraph)


def narrates(row: Items, frame: Frame, names: set[str]) -> bool:
    """True if the writer wrote a frame: `"…," she said`, which nobody says aloud, or a frame with a name of `names`."""
    quoted = any(row.quotes_in(*part) for part in frame.content)
    if frame.side is Side.LEFT and quoted:
        return True
    return frame.source is not None and row.words[frame.source[1] - 1] in names


def quoted_turns(text: str, paragraphs: Sequence[Span]) -> list[Quotation]:
    """Return the turns of a transcript in which each paragraph is quoted.

    Return no turns if fewer than `FEWEST` paragraphs have a label, or if no label comes twice.
    """
    matches = [(QUOTED_LABEL.match(text, start, end), end) for start, end in paragraphs]
    labelled = [(match, end) for match, end in matches if match is not None and match["name"] not in NO_QUOTED_SPEAKER]
    names = [match["name"] for match, _ in labelled]
    if len(labelled) < FEWEST or len(set(names)) == len(names):
        return []
    built = (quoted_turn(text, match, end) for match, end in labelled)
    return [quotation for quotation in built if quotation is not None]


def quoted_turn(text: str, label: re.Match[str], end: int) -> Quotation | None:
    """Return the words after a label, without the mark that closes them; None if there are no words."""
    words_end = label.end() + len(text[label.end() : end].rstrip('"”“ '))
    source = Mention(label["name"], label.start("name"), label.end("name"))
    cue = Mention(":", label.end("name"), label.end("name") + 1)
    return build(text, [(label.end(), words_end)], Kind.DIRECT, source, cue, confidence("turn", Kind.DIRECT))

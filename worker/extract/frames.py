"""Frames: for each cue of a sentence, its source and its content.

The content lies left of the cue (`"…," she said`), right of it (`she said that …`), or on both sides. Positions are
item numbers; `quotations.py` turns them into offsets.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from worker.extract import sources
from worker.extract.cues import Cue
from worker.extract.items import Items
from worker.extract.sentences import Sentence, final_sign
from worker.extract.sources import DAYS, DETERMINERS, PREPOSITIONS, PRONOUNS, Phrase
from worker.extract.verbs import ADDRESSEE, CLAUSE, INFINITIVE, OBJECT, QUOTE, Form
from worker.extract.vocabulary import words


class Side(StrEnum):
    """Where a frame's content lies."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(slots=True)
class Frame:
    """One attribution over items. `tail` is where the attribution itself ends; `rule` names what found it."""

    content: list[Phrase]
    source: Phrase | None
    cue: Phrase | None
    side: Side
    rule: str
    tail: int = 0
    inherited: bool = False
    sentence: int = 0
    regions: list[int] = field(default_factory=list)


TAIL_STARTS = (
    PREPOSITIONS
    | DAYS
    | words(
        """
    during when as after before while via through about again then him her me us them reporters
    referring adding speaking citing using because since until if upon following amid last
    """
    )
)
ADVERBIAL = PREPOSITIONS | words(
    "during when while after before since although though despite asked according last as this"
)
DOCUMENTS = words(
    """
    statement statements letter letters email emails tweet tweets message messages post posts ad ads video note memo
    memos signs sign comments comment remarks report reports op-ed editorial article essay speech press release book column
    """
)
"""What people say things in: `issued a statement saying` has the issuer as its source."""
AFTER_QUOTE = TAIL_STARTS - {"of", "for", "about", "to", "from", "with"} | {"-", "–", "—", "--"}
DASHES = frozenset(["-", "–", "—", "--", "―"])
CLAUSE_STARTS = words(
    """
    that how whether what why if where when there
    """
)
BREAKS_AFTER_COMMA = words(
    """
    and but while as which who when though although after saying adding with whose yet so because
    """
)
LEADING = words(
    """
    but and however still meanwhile also yet so moreover instead then nevertheless
    """
)
ADDRESSEE_LENGTH = 9


def tail_end(row: Items, number: int, last: int, cue: Cue) -> int | None:
    """Where an attribution that follows its content ends; None where a clause follows, so that it comes first."""
    words = row.words
    if ADDRESSEE in cue.governs and number < last:
        number = skip_addressee(row, number, last)
    limit = min(last, number + 30)
    begun = number
    while number < limit:
        word = words[number]
        if word in (",", ";", "?", "!") or word in DASHES or row.is_quote(number):
            return number
        if word == "." and number + 1 >= last:
            return number
        if word in (":", "that"):
            return None
        if (
            number == begun
            and word not in TAIL_STARTS
            and not word.endswith("ly")
            and word != "("
            and not row.words[number].endswith("ing")
        ):
            return None
        number += 1
    return number if number == last else None


def skip_addressee(row: Items, number: int, last: int) -> int:
    """Step over "reporters", "CNN's Jake Tapper", "the New York Times" after `told`."""
    words, limit = row.words, min(last, number + ADDRESSEE_LENGTH)
    begun = number
    while number < limit:
        word = words[number]
        if number > begun and (word in TAIL_STARTS or word in CLAUSE_STARTS or word in PRONOUNS or word in DETERMINERS):
            break
        if row.is_quote(number) or not (word[0].isalnum() or word[0] in "'’&@"):
            break
        if number > begun and row.capital[number - 1] and not row.capital[number] and word not in ("and", "of", "the"):
            break
        number += 1
        if words[number - 1] in ("him", "her", "me", "us", "them", "reporters", "supporters", "you"):
            break
    return number


def left_frame(row: Items, sentence: Sentence, cue: Cue, begin: int) -> Frame | None:
    """`"…," she said` and `"…," said the minister`: content left of the attribution, perhaps going on right of it."""
    first, last = begin, sentence.last
    if (
        not cue.governs & (QUOTE | CLAUSE)
        or cue.form is Form.ING
        or (QUOTE not in cue.governs and cue.form is Form.BASE)
    ):
        return None
    subject = sources.before(row, first, cue.first)
    inverted = False
    if cue.first > first and separates(row, cue.first - 1) and QUOTE in cue.governs:
        other = sources.after(row, cue.last, last)
        if other is not None and (subject is None or row.is_quote(cue.first - 1)):
            subject, inverted = other, True
    if subject is None:
        return None
    edge = (cue.first if inverted else subject[0]) - 1
    if edge < first or not separates(row, edge):
        return None
    tail = tail_end(row, subject[1] if inverted else cue.last, last, cue)
    if tail is None:
        return None
    content = trimmed(row, first, edge + 1)
    if content is None or announces(row, content, tail, last):
        return None
    return Frame([content], subject, (cue.first, cue.last), Side.LEFT, "inverted" if inverted else "after", tail)


def announces(row: Items, content: Phrase, tail: int, last: int) -> bool:
    """`In his speech, he said, "…"`: the words on the left are the writer's, the quotation comes on the right."""
    if any(row.is_quote(n) for n in range(*content)):
        return False
    if row.words[content[0]] in ADVERBIAL or row.words[content[0]].endswith("ing"):
        return True
    if tail < last and row.is_quote(tail):
        return True
    return tail + 1 < last and row.words[tail] == "," and row.is_quote(tail + 1)


def separates(row: Items, number: int) -> bool:
    """Whether an attribution may begin right after this item."""
    return row.is_quote(number) or row.words[number] in (",", "?", "!", "…") or row.words[number] in DASHES


def trimmed(row: Items, first: int, last: int) -> Phrase | None:
    """Items without conjunctions and commas in front and punctuation behind; None where no word is left."""
    while (
        first < last
        and not row.is_quote(first)
        and (row.words[first] in LEADING or not (row.words[first][0].isalnum() or row.words[first][0] in "$@#£€([{<"))
    ):
        first += 1
    while (
        last > first
        and not row.is_quote(last - 1)
        and not (
            row.words[last - 1][-1].isalnum()
            or row.words[last - 1] in (")", "]", "%", "}")
            or len(row.words[last - 1]) > 2
        )
    ):
        last -= 1
    return (first, last) if first < last else None


def right_frame(row: Items, sentence: Sentence, cue: Cue, begin: int, inherited: Phrase | None) -> Frame | None:
    """`she said (that) …`, `criticized …`, `vowed to …`: content right of the cue."""
    source, borrowed = subject_of(row, begin, cue, inherited)
    if source is None and not borrowed:
        return None
    content = right_content(row, cue, sentence.last)
    if content is None:
        return None
    rule = "participle" if cue.form is Form.ING else "before"
    return Frame([content], source, (cue.first, cue.last), Side.RIGHT, rule, cue.last, borrowed)


def subject_of(row: Items, begin: int, cue: Cue, inherited: Phrase | None) -> tuple[Phrase | None, bool]:
    """The source left of a cue, and whether it is another cue's (`… and added`)."""
    before = row.words[cue.first - 1] if cue.first > begin else ""
    if cue.form is Form.ING:
        if before not in (",", "and", "but", "by", "") and before not in DASHES:
            near = sources.before(row, begin, cue.first)
            if near is not None and row.words[near[1] - 1] not in DOCUMENTS:
                return near, False
        subject = inherited or sentence_subject(row, begin, cue.first)
        return subject, subject is not None
    if before == ",":
        subject = sources.before(row, begin, cue.first)
        if subject is not None:
            return subject, False
    if before in ("and", "but", "or") or (before == "," and inherited is not None):
        if inherited is not None:
            return inherited, True
        # the sentence's own subject, when another verb comes first: "Smith left and said"
        subject = sentence_subject(row, begin, cue.first)
        return subject, subject is not None
    subject = sources.before(row, begin, cue.first)
    if subject is not None:
        return subject, False
    return None, False


def sentence_subject(row: Items, first: int, last: int) -> Phrase | None:
    """The first noun phrase of a sentence: a pronoun, a name, or a description that begins with an article."""
    while first < last and (row.words[first] in LEADING or row.words[first] in (",", "-", "–", "—")):
        first += 1
    if first >= last:
        return None
    if (
        row.words[first] in PREPOSITIONS
        or row.words[first].endswith("ing")
        or row.words[first] in DAYS | {"after", "when", "while", "as"}
    ):
        comma = next((n for n in range(first, min(last, first + 25)) if row.words[n] == ","), None)
        if comma is None or comma + 1 >= last:
            return None
        first = comma + 1
    word = row.words[first]
    if word in PRONOUNS:
        return (first, first + 1)
    if not (row.capital[first] or word in DETERMINERS):
        return None
    number = first
    while number < last and (
        row.capital[number]
        or row.words[number] in DETERMINERS
        or row.words[number] in ("of", "&")
        or (row.words[number] == "." and row.capital[number - 1] and len(row.words[number - 1]) <= 3)
    ):
        number += 1
    if row.words[first] in DETERMINERS and number == first + 1 and number < last:
        number += 1
    while (number > first + 1 and row.words[number - 1] in ("of", "&", ".")) or (
        row.words[number - 1] in DETERMINERS and number > first + 1
    ):
        number -= 1
    return (first, number)


def right_content(row: Items, cue: Cue, last: int) -> Phrase | None:
    """The content right of a cue, up to the sentence's end; `narrow` cuts it where the next cue takes over."""
    words, number = row.words, cue.last
    if number >= last:
        return None
    if ADDRESSEE in cue.governs:
        moved = skip_addressee(row, number, last)
        number = moved if moved < last else number
    word = words[number] if number < last else "."
    if row.is_quote(number) or word in (":", ","):
        start = number if row.is_quote(number) else number + 1
        if word == "," and not (start < last and row.is_quote(start)):
            return after_aside(row, cue, start, last)
        if start < last and row.is_quote(start) and complete(row, start):
            return (start, quotes_end(row, start, last))
        if word == ":" and not cue.governs & (QUOTE | CLAUSE):
            return None
        return cut_quote(row, trimmed(row, start, last))
    if CLAUSE in cue.governs or QUOTE in cue.governs:
        found = clause_start(row, cue, number, last)
        if found is not None and row.is_quote(found) and complete(row, found):
            return (found, quotes_end(row, found, last))
        if found is not None:
            return trimmed(row, found, last)
    if INFINITIVE in cue.governs and any(words[n] == "to" for n in range(number, min(last, number + 7))):
        return cut(row, trimmed(row, number, last))
    if (
        OBJECT in cue.governs
        and (words[number][0].isalnum() or words[number] == "$")
        and word not in TAIL_STARTS - {"him", "her", "them", "this", "last"}
    ):
        return cut_quote(row, cut(row, trimmed(row, number, last)))
    return None


def complete(row: Items, number: int) -> bool:
    """Whether a quotation is a whole statement, so that what follows its mark is the writer's again."""
    return final_sign(row, number) in ",.?!…"


def quotes_end(row: Items, number: int, last: int) -> int:
    """Where a run of quotations right beside each other ends."""
    while number < last and row.is_quote(number):
        number += 1
    return number


def cut_quote(row: Items, content: Phrase | None) -> Phrase | None:
    """`called it "a lie" in a speech`: an adverbial after the last quotation is the writer's."""
    if content is None:
        return None
    quotes = [n for n in range(*content) if row.is_quote(n)]
    if quotes and quotes[-1] + 1 < content[1] and row.words[quotes[-1] + 1] in AFTER_QUOTE:
        return (content[0], quotes[-1] + 1)
    return content


def after_aside(row: Items, cue: Cue, start: int, last: int) -> Phrase | None:
    """`said, in a statement, that …`"""
    for number in range(start, min(last, start + 15)):
        if (
            row.words[number] == ","
            and number + 1 < last
            and (row.is_quote(number + 1) or row.words[number + 1] == "that")
        ):
            return trimmed(row, number + 1, last) if CLAUSE in cue.governs else None
    return None


def clause_start(row: Items, cue: Cue, number: int, last: int) -> int | None:
    """Where the reported clause begins: at "that" or a quotation near by, else right here."""
    words = row.words
    if words[number] in CLAUSE_STARTS:
        return number
    adjunct = words[number] in TAIL_STARTS or words[number].endswith("ly")
    if adjunct:
        for n in range(number, min(last, number + 16)):
            if words[n] == "that" and n > number and words[n - 1] not in ("at", "in", "of", "on"):
                return n
            if words[n] in (":",) or row.is_quote(n):
                return n
            if words[n] == "," and n + 1 < last and row.is_quote(n + 1):
                return n + 1
        if words[number] in ("on", "late", "early", "earlier", "last", "this") or words[number] in DAYS:
            n = number
            while n < last and (
                words[n] in DAYS
                or words[n] in ("on", "late", "early", "a")
                or words[n] in sources.MONTHS
                or words[n].isdigit()
            ):
                n += 1
            if n < last and n > number and words[n] not in TAIL_STARTS and words[n][0].isalnum():
                return n
        return (
            number
            if CLAUSE in cue.governs
            and words[number] in ("there", "her", "this", "if", "as", "when", "in", "with", "because")
            else None
        )
    if CLAUSE not in cue.governs:
        return None
    if words[number][0].isalnum() or words[number] in ("$", "(", "["):
        return number
    return None


def cut(row: Items, content: Phrase | None) -> Phrase | None:
    """An object or infinitive ends before a comma that opens another clause."""
    if content is None:
        return None
    first, last = content
    for number in range(first + 1, last - 1):
        if row.words[number] in (",", ";") or row.words[number] in DASHES - {"-"}:
            following = row.words[number + 1]
            if row.words[number] == ";" or following in BREAKS_AFTER_COMMA or following.endswith("ing"):
                return trimmed(row, first, number)
    return content

"""Clauses: how far an attribution and a content reach, as numbers of items."""

from worker.extract.marks.items import Items
from worker.extract.marks.sentences import final_sign
from worker.extract.rules.cues import Cue
from worker.extract.rules.sources import DAYS, DETERMINERS, MONTHS, PREPOSITIONS, PRONOUNS, Phrase
from worker.extract.rules.verbs import ADDRESSEE, CLAUSE, LEXICON, OBJECT, QUOTE
from worker.extract.vocabulary import words

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
AFTER_QUOTE = TAIL_STARTS - {"of", "for", "about", "to", "from", "with"} | {"-", "–", "—", "--"}
DASHES = frozenset(["-", "–", "—", "--", "―"])
CLAUSE_STARTS = words(
    """
    that how whether what why if where when there
    """
)
LEADING = words(
    """
    but and however still meanwhile also yet so moreover instead then nevertheless
    """
)
ADDRESSEE_LENGTH = 9
ASIDE_LENGTH = 16
NAMING = words("call name label dub title")
"""What stands in marks right after these is a name: `a play called "…"`."""
TIME_WORDS = words("on late early a")
OPENS_CLAUSE = words("there her this if as when in with because")
"""Words that mostly begin an adverbial, but may begin a reported clause."""


def without_lead(row: Items, first: int, last: int) -> Phrase | None:
    """Return items without the conjunctions and punctuation that they begin with; None if nothing is left."""
    while (
        first < last
        and not row.is_quote(first)
        and (row.words[first] in LEADING or not (row.words[first][0].isalnum() or row.words[first][0] in "$@#£€([{<"))
    ):
        first += 1
    return (first, last) if first < last else None


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


def right_content(row: Items, cue: Cue, last: int) -> Phrase | None:
    """The content right of a cue, up to the sentence's end; `narrow` cuts it where the next cue takes over."""
    words, number = row.words, cue.last
    if number >= last:
        return None
    if ADDRESSEE in cue.governs:
        moved = skip_addressee(row, number, last)
        number = moved if moved < last else number
    word = words[number] if number < last else "."
    if row.is_quote(number) and (cue.lemma in NAMING or titled(row, number)):
        return None
    if row.is_quote(number) or word in (":", ","):
        start = number if row.is_quote(number) else number + 1
        if word == "," and not (start < last and row.is_quote(start)):
            return after_aside(row, cue, start, last)
        if start < last and row.is_quote(start) and complete(row, start):
            return (start, quotes_end(row, start, last))
        if word == ":" and not cue.governs & (QUOTE | CLAUSE):
            return None
        return cut_quote(row, without_lead(row, start, last))
    if CLAUSE in cue.governs or QUOTE in cue.governs:
        found = clause_start(row, cue, number, last)
        if found is not None and row.is_quote(found) and complete(row, found):
            return (found, quotes_end(row, found, last))
        if found is not None:
            return without_lead(row, found, last)
    if (
        OBJECT in cue.governs
        and (words[number][0].isalnum() or words[number] == "$")
        and word not in TAIL_STARTS - {"him", "her", "them", "this", "last"}
    ):
        return cut_quote(row, without_lead(row, number, last))
    return None


def complete(row: Items, number: int) -> bool:
    """Whether a quotation is a whole statement, so that what follows its mark is the writer's again."""
    return final_sign(row, number) in ",.?!…"


def titled(row: Items, number: int) -> bool:
    """Whether a quotation is written like the title of a work: `wrote "Tough Choices"`."""
    said = [word for word in row.text[row.starts[number] : row.ends[number]].split() if len(word) > 4]
    return 2 <= len(said) <= 8 and all(word.lstrip("“\"'‘")[:1].isupper() for word in said)


def is_statement(row: Items, number: int) -> bool:
    """Whether a quotation is a whole statement that begins with a capital."""
    region = row.regions[number]
    assert region is not None
    start, end = region.segments[0]
    return complete(row, number) and row.text[start:end].lstrip("[( '‘“\"")[:1].isupper()


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
    for number in range(start, min(last, start + ASIDE_LENGTH)):
        if row.words[number] in LEXICON:
            return None
        if (
            row.words[number] == ","
            and number + 1 < last
            and (row.is_quote(number + 1) or row.words[number + 1] == "that")
        ):
            return without_lead(row, number + 1, last) if CLAUSE in cue.governs else None
    return None


def clause_start(row: Items, cue: Cue, number: int, last: int) -> int | None:
    """Where the reported clause begins: at "that" or a quotation near by, else right here."""
    word = row.words[number]
    if word in CLAUSE_STARTS:
        return number
    if word in TAIL_STARTS or word.endswith("ly"):
        return after_adjunct(row, cue, number, last)
    begins = word[0].isalnum() or word in ("$", "(", "[")
    return number if CLAUSE in cue.governs and begins else None


def after_adjunct(row: Items, cue: Cue, number: int, last: int) -> int | None:
    """Where the clause begins after `said on Monday`, `said in a statement`."""
    words = row.words
    for n in range(number, min(last, number + ASIDE_LENGTH)):
        if words[n] == "that" and n > number and words[n - 1] not in ("at", "in", "of", "on"):
            return n
        if words[n] == ":" or (row.is_quote(n) and (n == number or is_statement(row, n))):
            return n
        if words[n] == "," and n + 1 < last and row.is_quote(n + 1):
            return n + 1
    n = number
    while n < last and (words[n] in DAYS | MONTHS | TIME_WORDS or words[n].isdigit()):
        n += 1
    if number < n < last and words[n] not in TAIL_STARTS and words[n][0].isalnum():
        return n
    return number if CLAUSE in cue.governs and words[number] in OPENS_CLAUSE else None

"""Clauses: where an attribution ends, and where a content (the words that are reported) begins and ends.

All positions are numbers of items. An item is a word, a punctuation mark, or a whole quoted region.
"""

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
LONGEST_ADDRESSEE = 9
"""At most this many items name the person who is addressed: `told the New York Times`."""
LONGEST_ASIDE = 16
"""At most this many items are between a cue and its content: `said in a statement on Monday that …`."""
LONGEST_TAIL = 30
"""At most this many items of an attribution follow its cue or addressee."""
NAMING = words("call label dub")
"""Verbs after which words in marks are a name and not a quotation: `a play called "…"`."""
TIME_WORDS = words("on late early a")
OPENS_CLAUSE = words("there her this if as when in with because")
"""Words that mostly begin an adverbial, but may begin a reported clause."""


def without_lead(row: Items, first: int, last: int) -> Phrase | None:
    """Return items without the conjunctions and punctuation at their beginning; None if nothing is left."""
    while (
        first < last
        and not row.is_quote(first)
        and (row.words[first] in LEADING or not (row.words[first][0].isalnum() or row.words[first][0] in "$@#£€([{<"))
    ):
        first += 1
    return (first, last) if first < last else None


def tail_end(row: Items, number: int, last: int, cue: Cue) -> int | None:
    """Return where an attribution that follows its content ends.

    None if a clause comes next. Then the content is that clause, and not the words before the attribution.
    """
    words = row.words
    if ADDRESSEE in cue.governs and number < last:
        number = skip_addressee(row, number, last)
    limit = min(last, number + LONGEST_TAIL)
    first = number
    while number < limit:
        word = words[number]
        if word in (",", ";", "?", "!") or word in DASHES or row.is_quote(number):
            return number
        if word == "." and number + 1 >= last:
            return number
        if word in (":", "that"):
            return None
        if (
            number == first
            and word not in TAIL_STARTS
            and not word.endswith("ly")
            and word != "("
            and not word.endswith("ing")
        ):
            return None
        number += 1
    return number if number == last else None


def skip_addressee(row: Items, number: int, last: int) -> int:
    """Return the item after the addressee of `told`: "reporters", "CNN's Jake Tapper", "the New York Times"."""
    words, limit = row.words, min(last, number + LONGEST_ADDRESSEE)
    first = number
    while number < limit:
        word = words[number]
        if number > first and (word in TAIL_STARTS or word in CLAUSE_STARTS or word in PRONOUNS or word in DETERMINERS):
            break
        if row.is_quote(number) or not (word[0].isalnum() or word[0] in "'’&@"):
            break
        if number > first and row.capital[number - 1] and not row.capital[number] and word not in ("and", "of", "the"):
            break
        number += 1
        if words[number - 1] in ("him", "her", "me", "us", "them", "reporters", "supporters", "you"):
            break
    return number


def right_content(row: Items, cue: Cue, last: int) -> Phrase | None:
    """Return the content right of a cue, up to the end of the sentence; None if there is none."""
    words, number = row.words, cue.last
    if number >= last:
        return None
    if ADDRESSEE in cue.governs:
        after = skip_addressee(row, number, last)
        number = after if after < last else number
    word = words[number] if number < last else "."
    if row.is_quote(number) and (cue.lemma in NAMING or is_title(row, number)):
        return None
    if row.is_quote(number) or word in (":", ","):
        start = number if row.is_quote(number) else number + 1
        if word == "," and not (start < last and row.is_quote(start)):
            return after_aside(row, cue, start, last)
        if start < last and row.is_quote(start) and is_complete(row, start):
            return (start, quotes_end(row, start, last))
        if word == ":" and not cue.governs & (QUOTE | CLAUSE):
            return None
        return cut_quote(row, without_lead(row, start, last))
    if CLAUSE in cue.governs or QUOTE in cue.governs:
        start_of_clause = clause_start(row, cue, number, last)
        if start_of_clause is not None and row.is_quote(start_of_clause) and is_complete(row, start_of_clause):
            return (start_of_clause, quotes_end(row, start_of_clause, last))
        if start_of_clause is not None:
            return without_lead(row, start_of_clause, last)
    if (
        OBJECT in cue.governs
        and (words[number][0].isalnum() or words[number] == "$")
        and word not in TAIL_STARTS - {"him", "her", "them", "this", "last"}
    ):
        return cut_quote(row, without_lead(row, number, last))
    return None


def is_complete(row: Items, number: int) -> bool:
    """True if a quotation is a whole statement, so that the words after its closing mark are the writer's."""
    return final_sign(row, number) in ",.?!…"


def is_title(row: Items, number: int) -> bool:
    """True if a quotation is written like the title of a work: `wrote "Tough Choices"`."""
    long_words = [word for word in row.text[row.starts[number] : row.ends[number]].split() if len(word) > 4]
    return 2 <= len(long_words) <= 8 and all(word.lstrip("“\"'‘")[:1].isupper() for word in long_words)


def is_statement(row: Items, number: int) -> bool:
    """True if a quotation is a whole statement that begins with a capital."""
    region = row.regions[number]
    assert region is not None
    start, end = region.segments[0]
    return is_complete(row, number) and row.text[start:end].lstrip("[( '‘“\"")[:1].isupper()


def quotes_end(row: Items, number: int, last: int) -> int:
    """Return the end of the run of adjacent quotations that begins at item `number`."""
    while number < last and row.is_quote(number):
        number += 1
    return number


def cut_quote(row: Items, content: Phrase | None) -> Phrase | None:
    """Return a content without the adverbial after its last quotation: `called it "a lie" in a speech`."""
    if content is None:
        return None
    quotes = row.quotes_in(*content)
    if quotes and quotes[-1] + 1 < content[1] and row.words[quotes[-1] + 1] in AFTER_QUOTE:
        return (content[0], quotes[-1] + 1)
    return content


def after_aside(row: Items, cue: Cue, start: int, last: int) -> Phrase | None:
    """Return the content after an aside: `said, in a statement, that …`; None if there is none."""
    for number in range(start, min(last, start + LONGEST_ASIDE)):
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
    """Return where the reported clause begins: at "that", at a quotation near by, or at item `number`.

    None if no reported clause begins there.
    """
    word = row.words[number]
    if word in CLAUSE_STARTS:
        return number
    if word in TAIL_STARTS or word.endswith("ly"):
        return after_adjunct(row, cue, number, last)
    begins = word[0].isalnum() or word in ("$", "(", "[")
    return number if CLAUSE in cue.governs and begins else None


def after_adjunct(row: Items, cue: Cue, number: int, last: int) -> int | None:
    """Return where the clause after `said on Monday` or `said in a statement` begins; None if there is no clause."""
    words = row.words
    for n in range(number, min(last, number + LONGEST_ASIDE)):
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

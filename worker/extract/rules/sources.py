"""Sources: the noun phrase before or after a cue.

All positions are numbers of items. An item is a word, a punctuation mark, or a whole quoted region. The search goes
from item to item, and stops at the first item that cannot be part of a noun phrase.
"""

from worker.extract.marks.items import QUOTE, Items
from worker.extract.rules.cues import AUXILIARIES, BE
from worker.extract.rules.verbs import LEXICON, VerbForm
from worker.extract.vocabulary import words

Phrase = tuple[int, int]
"""Items `[first, last)`."""

LONGEST = 24
"""At most this many items make a noun phrase or an apposition."""
PAUSES = frozenset({",", "—", "–", "--", "-"})
PRONOUNS = words(
    """
    he she they it i we you who
    """
)
CONTRACTED = frozenset(p + s for p in PRONOUNS for s in ("'s", "'d", "'ve", "'ll", "'m", "'re"))
STANDING_ALONE = words("which that this some many others both all most neither none one")
RELATIVE = frozenset(["who", "which", "that"])
STOPS = words(
    """
    but because while when if as that whether than so though although after before since until where
    what how why or nor yet which who whom whose once unless despite during according about into
    through between among against then not there here him them me us
    """
)
PREPOSITIONS = words(
    """
    in at from for with on to by of under over near behind
    """
)
DETERMINERS = words(
    """
    the a an this these those his her its their our my another some many several most both all one
    two three four five six other others each every no few more
    """
)
DAYS = words(
    """
    monday tuesday wednesday thursday friday saturday sunday yesterday today tonight recently later
    earlier last this late early week month year morning afternoon evening night
    """
)
MONTHS = words(
    """
    january february march april may june july august september october november december jan feb
    aug sept oct nov dec
    """
)
NAME_DOT = words(
    """
    mr mrs ms dr sen sens rep reps gov gen col lt sgt capt maj adm prof rev hon st sr jr
    """
)


def before(row: Items, first: int, number: int) -> Phrase | None:
    """Return the source that ends right before item `number` and begins at `first` or later; None if there is none."""
    last = skip_time(row, first, number)
    if last <= first:
        return None
    end = last if row.words[last - 1] not in PAUSES else last - 1
    core = last
    for _ in range(3):  # `Reid (D-Nev.), who …,`
        if row.words[core - 1] not in PAUSES | {")"}:
            break
        opening = parenthesis(row, first, core - 1)
        if opening is None:
            return None
        core = opening
    phrase = walk(row, first, core)
    if core < last and phrase is not None and phrase[0] - 2 >= first and row.words[phrase[0] - 1] == ",":
        described = not row.capital[phrase[0]] and row.words[phrase[0]] not in PRONOUNS
        if described and row.capital[phrase[0] - 2]:
            phrase = walk(row, first, phrase[0] - 1) or phrase  # `Tribe, a critic, who …, said`
    return None if phrase is None else (phrase[0], end if core < last else phrase[1])


def skip_time(row: Items, first: int, number: int) -> int:
    """Return where a time between subject and verb ("on Monday", "late Wednesday") begins; `number` without a time."""
    last = number
    while last > first and (row.words[last - 1] in DAYS or row.words[last - 1] in MONTHS):
        last -= 1
    if last < number and last > first and row.words[last - 1] in ("on", "late", "early", "in"):
        last -= 1
    # a day that is itself the subject ("This week showed") is not skipped
    return last if last > first else number


def parenthesis(row: Items, first: int, closing: int) -> int | None:
    """Return where the noun before `, an apposition,` ends; None if there is no apposition.

    `closing` is the item that closes the apposition.
    """
    sign = row.words[closing]
    opening = "(" if sign == ")" else sign
    lowest = max(first, closing - LONGEST)
    for number in range(closing - 1, lowest - 1, -1):
        if row.words[number] == opening:
            return number if first < number < closing - 1 else None
        if row.is_quote(number) and opening != "(":
            return None
    return None


def walk(row: Items, first: int, last: int) -> Phrase | None:
    """Return the noun phrase that ends with item `last - 1`; None if there is no noun phrase."""
    words = row.words
    final = words[last - 1]
    if final in PRONOUNS or final in CONTRACTED or final in STANDING_ALONE:
        return (last - 1, last)
    if final in PREPOSITIONS or final in STOPS:
        return None
    if not (final[-1].isalnum() or (final in (".", "'", "’") and last - 2 >= first)):
        return None
    number = last
    while number > first and last - number < LONGEST:
        word = words[number - 1]
        if not keeps(row, number - 1, number < last, first):
            break
        number -= 1
        if row.capital[number] and number > first and bare_plural(row, number - 1):
            break
        if word in DETERMINERS and (
            number == first
            or words[number - 1] not in PREPOSITIONS | {"and", "all", "both", "of", "the", "these", "those"}
        ):
            break
    number = strip_left(row, number, last, first)
    return (number, last) if number < last else None


def bare_plural(row: Items, number: int) -> bool:
    """True for a plural right before a name. It belongs to the clause around the name: `the measures Iran says …`."""
    word = row.words[number]
    return not row.capital[number] and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "'s"))


def keeps(row: Items, number: int, inner: bool, first: int) -> bool:
    """True if a noun phrase can continue to the left with this item."""
    word = row.words[number]
    if word == ".":
        return number > first and (row.words[number - 1] in NAME_DOT or len(row.words[number - 1]) == 1) and inner
    if word in ("&", "'", "’", "-", "/", "%", "$"):
        return True
    if not word[0].isalnum() and word[0] not in "@#":
        return False
    if word in STOPS or word in AUXILIARIES or word in BE or word in PRONOUNS or word in CONTRACTED:
        return word == "may" and row.capital[number]
    if word == "and":
        return inner and number > first and row.capital[number + 1] and row.capital[number - 1]
    verb = LEXICON.get(word)
    if verb is not None and not row.capital[number] and inner and verb.form in (VerbForm.PAST, VerbForm.PRESENT):
        return word.endswith("s") and number > first and (row.words[number - 1] in DETERMINERS)
    return True


def strip_left(row: Items, number: int, last: int, first: int) -> int:
    """Return where a noun phrase begins if prepositions, conjunctions and an adverbial before it are skipped."""
    words = row.words
    if words[number] in PREPOSITIONS or (number > first and words[number - 1] in PREPOSITIONS):
        return last_chunk(row, number, last)
    while number < last and (words[number] in PREPOSITIONS or words[number] in ("and", "or", "&", "-", "/", "'", "’")):
        number += 1
    return number


def last_chunk(row: Items, number: int, last: int) -> int:
    """Return where the subject begins in a phrase after a preposition: "In a statement Trump said"."""
    words = row.words
    start = last - 1
    while start > number:
        word, left = words[start], words[start - 1]
        if word in DETERMINERS and left != "of":
            return start
        if row.capital[start] and not row.capital[start - 1] and left not in ("of", "and", ".", "the", "&", "'"):
            return start
        if left in PREPOSITIONS and left != "of":
            return start
        start -= 1
    return number + 1 if number + 1 < last and words[number] in PREPOSITIONS else number


AFTER_STOPS = words(
    """
    when as after before while because if that during since until to on at in by via through about
    last late early this earlier recently yesterday today who whose which but and so what how
    whether adding referring speaking citing noting again then also not
    """
)


def after(row: Items, number: int, last: int) -> Phrase | None:
    """Return the source that begins with item `number`: `said Jodie Bernstein, director of …`.

    None if no source begins there.
    """
    words = row.words
    if number >= last or row.is_quote(number):
        return None
    if words[number] in PRONOUNS:
        return (number, number + 1)
    if not (row.capital[number] or words[number] in DETERMINERS or words[number][0].isalnum()):
        return None
    is_adverbial = words[number] in AFTER_STOPS or words[number] in DAYS or words[number] in PREPOSITIONS
    if is_adverbial and not (row.capital[number] and words[number] not in DAYS):
        return None
    end = core_after(row, number, last)
    if end < last and words[end] in (",", "(") and end + 1 < last:
        end = apposition_after(row, end, last)
    return (number, end) if end > number else None


def core_after(row: Items, number: int, last: int) -> int:
    """Return where the noun phrase that begins with item `number` ends, without its apposition."""
    words = row.words
    end = number
    while end < last and end - number < LONGEST:
        word = words[end]
        if word == ".":
            if not (end + 1 < last and (words[end - 1] in NAME_DOT or len(words[end - 1]) == 1)):
                break
        elif (
            word == QUOTE
            or not (word[0].isalnum() or word[0] in "&@#'’-/")
            or (end > number and (word in DAYS or word in BE or word in AUXILIARIES))
        ):
            break
        elif end > number and word == "and":
            if not (end + 1 < last and (row.capital[end + 1] or words[end + 1] in DETERMINERS)):
                break
        elif end > number and word in AFTER_STOPS:
            break
        end += 1
    return end


def apposition_after(row: Items, end: int, last: int) -> int:
    """Return where a name with `, an apposition` or `(D-Nev.)` ends, given the number of the comma or bracket."""
    words = row.words
    if words[end] == "(":
        for number in range(end + 1, min(last, end + 8)):
            if words[number] == ")":
                if number + 1 < last and words[number + 1] == ",":
                    return apposition_after(row, number + 1, last) if number + 2 < last else number + 1
                return number + 1
        return end
    follows = end + 1
    relative = words[follows] in ("who", "whose", "a", "an", "the", "one", "his", "her", "chief", "head", "director")
    if not relative and (words[follows] in AFTER_STOPS or words[follows] in PREPOSITIONS or words[follows] in PRONOUNS):
        return end
    if words[follows].endswith("ing") or row.is_quote(follows):
        return end
    number = follows
    while number < last and number - follows < LONGEST:
        word = words[number]
        if word == QUOTE or word in (",", ";", ":", "(", "—", "–", "--", "?", "!"):
            break
        if word == "." and not (words[number - 1] in NAME_DOT or len(words[number - 1]) == 1):
            break
        if word in ("when", "after", "while", "as", "adding", "during", "because") or word in DAYS - {"last", "this"}:
            break
        number += 1
    if number < last and row.is_quote(number) and words[follows] == "the":
        return end
    if number - follows >= LONGEST or (
        number < last and row.is_quote(number) and words[follows] not in ("who", "a", "an", "the")
    ):
        return end if not relative else number
    return number

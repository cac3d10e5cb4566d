"""Cues: the reporting verbs of a sentence, with their auxiliaries and adverbs.

All positions are numbers of items. An item is a word, a punctuation mark, or a whole quoted region.
"""

from dataclasses import dataclass

from worker.extract.marks.items import Items
from worker.extract.rules.verbs import (
    CLAUSE,
    FOLLOWED_BY,
    LEXICON,
    OBJECT,
    PHRASE_QUOTES,
    PREPOSITIONAL_ONLY,
    QUOTE,
    Governs,
    Verb,
    VerbForm,
)
from worker.extract.vocabulary import words

AUXILIARIES = words(
    """
    has have had having 's 've 'd will would could may might can should must do does did not never
    n't hasn't haven't hadn't didn't doesn't don't won't wouldn't couldn't can't
    """
)
BE = words(
    """
    is are was were be been being am isn't aren't wasn't weren't 's 're
    """
)
ADVERBS = words(
    """
    also later then once again often never still even further just now first soon always ever
    already simply sometimes thus recently further too yet rightly instead ultimately long
    """
)
NOT_ADVERBS = words(
    """
    family early reply rally italy supply assembly bully kelly emily sally daily
    """
)
SUBJECTS = words("i we you he she it they who which that many some others")
DETERMINERS = words(
    """
    the a an this that these those his her its their our my your any no some other 's
    """
)
PLURALS = words("and but or people men women children police not media public also both most all few")
ARTICLES = DETERMINERS - {"this", "that", "these", "those", "some"}
NOUN_BEFORE = words(
    """
    of for in with by from at on into about as
    """
)
MOST_CUES = 25
"""At most this many cues of a sentence are used. No real sentence has more, and the limit keeps the time linear."""
MAYBE_NOUNS = words(
    """
    claim claims report reports state states note notes post posts comment comments estimate estimates counter read
    address addresses question questions attack attacks order orders call calls hope hopes fear fears doubt doubts
    promise promises vow vows pledge pledges demand demands tweet tweets answer answers joke jokes challenge praise
    blame cry remark remarks reply quote quotes detail details reference references brand credit fault insult protest
    paint reading writing feeling beginning finding showing
    """
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb with its auxiliaries: items `[first, last)`."""

    first: int
    last: int
    governs: Governs
    form: VerbForm
    lemma: str


def cues(row: Items, first: int, last: int) -> list[Cue]:
    """Return the finite and -ing cues among items `[first, last)`, in order."""
    in_order: list[Cue] = []
    for number, word in enumerate(row.words[first:last], first):
        verb = LEXICON.get(word)
        cue = verb_cue(row, number, verb, first, last) if verb else None
        if cue is not None:
            in_order.append(cue)
            if len(in_order) == MOST_CUES:
                break
    return in_order


def verb_cue(row: Items, number: int, verb: Verb, first: int, last: int) -> Cue | None:
    """Return the cue around a verb form; None if the form is a noun, a passive or an infinitive."""
    words = row.words
    begin = number
    while begin > first and is_adverb(row, begin - 1):
        begin -= 1
    before = words[begin - 1] if begin > first else ""
    following = words[number + 1] if number + 1 < last else ""
    if words[number] in MAYBE_NOUNS and (
        following in BE or (begin > first and not makes_verb(row, begin - 1, verb.form))
    ):
        return None
    if verb.form is VerbForm.PARTICIPLE or (verb.form is VerbForm.ING and verb.lemma in ("go", "put")):
        return None
    if before == "to":
        return went_on(row, number, begin - 1, verb, first, last)
    if verb.form is VerbForm.BASE and begin > first and not takes_base(row, begin - 1):
        return None
    if before in BE and verb.form in (VerbForm.PAST, VerbForm.BASE):
        return None
    if verb.form in (VerbForm.PAST, VerbForm.PRESENT, VerbForm.ING) and before in ARTICLES:
        return None
    if row.capital[number] and number > first and not row.is_quote(number - 1):
        return None
    if verb.form is VerbForm.ING and before in NOUN_BEFORE | {"'s"} and before not in ("by", "as", "in"):
        return None
    while begin > first and (words[begin - 1] in AUXILIARIES or words[begin - 1] in BE or is_adverb(row, begin - 1)):
        begin -= 1
    governs, end = particle(row, number, verb, last)
    return Cue(begin, end, governs, verb.form, verb.lemma) if governs else None


def makes_verb(row: Items, number: int, form: VerbForm) -> bool:
    """True if this item shows that the next word is a verb, though the word may also be a noun (claims, report)."""
    word = row.words[number]
    if word in ("some", "many", "others", "they", "we", "i", "you") and form is VerbForm.PRESENT:
        return False
    if word in SUBJECTS or word in AUXILIARIES or word in (",", "and", "but", ")", "to", "also"):
        return True
    if word in DETERMINERS or word in NOUN_BEFORE or word.endswith("'s"):
        return False
    return (
        row.capital[number]
        or (form is VerbForm.BASE and word.endswith("s"))
        or form not in (VerbForm.BASE, VerbForm.PRESENT)
    )


def takes_base(row: Items, number: int) -> bool:
    """True if this item can come before the base form of a verb: a plural, an auxiliary or a fitting pronoun."""
    word = row.words[number]
    if word in ("he", "she", "it", "a", "an", "the", "this") or word in NOUN_BEFORE:
        return False
    return word in SUBJECTS or word in AUXILIARIES or word in PLURALS or not word[0].isalnum() or word.endswith("s")


def went_on(row: Items, number: int, to: int, verb: Verb, first: int, last: int) -> Cue | None:
    """Return the cue `went on to say` or `continued to insist`; None for other infinitives, which are uncertain."""
    words = row.words
    if to - 2 >= first and words[to - 1] == "on" and words[to - 2] in ("went", "goes", "go", "going"):
        begin = to - 2
    elif to - 1 >= first and words[to - 1] in ("continued", "continues", "appeared", "seemed", "seems", "began"):
        begin = to - 1
    else:
        return None
    governs, end = particle(row, number, verb, last)
    return Cue(begin, end, governs, VerbForm.PAST, verb.lemma) if governs else None


def particle(row: Items, number: int, verb: Verb, last: int) -> tuple[Governs, int]:
    """Return what the verb, together with a preposition or adverb after it, can govern; and return the cue's end."""
    follows = FOLLOWED_BY.get(verb.lemma, ())
    if verb.lemma == "go" and row.words[number + 1 : number + 3] == ["on", "to"]:
        return Governs(0), number + 1
    if number + 1 < last and row.words[number + 1] in follows:
        pair = (verb.lemma, row.words[number + 1])
        return (QUOTE | CLAUSE if pair in PHRASE_QUOTES else OBJECT | verb.governs & QUOTE), number + 2
    if verb.lemma in PREPOSITIONAL_ONLY or verb.lemma in ("go", "put"):
        return Governs(0), number + 1
    return verb.governs, number + 1


def is_adverb(row: Items, number: int) -> bool:
    """True if the item is an adverb that can come between subject and verb."""
    word = row.words[number]
    return word in ADVERBS or (
        word.endswith("ly") and len(word) > 4 and not row.capital[number] and word not in NOT_ADVERBS
    )

"""The reporting verbs and what each of them can govern.

They were chosen by hand. A form was kept if at least about a third of its occurrences outside quotation marks belonged
to a cue in the train part of PolNeAR.
"""

from dataclasses import dataclass
from enum import Flag, StrEnum, auto

from worker.extract.vocabulary import words


class Governs(Flag):
    """The things that a reporting verb can govern."""

    QUOTE = auto()  # "…," she said
    CLAUSE = auto()  # said (that) …
    OBJECT = auto()  # criticized the plan
    ADDRESSEE = auto()  # told reporters …


class VerbForm(StrEnum):
    """The form of a verb in the text."""

    BASE = "base"
    PRESENT = "present"
    PAST = "past"  # also the participle of regular verbs
    PARTICIPLE = "participle"  # "shown", which is never a finite verb
    ING = "ing"


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a reporting verb."""

    lemma: str
    governs: Governs
    form: VerbForm


QUOTE, CLAUSE, OBJECT, ADDRESSEE = Governs

SPEECH = words(
    """
    say add write note announce suggest argue tweet declare explain acknowledge claim warn reveal conclude state recall
    insist predict reply report complain assert stress joke concede boast lament quip remark observe emphasize emphasise
    reiterate testify comment opine muse speculate contend allege admit underscore underline caution counter retort
    clarify maintain post respond agree assure remind believe think confirm stipulate recount proclaim affirm reaffirm
    profess surmise brag gush bemoan read confess specify theorize insinuate repeat retweet instagram
    """
)
QUOTED_ONLY = words(
    """
    continue exclaim whisper mutter scream shout yell chant interject elaborate answer begin chime gripe cry demand
    deadpan intone ponder inquire chuckle laugh sigh snap crow rant thunder implore fume growl bellow sing finish recite
    tease vow promise pledge crack hedge gloat proffer venture urge beg plead grouse cheer shrug summarize counsel
    pronounce allow protest
    """
)
TOLD = words(
    """
    tell remind assure inform warn ask advise notify reassure
    """
)
CLAUSE_ONLY = words(
    """
    show find indicate imply signal hint hope fear worry doubt expect learn realize suspect wonder estimate feel
    disclose mention guess assume foresee swear remember imagine
    """
)
OBJECT_ONLY = words(
    """
    call describe criticize criticise accuse defend praise attack blast slam denounce condemn dismiss reject cite
    question deny mock blame endorse express voice urge applaud decry deride chide rebuke hail laud tout invoke address
    discuss highlight label dub liken compare characterize characterise brand portray paint depict assail thank
    congratulate challenge propose recommend demand predict announce reiterate echo mention outline detail order
    ridicule lambaste lambast repeat acknowledge admit emphasize stress underscore explain reveal note report quote
    downplay pronounce assess extol credit fault insult dispute recall suggest claim confirm ask affirm bemoan lament
    protest contradict refute rebut concede envision pillory pan trash compliment salute reference disparage
    """
)
FOLLOWED_BY = {
    "point": ("to", "out"),
    "call": ("for", "on", "upon"),
    "refer": ("to",),
    "allude": ("to",),
    "talk": ("about", "of"),
    "speak": ("about", "of", "out"),
    "warn": ("of", "against", "about"),
    "complain": ("about", "of"),
    "push": ("for", "back"),
    "argue": ("for", "against"),
    "advocate": ("for",),
    "apologize": ("for",),
    "comment": ("on",),
    "object": ("to",),
    "disagree": ("with",),
    "agree": ("with", "to"),
    "think": ("of", "about"),
    "rail": ("against", "at", "about"),
    "lash": ("out",),
    "inquire": ("about",),
    "ask": ("for", "about"),
    "boast": ("about", "of"),
    "brag": ("about",),
    "joke": ("about",),
    "write": ("about", "of"),
    "say": ("of",),
    "hint": ("at",),
    "chime": ("in",),
    "shoot": ("back",),
    "fire": ("back",),
    "hit": ("back",),
    "weigh": ("in",),
    "respond": ("to",),
    "reply": ("to",),
    "react": ("to",),
    "go": ("on",),
    "put": ("it",),
}
"""Words after a verb that belong to the cue. A verb that is in no list above needs such a word; other verbs do not."""
PREPOSITIONAL_ONLY = words(
    """
    point refer allude talk speak push advocate apologize object disagree rail lash shoot fire hit weigh react
    """
)
PHRASE_QUOTES = frozenset(
    {
        ("point", "out"),
        ("chime", "in"),
        ("shoot", "back"),
        ("fire", "back"),
        ("hit", "back"),
        ("weigh", "in"),
        ("go", "on"),
        ("put", "it"),
    }
)
IRREGULAR = {
    "say": ("says", "said", "", "saying"),
    "tell": ("tells", "told", "", "telling"),
    "write": ("writes", "wrote", "written", "writing"),
    "read": ("reads", "read", "", "reading"),
    "think": ("thinks", "", "", "thinking"),
    "begin": ("begins", "began", "begun", "beginning"),
    "show": ("shows", "showed", "shown", "showing"),
    "find": ("finds", "found", "", "finding"),
    "feel": ("feels", "felt", "", "feeling"),
    "foresee": ("foresees", "foresaw", "foreseen", "foreseeing"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "sing": ("sings", "sang", "sung", "singing"),
    "shoot": ("shoots", "shot", "", "shooting"),
    "hit": ("hits", "hit", "", "hitting"),
    "go": ("goes", "went", "gone", "going"),
    "put": ("puts", "put", "", "putting"),
    "admit": ("admits", "admitted", "", "admitting"),
    "quip": ("quips", "quipped", "", "quipping"),
    "brag": ("brags", "bragged", "", "bragging"),
    "refer": ("refers", "referred", "", "referring"),
    "rebut": ("rebuts", "rebutted", "", "rebutting"),
    "slam": ("slams", "slammed", "", "slamming"),
    "dub": ("dubs", "dubbed", "", "dubbing"),
    "snap": ("snaps", "snapped", "", "snapping"),
    "pan": ("pans", "panned", "", "panning"),
    "extol": ("extols", "extolled", "", "extolling"),
    "label": ("labels", "labeled", "labelled", "labeling"),
    "signal": ("signals", "signaled", "signalled", "signaling"),
}
"""Third person, past, participle if it differs, -ing."""


def lexicon() -> dict[str, Verb]:
    """Return every form of every verb, by its lower-case spelling."""
    governs: dict[str, Governs] = {}
    for lemmas, flags in (
        (SPEECH, QUOTE | CLAUSE),
        (QUOTED_ONLY, QUOTE),
        (TOLD, QUOTE | CLAUSE | ADDRESSEE),
        (CLAUSE_ONLY, CLAUSE),
        (OBJECT_ONLY, OBJECT),
        (list(PREPOSITIONAL_ONLY), Governs(0)),
        (["go", "put"], Governs(0)),
    ):
        for lemma in sorted(lemmas):
            governs[lemma] = governs.get(lemma, Governs(0)) | flags
    forms: dict[str, Verb] = {}
    for lemma, flags in governs.items():
        present, past, participle, ing = IRREGULAR.get(lemma) or regular(lemma)
        for spelling, form in (
            (lemma, VerbForm.BASE),
            (present, VerbForm.PRESENT),
            (participle, VerbForm.PARTICIPLE),
            (ing, VerbForm.ING),
            (past, VerbForm.PAST),
        ):
            if spelling:
                forms[spelling] = Verb(lemma, flags, form)
    return forms


def regular(lemma: str) -> tuple[str, str, str, str]:
    """Return third person, past, participle and -ing form of a regular verb.

    The participle is empty, because it is the same as the past.
    """
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", "", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", "", lemma + "ing"
    if lemma.endswith(("s", "sh", "ch", "x")):
        return lemma + "es", lemma + "ed", "", lemma + "ing"
    return lemma + "s", lemma + "ed", "", lemma + "ing"


LEXICON = lexicon()

"""The reporting verbs and what each can govern.

Chosen by hand, then kept where, on the train part of PolNeAR, at least about a third of a form's occurrences outside
quotation marks belonged to a cue.
"""

from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class Governs(Flag):
    """What a reporting verb takes."""

    QUOTE = auto()  # "…," she said
    CLAUSE = auto()  # said (that) …
    OBJECT = auto()  # criticized the plan
    INFINITIVE = auto()  # vowed to …
    ADDRESSEE = auto()  # told reporters …


class Form(StrEnum):
    """Which form of the verb stands in the text."""

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
    form: Form


QUOTE, CLAUSE, OBJECT, INFINITIVE, ADDRESSEE = Governs

SPEECH = ["say", "add", "write", "note", "announce", "suggest", "argue", "tweet", "declare", "explain", "acknowledge", "claim", "warn", "reveal", "conclude", "state", "recall", "insist", "predict", "reply", "report", "complain", "assert", "stress", "joke", "concede", "boast", "lament", "quip", "remark", "observe", "emphasize", "emphasise", "reiterate", "testify", "comment", "opine", "muse", "speculate", "contend", "allege", "admit", "underscore", "underline", "caution", "counter", "retort", "clarify", "maintain", "post", "respond", "agree", "assure", "remind", "believe", "think", "confirm", "stipulate", "reason", "recount", "proclaim", "affirm", "reaffirm", "profess", "surmise", "brag", "gush", "bemoan", "read", "confess", "specify", "theorize", "insinuate", "vent", "repeat", "write-in", "retweet", "email", "text", "blog", "instagram"]
QUOTED_ONLY = ["continue", "exclaim", "whisper", "mutter", "scream", "shout", "yell", "chant", "interject", "elaborate", "answer", "begin", "conclude", "chime", "gripe", "cry", "ask", "demand", "deadpan", "intone", "ponder", "inquire", "chuckle", "laugh", "sigh", "snap", "crow", "rant", "thunder", "implore", "fume", "growl", "joke", "bellow", "sing", "finish", "recite", "tease"]
TOLD = ["tell", "remind", "assure", "inform", "warn", "ask", "advise", "notify", "reassure"]
CLAUSE_ONLY = ["show", "find", "indicate", "imply", "signal", "hint", "hope", "fear", "worry", "doubt", "expect", "learn", "realize", "suspect", "wonder", "estimate", "feel", "disclose", "mention", "understand", "guess", "recognize", "recognise", "assume", "feel", "complain", "foresee", "caution", "swear", "stipulate", "conclude", "discover", "decide", "determine", "remember", "imagine"]
OBJECT_ONLY = ["call", "describe", "criticize", "criticise", "accuse", "defend", "praise", "attack", "blast", "slam", "denounce", "condemn", "dismiss", "reject", "cite", "question", "deny", "mock", "blame", "endorse", "express", "voice", "urge", "applaud", "decry", "deride", "chide", "rebuke", "hail", "laud", "tout", "invoke", "address", "discuss", "highlight", "label", "dub", "liken", "compare", "characterize", "characterise", "brand", "portray", "paint", "depict", "assail", "thank", "congratulate", "encourage", "challenge", "propose", "recommend", "demand", "predict", "announce", "reiterate", "echo", "mention", "outline", "detail", "issue", "order", "back", "welcome", "ridicule", "lambaste", "lambast", "demand", "repeat", "acknowledge", "admit", "emphasize", "stress", "underscore", "explain", "reveal", "note", "report", "quote", "name", "list", "downplay", "champion", "promote", "pronounce", "deem", "view", "assess", "regard", "consider", "extol", "credit", "fault", "insult", "support", "oppose", "favor", "favour", "dispute", "recall", "suggest", "claim", "confirm", "ask", "affirm", "bemoan", "lament", "protest", "contradict", "refute", "rebut", "concede", "approve", "unveil", "identify", "envision", "predict", "pillory", "pan", "trash", "compliment", "salute", "celebrate", "reference", "ridicule", "disparage"]
TO_DO = ["vow", "refuse", "decline", "promise", "pledge", "offer", "propose", "threaten", "want", "hope", "plan", "agree", "ask", "urge", "seek", "order", "encourage", "press", "challenge", "expect", "prefer", "intend", "swear", "prepare"]
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
    "focus": ("on",),
    "comment": ("on",),
    "object": ("to",),
    "disagree": ("with",),
    "agree": ("with", "to"),
    "think": ("of", "about"),
    "rail": ("against", "at", "about"),
    "lash": ("out",),
    "call ": (),
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
"""What must follow (for verbs in no list above) or may follow; it belongs to the cue."""
PREPOSITIONAL_ONLY = frozenset(
    ["point", "refer", "allude", "talk", "speak", "push", "advocate", "apologize", "object", "disagree", "rail", "lash", "shoot", "fire", "hit", "weigh", "react", "focus"]
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
    "think": ("thinks", "thought", "", "thinking"),
    "begin": ("begins", "began", "begun", "beginning"),
    "show": ("shows", "showed", "shown", "showing"),
    "find": ("finds", "found", "", "finding"),
    "feel": ("feels", "felt", "", "feeling"),
    "understand": ("understands", "understood", "", "understanding"),
    "foresee": ("foresees", "foresaw", "foreseen", "foreseeing"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "sing": ("sings", "sang", "sung", "singing"),
    "seek": ("seeks", "sought", "", "seeking"),
    "shoot": ("shoots", "shot", "", "shooting"),
    "hit": ("hits", "hit", "", "hitting"),
    "go": ("goes", "went", "gone", "going"),
    "put": ("puts", "put", "", "putting"),
    "admit": ("admits", "admitted", "", "admitting"),
    "quip": ("quips", "quipped", "", "quipping"),
    "brag": ("brags", "bragged", "", "bragging"),
    "refer": ("refers", "referred", "", "referring"),
    "prefer": ("prefers", "preferred", "", "preferring"),
    "rebut": ("rebuts", "rebutted", "", "rebutting"),
    "slam": ("slams", "slammed", "", "slamming"),
    "dub": ("dubs", "dubbed", "", "dubbing"),
    "chat": ("chats", "chatted", "", "chatting"),
    "plan": ("plans", "planned", "", "planning"),
    "blog": ("blogs", "blogged", "", "blogging"),
    "snap": ("snaps", "snapped", "", "snapping"),
    "pan": ("pans", "panned", "", "panning"),
    "extol": ("extols", "extolled", "", "extolling"),
    "label": ("labels", "labeled", "labelled", "labeling"),
    "signal": ("signals", "signaled", "signalled", "signaling"),
}
"""third person, past, participle where it differs, -ing"""


def lexicon() -> dict[str, Verb]:
    """Every form of every verb, by its lower-case spelling."""
    governs: dict[str, Governs] = {}
    for lemmas, flags in (
        (SPEECH, QUOTE | CLAUSE),
        (QUOTED_ONLY, QUOTE),
        (TOLD, QUOTE | CLAUSE | ADDRESSEE),
        (CLAUSE_ONLY, CLAUSE),
        (OBJECT_ONLY, OBJECT),
        (TO_DO, INFINITIVE),
        (list(PREPOSITIONAL_ONLY), Governs(0)),
        (["go", "put"], Governs(0)),
    ):
        for lemma in lemmas:
            governs[lemma] = governs.get(lemma, Governs(0)) | flags
    forms: dict[str, Verb] = {}
    for lemma, flags in governs.items():
        present, past, participle, ing = IRREGULAR.get(lemma) or regular(lemma)
        for spelling, form in (
            (lemma, Form.BASE),
            (present, Form.PRESENT),
            (participle, Form.PARTICIPLE),
            (ing, Form.ING),
            (past, Form.PAST),
        ):
            if spelling:
                forms[spelling] = Verb(lemma, flags, form)
    return forms


def regular(lemma: str) -> tuple[str, str, str, str]:
    """Third person, past, no separate participle, -ing of a regular verb."""
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", "", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", "", lemma + "ing"
    if lemma.endswith(("s", "sh", "ch", "x")):
        return lemma + "es", lemma + "ed", "", lemma + "ing"
    return lemma + "s", lemma + "ed", "", lemma + "ing"


LEXICON = lexicon()

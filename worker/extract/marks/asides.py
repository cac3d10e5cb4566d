"""Paragraphs that stand in a text and are no part of it: links to other articles, captions, credits and adverts.

Words in them are nobody's statement here ("READ MORE: “We will strike again,” says union"). Pages lose them while they
are parsed, by their mark-up; a plain text shows them only by its wording. They stay in the stored text.

Of 67,000 paragraphs of two news corpora, 35 count as such, and each of them is one.
"""

import re

from worker.extract.quotation import Span

LONGEST = 400
"""A paragraph with more characters is none of these."""


def any_of(*patterns: str) -> str:
    """Return a pattern that matches one of these."""
    return f"(?:{'|'.join(patterns)})"


STORIES = r"(?: (?:news|stories|story|articles?|coverage|reading|links?|videos?|topics?|on this(?: story| topic)?))?"
LABELS = any_of(
    r"(?:(?:also|now|must)[ -])?read(?: (?:more|also|next|on|this|our|the (?:full )?(?:story|article|report)))?",
    r"see (?:also|more)",
    r"(?:also )?watch(?: (?:more|also|live|now|the video|this))?",
    r"(?:also )?listen(?: (?:more|also|to this|now|here))?",
    rf"(?:more|related|recommended|suggested){STORIES}",
    r"more from \w{2,20}(?: \w{2,20})?",
    r"don[’']t miss",
    r"editor[’']s picks?",
    r"you may (?:also )?like",
    *(r"lesen sie (?:auch|mehr|hier)", r"mehr (?:dazu|zum thema)", r"zum thema"),
    *(r"(?:à )?lire (?:aussi|également)", r"voir aussi", r"sur le même sujet"),
    *(r"lees (?:ook|meer|verder)", r"lea (?:también|más)", r"le[ea] también", r"te puede interesar"),
    *(r"leggi anche", r"leia (?:também|mais)", r"czytaj (?:też|także|więcej)", r"läs (?:också|mer)", r"les også"),
)
LINK = re.compile(rf"(?:[•▶►→»*-]\s*)?{LABELS}\s*[:|»>–—]\s*\S", re.IGNORECASE)
"""A label, then the title of another article."""
CALLS = any_of(
    *("sign up", "subscribe", r"follow (?:us|@)", r"follow (?:[\w’']{1,20} ){1,4}(?:on|coverage)", "like us"),
    *(
        r"download (?:the|our)",
        r"get (?:the latest|our|all)",
        r"join (?:us|our)",
        "click here",
        r"have a (?:tip|story)",
    ),
    *("abonnieren sie", "melden sie sich", "inscrivez-vous", "abonnez-vous"),
)
CALL = re.compile(rf"{CALLS}(?!\w)", re.IGNORECASE)
CHANNELS = any_of(
    *("newsletters?", "inbox", "app", "alerts?", "notifications", "coverage", "podcast", "channel", "facebook"),
    *("twitter", "instagram", "whatsapp", "telegram", "youtube", "tiktok", "linkedin"),
)
CHANNEL = re.compile(rf"\b{CHANNELS}\b|https?://|@\w", re.IGNORECASE)
"""A paragraph that begins with a call and names a channel is a box."""
ADVERTS = any_of(
    *(r"(?:skip |scroll for )?advertisements?", r"(?:story|article) continues (?:below|after)[\w ]{0,30}"),
    *(
        r"sponsored(?: content)?",
        "anzeige",
        "werbung",
        "publicité",
        "publicidad",
        "pubblicità",
        "advertentie",
        "reklama",
    ),
)
ADVERT = re.compile(rf"[-–—\[(*\s]{{0,20}}{ADVERTS}[-–—\])*\s]{{0,20}}", re.IGNORECASE)
BY = r"(?: by| credit| courtesy(?: of)?)?"
PICTURE = r"(?:photo(?:graph)?s?|image|picture|foto|bild|illustration)"
CAPTION = re.compile(
    rf"(?-i:FILE(?: PHOTO)?|PHOTO|FOTO|IMAGE|PICTURE)\s?[:–—-]|(?:(?:file|cover|main|top|stock) )?{PICTURE}{BY}\s?:\s",
    re.IGNORECASE,
)
CREDITS = any_of(
    rf"\((?:[\w. ]{{1,20}} )?(?:{PICTURE}|file|courtesy)\b[^()]{{0,80}}\)",
    rf"\b(?:{PICTURE}|credits?){BY}\s?[:/]\s?[^.:“”\"]{{2,80}}",
    *(r"getty images(?:/\w{1,20})?", r"reuters/[\w .-]{3,40}", r"ap photo/[\w .,-]{3,60}"),
    *(r"via (?:AP|AFP|Reuters|Getty)", "shutterstock", r"istock(?:photo)?", "alamy"),
)
CREDIT = re.compile(rf"{CREDITS}[)\]\s.]{{0,4}}\Z", re.IGNORECASE)

CREDIT_WORDS = (
    *("photo", "image", "picture", "foto", "bild", "illustration", "file", "courtesy", "credit"),
    *("getty", "reuters", "via a", "shutterstock", "istock", "alamy"),
)
"""Every credit has one of these words. A paragraph without any, as nearly all are, is not searched for credits."""


def without_asides(text: str, paragraphs: list[Span]) -> str:
    """Return `text` with blanks in place of the paragraphs that are no part of it; all offsets stay the same."""
    pieces: list[str] = []
    place = 0
    for start, end in paragraphs:
        if end - start <= LONGEST and is_aside(text[start:end]):
            pieces += text[place:start], " " * (end - start)
            place = end
    return "".join((*pieces, text[place:])) if place else text


def is_aside(paragraph: str) -> bool:
    """True for a paragraph that is a link to another article, a box, an advert, a caption or a credit."""
    return bool(
        LINK.match(paragraph)
        or ADVERT.fullmatch(paragraph)
        or CAPTION.match(paragraph)
        or (may_be_credited(paragraph) and CREDIT.search(paragraph))
        or (CALL.match(paragraph) and CHANNEL.search(paragraph))
    )


def may_be_credited(paragraph: str) -> bool:
    """True if a paragraph has one of the words that credits have."""
    folded = paragraph.casefold()
    return any(word in folded for word in CREDIT_WORDS)

"""Who sent a mail: a person, who then is the author, or an outlet with its newsletter."""

import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from worker.parse.compose import LONGEST_FIELD, one_line
from worker.parse.mails.encoded_words import decoded

LIST_FIELDS = ("List-Id", "List-Unsubscribe", "List-Post", "X-Campaign", "X-Mailchimp-Campaign-Id", "Feedback-ID")
# Before "@", what stands for an office and not for a person; digits and signs are left out of the comparison.
OFFICES = frozenset((
    "alert", "alerts", "briefing", "contact", "desk", "donotreply", "editor", "editorial", "editors", "email", "hello",
    "info", "list", "mail", "mailer", "news", "newsdesk", "newsletter", "newsletters", "newsroom", "noreply", "notify",
    "office", "post", "press", "redaccion", "redaction", "redaktion", "redazione", "reply", "service", "subscriptions",
    "support", "team", "update", "updates", "kontakt", "presse", "prensa",
))  # fmt: skip
# Words that outlets have in their names, and persons hardly ever.
OUTLET_WORDS = re.compile(
    r"(?i)\b(?:the|news|newsletters?|times|herald|courier|gazette|post|tribune|journal|chronicle|telegraph|observer"
    r"|daily|weekly|morning|evening|today|press|media|radio|tv|magazine|review|digest|bulletin|briefing|alerts?|agency"
    r"|zeitung|nachrichten|blatt|tagblatt|anzeiger|courrier|journal|presse|diario|noticias|periodico|giornale|notizie"
    r"|corriere|jornal|krant|dagblad|nieuws|avis|tidning(?:en)?|nyheter)\b|\d|\.\w{2,10}\Z"
)
NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}(?:[ ,]+(?:[a-z]{1,3} )?[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}){1,4}\Z")
BETWEEN = re.compile(
    r"(?P<person>[^|@]{3,60}?)(?: (?:via|from|at|for|bei|chez) | ?[|@] ?| [–—-] |, )(?P<outlet>.{2,80})\Z"
)


@dataclass(frozen=True, slots=True)
class Sender:
    """The author and the outlet that the sender of a mail stands for; at most one of each."""

    author: str | None = None
    outlet: str | None = None


def sender(mail: Message) -> Sender:
    """Return what the field `From` says. A name without a hint counts as an author's, as in private mail."""
    name, address = parseaddr(_field(mail))
    shown = one_line(decoded(name).strip(" '\"<>"))
    if shown is None or "@" in shown or re.sub(r"[^a-z]", "", shown.lower()) in OFFICES:
        return Sender()
    both = BETWEEN.match(shown)
    if both and is_person(both["person"].strip()) and not is_person(both["outlet"].strip()):
        return Sender(both["person"].strip(), both["outlet"].strip())
    if _stands_for_outlet(shown, address.lower(), is_list=any(mail.get(field) for field in LIST_FIELDS)):
        return Sender(outlet=shown)
    return Sender(author=shown)


def is_person(name: str) -> bool:
    """True if a name looks like that of a person: two to five words in capitals, none of which outlets use."""
    return NAME.match(name) is not None and OUTLET_WORDS.search(name) is None


def _stands_for_outlet(name: str, address: str, *, is_list: bool) -> bool:
    local, _, domain = address.partition("@")
    words = [word for word in re.findall(r"\w+", name.lower()) if len(word) > 2]
    is_office = re.sub(r"[^a-z]", "", local.partition("+")[0]) in OFFICES
    if is_person(name):
        of_person = any(word in local for word in words)
        of_domain = any(word in domain for word in words)
        return not of_person and of_domain and (is_office or is_list)
    return is_list or is_office or any(word in domain for word in words) or OUTLET_WORDS.search(name) is not None


def _field(mail: Message) -> str:
    """Return the field as it stands, since a decoded name may hold commas and brackets."""
    return next((str(value)[:LONGEST_FIELD] for name, value in mail.raw_items() if name.lower() == "from"), "")

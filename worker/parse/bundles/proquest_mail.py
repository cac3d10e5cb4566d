"""ProQuest exports in mails, which the service sends itself, and which people forward."""

import re
from email.message import Message

from worker.parse.bundles.pages import text_of_page
from worker.parse.mails.mime import message, payload
from worker.reasons import Reason, Refused

HEADERS = re.compile(r"(?:[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){3}")
SIGNS = ("DocID_", "ProQuest document", "ProQuest Export", "noreply@proquest.com")


def looks_like(head: str) -> bool:
    """True if a file is a mail with an export of ProQuest, as the service sends it or as it was forwarded."""
    if "roquest" not in head.lower() or HEADERS.match(head.lstrip()) is None:
        return False
    joined = head.replace("=\n", "")
    return any(sign in joined for sign in SIGNS[:3]) or (SIGNS[3] in head and "text/html" in head.lower())


def text_of_mail(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the source of the page in a mail, and the warnings of its decoding."""
    page = max(_pages(message(raw)), key=len, default=b"")
    if not page:
        raise Refused(Reason.MALFORMED, "It is a mail of ProQuest without its export. Save the mail as a whole (.eml).")
    return text_of_page(page)


def _pages(mail: Message) -> list[bytes]:
    return [payload(part) for part in mail.walk() if part.get_content_type() == "text/html"]

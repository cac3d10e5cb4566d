"""Mail (.eml): newsletters and forwarded articles. The subject becomes the title, and the sender the author."""

import re
from dataclasses import replace
from email.utils import parseaddr

from worker.parse.article import Article
from worker.parse.compose import one_line
from worker.parse.dates import publication_date
from worker.parse.format import Format, Hint
from worker.parse.formats import page, text
from worker.parse.mime import header, message, payload, payload_warnings, text_part
from worker.reasons import Reason, Refused

HEADERS = re.compile(rb"(?:[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){3}")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in the plain text of the mail, or else in its HTML.

    Raise `Refused(no_text)` if the mail has neither.
    """
    mail = message(raw)
    part = text_part(mail, "plain") or text_part(mail, "html")
    if part is None:
        raise Refused(Reason.NO_TEXT, "The mail has no text part. If the article is attached, drop the attachment.")
    if part.get_content_subtype() == "plain":
        lines = payload(part).replace(b"\r\n", b"\n").strip()
        article = text.parse(lines, replace(hint, charset=part.get_content_charset()))
    else:
        article = page.parse(payload(part), replace(hint, charset=part.get_content_charset()))
    sender = one_line(parseaddr(header(mail, "From") or "")[0])
    date = publication_date(header(mail, "Date"), "mail")
    return replace(
        article,
        title=one_line(header(mail, "Subject")) or article.title,
        authors=(sender,) if sender else article.authors,
        published_at=date.at if date else article.published_at,
        date_source=date.source if date else article.date_source,
        warnings=(*payload_warnings(part), *article.warnings),
    )


FORMAT = Format(
    name="mail",
    extensions=(".eml",),
    media_types=("message/rfc822",),
    sniff=lambda head: HEADERS.match(head) is not None,
    parse=parse,
)

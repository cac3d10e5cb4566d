"""MHTML (.mhtml, .mht): a page that a browser saved with its images; the first HTML part is the page."""

import re
from dataclasses import replace

from worker.parse.article import Article
from worker.parse.format import Format, Hint
from worker.parse.formats import page
from worker.parse.mails.mail_parts import HTML, leaves
from worker.parse.mails.mime import header, message, payload, payload_warnings
from worker.reasons import Reason, Refused

MEDIA_TYPE = "multipart/related"
RELATED = re.compile(rb"(?im)^content-type:\s*multipart/related\b")


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article on the saved page. The date of the message is not used: it is the date of saving.

    Raise `Refused(no_text)` if there is no HTML.
    """
    saved = message(raw)
    part = next((leaf.part for leaf in leaves(saved) if leaf.kind == HTML), None)
    if part is None:
        raise Refused(Reason.NO_TEXT, "The saved page holds no HTML. Save it again as a complete page.")
    address = header(part, "Content-Location") or header(saved, "Snapshot-Content-Location")
    article = page.parse(payload(part), replace(hint, charset=part.get_content_charset(), url=address))
    return replace(article, warnings=(*payload_warnings(part), *article.warnings))


FORMAT = Format(
    name="saved page (MHTML)",
    extensions=(".mhtml", ".mht"),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: RELATED.search(head[:4096]) is not None,
    parse=parse,
    by_content=True,
    mixed=True,
)

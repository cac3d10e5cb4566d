"""What single paragraphs are: prose, or a credit, a link to another article, a box about a newsletter, an advert.

Pages mark most of these by names (see `boxes`); the wording decides only on what is left.
"""

import re
from enum import IntEnum

from worker.parse.pages import phrases
from worker.parse.pages.blocks import HEADINGS, SENTENCE_END, Block

SHORT = 300  # characters: no sentence about a newsletter or a link is longer
LINE = 100  # no by-line, date or heading is longer
CREDIT_REACH = 120  # a credit at the end of a caption has at most so many characters
SHORTEST_CREDIT = 12  # "(Reuters)" alone names the agency of the text, not of a picture
LINKED = 0.9  # with a larger share of its characters in links, a paragraph is a link
PARTLY_LINKED = 0.3
QUOTATION = re.compile(r"[\"“”„«»「」]")  # people may say what a box says, and what is said is never left out
DATE_PARTS = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|h)?|[^\W\d]+")
# Months and days by their first letters, and the words between them, in six languages.
DATE_WORD = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|fév|avr|jui|aoû|déc|ene|abr|ago|dic|gen|mag|giu"
    r"|lug|set|ott|maa|mei|mrt|mon|tue|wed|thu|fri|sat|sun|mit|die|don|fre|sam|son|lun|mer|jeu|ven|dim|mié|jue|vie|sáb"
    r"|dom|gio|sab|woe|din|zat|zon|vri)[^\W\d_]{0,8}|am|pm|at|on|um|uhr|à|le|de|del|den|der|h|utc|gmt|[bceimpw]e?[sd]t|et"
)


class Kind(IntEnum):
    """What a paragraph is, by its wording and its links."""

    PROSE = 0
    ASIDE = 1  # no part of the article wherever it stands
    EDGE = 2  # no part of it at its beginning or end: a by-line, a date, about the author
    LIST = 3  # the heading of a list of links or sources
    COMMENTS = 4  # the heading of what readers say


def kind_of(block: Block) -> Kind:
    """Return what a paragraph is."""
    text = block.text
    if len(text) <= LINE:
        is_heading = block.tag in HEADINGS or not SENTENCE_END.search(text)
        if is_heading and phrases.COMMENTS_HEADING.match(text):
            return Kind.COMMENTS
        if is_heading and phrases.LIST_HEADING.match(text):
            return Kind.LIST
        if phrases.DATE_LABEL.match(text) or phrases.BYLINE.match(text) or _is_date(text):
            return Kind.EDGE
    if _is_link_line(block) or _is_credit(block) or _is_label(text):
        return Kind.ASIDE
    if len(text) <= 2 * SHORT and (block.leaning or block.links) and not QUOTATION.search(text):
        return Kind.EDGE if phrases.BIOGRAPHY.search(text) else Kind.PROSE
    return Kind.PROSE


def _is_label(text: str) -> bool:
    """True for labels of adverts and buttons, and for what stands around a newsletter, a mail, or a feed's article."""
    if len(text) <= LINE and phrases.LABEL.match(text):
        return True
    if QUOTATION.search(text):
        return len(text) <= 2 * SHORT and phrases.FEED_FOOTER.match(text) is not None
    if len(text) <= SHORT and any(
        pattern.match(text) for pattern in (phrases.NEWSLETTER, phrases.FOLLOW, phrases.MAIL_LINES)
    ):
        return True
    return len(text) <= 2 * SHORT and phrases.FEED_FOOTER.match(text) is not None


def _is_link_line(block: Block) -> bool:
    text, share = block.text, block.link_share
    if share >= LINKED and block.tag not in HEADINGS:
        return True
    if len(text) > SHORT:
        return False
    if phrases.LINK_LABEL.match(text) and (share >= PARTLY_LINKED or phrases.CAPITALS.match(text)):
        return True
    if phrases.INVITATION.match(text) is None:
        return False
    return share >= PARTLY_LINKED or (len(text) < LINE // 2 and SENTENCE_END.search(text) is None)


def _is_credit(block: Block) -> bool:
    text = block.text
    end = text[-CREDIT_REACH:]
    said = QUOTATION.search(text) is not None
    if len(text) <= 2 * SHORT and (":" in end or ")" in end) and (found := phrases.CREDIT_AT_END.search(end)):
        return not block.quoted and not (said and found["bare"])
    if len(text) > SHORT // 2:
        return False
    if phrases.IMAGE_WORDS.match(text):
        return True
    if len(text) > SHORTEST_CREDIT and not said and block.tag not in HEADINGS and phrases.AGENCY_CREDIT.match(text):
        return True
    return phrases.CREDIT.match(text) is not None and not SENTENCE_END.search(text.rstrip(")."))


def _is_date(text: str) -> bool:
    """True if the text is nothing but a date."""
    parts = DATE_PARTS.findall(text.lower())
    numbers = sum(part[0].isdigit() for part in parts)
    return numbers > 0 and all(part[0].isdigit() or DATE_WORD.fullmatch(part) for part in parts) and len(parts) > 2

"""What mail puts behind an article: how one leaves the newsletter, and the footers of mailing lists.

These are left out only if nothing in them can be a part of the article: no quotation, and no sentence that does not
speak to the reader about the mail.
"""

import re

from worker.parse.mails.prose import LINK, WIDE, is_prose

# How newsletters say that one may leave them. Articles use some of these words, too.
LEAVING = re.compile(
    r"(?i)unsubscribe|\bopt[- ]?out\b|manage (?:your )?(?:subscription|preferences|settings)"
    r"|you(?:'|’)?(?: a)?re (?:receiving|getting) this|you (?:have )?received this (?:e-?mail|message)"
    r"|abmelden|abbestellen|désabonner|désinscri|darse de baja|cancelar (?:su|tu|la|a) (?:suscripción|assinatura)"
    r"|disiscri|cancella(?:rsi|ti)|afmelden|uitschrijven|avmeld|avregistrer|avprenumerera|wypis|отписаться|配信停止|退订"
)
# A sentence with these words speaks to the reader, or about the mail itself.
READER = re.compile(
    r"(?i)\b(?:you|your|click|newsletters?|e-?mails?|mailings?|sie|ihren?|klicken|vous|votre|vos|cliquez|usted|tus?"
    r"|clic|correos?|boletín|lei|tuo|tua|clicca|você|seu|clique|uw?|je|klik|du|din|dig|klicka|klikk|вы|вас|рассылк\w*)\b"
)
RIGHTS = re.compile(r"(?i)©|\(c\) ?\d{4}|\bcopyright\b")
MARKS = re.compile(r'["“”„«»‘‚‹›「」『』]|(?<!\w)\'(?=\w)')
ADDRESS = re.compile(r"https?://|www\.|\S@\S")
MOST_LAST = 6  # so many last paragraphs may belong to a farewell
MOST_WORDS_OF_LINK = 12
LEFT_OUT = "part of a mail: lines that look like a signature or the footer of a newsletter were left out"


def is_link(block: str) -> bool:
    """True for a few words with a link ("View this mail in your browser: https://…")."""
    return LINK.search(block) is not None and len(LINK.sub(" ", block).split()) <= MOST_WORDS_OF_LINK


def is_footer(text: str) -> bool:
    """True if a text has an address, and no paragraph of it can belong to an article."""
    return ADDRESS.search(text) is not None and not speaks(text)


def speaks(text: str) -> bool:
    """True if a paragraph holds a quotation, or a sentence that is not about leaving the list."""
    return any(map(_is_of_article, re.split(r"\n\s*\n", text)))


def quotes(text: str) -> bool:
    """True if a paragraph holds quotation marks, and is not about leaving the list, whose name they may be around."""
    return any(MARKS.search(block) and not _is_farewell(block) for block in re.split(r"\n\s*\n", text))


def without_farewell(blocks: list[str]) -> list[str]:
    """Return the paragraphs without the farewell of a newsletter at their end. The first one always stays."""
    for number in range(max(1, len(blocks) - MOST_LAST), len(blocks)):
        above, farewell = _parted(blocks[number])
        if _begins_farewell(farewell, blocks[number + 1 :]):
            return [*blocks[:number], *([above] if above else [])]
    return blocks


def _parted(block: str) -> tuple[str, str]:
    """Return the lines of a paragraph above its farewell, if they are sentences, and the farewell."""
    lines = block.split("\n")
    first = next((number for number, line in enumerate(lines) if LEAVING.search(line)), 0)
    above = "\n".join(lines[:first])
    return (above, "\n".join(lines[first:])) if is_prose(above) else ("", block)


def _begins_farewell(block: str, rest: list[str]) -> bool:
    """True if a paragraph says how one leaves the newsletter, and nothing behind it can belong to the article."""
    if not _is_farewell(block) or MARKS.search(block):
        return False
    following = "".join(rest[:1])
    leads = is_link(following) or (_is_farewell(following) and ADDRESS.search(following) is not None)
    if not ADDRESS.search(block) and not leads:
        return False
    return not any(_is_of_article(each) and (MARKS.search(each) or not ADDRESS.search(each)) for each in rest)


def _is_farewell(block: str) -> bool:
    """True for words about leaving the list; a sentence must also speak to the reader, or about the mail."""
    if not LEAVING.search(block):
        return False
    return not is_prose(block) or READER.search(block) is not None or WIDE.search(block) is not None


def _is_of_article(block: str) -> bool:
    """True for a paragraph with a quotation or a sentence, unless it is about leaving the list, or about rights."""
    if _is_farewell(block):
        return False
    return MARKS.search(block) is not None or (is_prose(block) and not RIGHTS.search(block))

"""Mending text whose UTF-8 was once read in another encoding ("â€œ" for "“"), with ftfy.

ftfy also straightens quotation marks, ligatures and widths. Only its mending of encodings is used: the stored text is
what was published.
"""

import re

# What the first bytes of UTF-8 become in windows-1252, -1250 and -1251 and in Mac Roman, with a byte behind them.
SIGN = re.compile(
    r"[ÂÃâÅÄÐÑÎÏØÙãäåæçèéð][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ�]|â€|вЂ|[РС][\u0400-\u040f\u0450-\u045f°-¿]|‚Ä|√[©®±†°]"
)
# The closing mark is the bytes E2 80 9D. Windows-1252 has no character for 9D, so it became U+FFFD, or was lost.
LOST_CLOSING_MARK = re.compile(r"â€(?:�|(?=[\s,.;:!?)]|\Z))")
LONGEST_PARAGRAPH = 100_000  # leave a longer paragraph as it is: no article has one
MOST_PARAGRAPHS = 20_000


def mended(text: str) -> tuple[str, bool]:
    """Return the text with its broken paragraphs mended, and whether there were any."""
    if SIGN.search(text) is None:
        return text, False
    paragraphs = text.split("\n")
    if len(paragraphs) > MOST_PARAGRAPHS:
        return text, False
    whole = [_mended_paragraph(paragraph) for paragraph in paragraphs]
    return "\n".join(whole), whole != paragraphs


def _mended_paragraph(paragraph: str) -> str:
    if len(paragraph) > LONGEST_PARAGRAPH or SIGN.search(paragraph) is None:
        return paragraph
    from ftfy import TextFixerConfig, fix_encoding

    config = TextFixerConfig(unescape_html=False, fix_c1_controls=False)
    whole = fix_encoding(LOST_CLOSING_MARK.sub("â€\x9d", paragraph), config)
    return whole if len(whole) < len(paragraph) else paragraph  # each character was two or three

"""The words of a text as fingerprints count them; pure."""

import re

# Scripts written without spaces between words: each character counts as a word of its own.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


def words(text: str) -> list[str]:
    """The words of `text` in order, case-folded, without punctuation, marks or white space."""
    return _WORD.findall(text.casefold())

"""The words of a text, in the form in which sketches and statements compare them. The function is pure."""

import re

# Some scripts have no spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese). There, each character counts
# as a word.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_{_SPACELESS}]+")


def words(text: str) -> list[str]:
    """Return the words of `text` in order, case-folded, without punctuation, marks and white space."""
    return _WORD.findall(text.casefold())

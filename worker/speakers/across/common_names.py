"""Names that many people have, so that a middle name may tell two of them apart."""

from worker.speakers.within.listed import is_given_name, is_surname
from worker.speakers.within.names import plain
from worker.speakers.within.wordlists import SUFFIXES


def is_common_name(text: str) -> bool:
    """True if given name and surname are listed: many people are called John Smith, but only one Dilma Rousseff."""
    words = [plain(word).strip(",") for word in text.split()]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return is_given_name(words[0]) and is_surname(words[-1])

"""Counting the words of a text that stand in sentences: links, menus and labels count nothing."""

import re

SHORTEST = 8  # words of a paragraph that is prose
SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*(?:\s|\Z)|[。！？]")
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # letters of scripts without blanks between words
LETTERS_OF_WORD = 2  # in these scripts, about so many letters are a word
LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}")


def prose_words(text: str) -> int:
    """Return how many words stand in paragraphs that hold a sentence. Paragraphs have empty lines between them."""
    return sum(len(words) for words in map(_sentence_words, re.split(r"\n\s*\n", text)))


def is_prose(paragraph: str) -> bool:
    """True if a paragraph holds a sentence."""
    return bool(_sentence_words(paragraph))


def shared_share(text: str, other: str, run: int = 4) -> float:
    """Return which share of the runs of words in the prose of `text` is in `other`, from 0 to 1."""
    words = [word for block in re.split(r"\n\s*\n", text) for word in _sentence_words(block)]
    runs = {tuple(words[place : place + run]) for place in range(max(0, len(words) - run + 1))}
    if not runs:
        return 0.0
    others = _words(other)
    return len(runs & {tuple(others[place : place + run]) for place in range(len(others))}) / len(runs)


def _sentence_words(paragraph: str) -> list[str]:
    """Return the words of a paragraph, or nothing if it holds no sentence."""
    bare = LINK.sub(" ", paragraph)
    words = _words(bare)
    return words if len(words) >= SHORTEST and SENTENCE_END.search(bare) else []


def _words(text: str) -> list[str]:
    wide = WIDE.findall(text)
    narrow = re.findall(r"\w+", WIDE.sub(" ", text).lower() if wide else text.lower())
    return [
        *narrow,
        *("".join(wide[place : place + LETTERS_OF_WORD]) for place in range(0, len(wide), LETTERS_OF_WORD)),
    ]

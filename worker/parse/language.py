"""Which language a text is in, by py3langid: loaded at the first text (0.8 s, 100 MB), once a process."""

from functools import lru_cache
from typing import Any

SAMPLE = 1000  # code points; more costs time and changes no answer
SHORTEST = 30  # letters; below, names alone decide
SURE = 0.7  # probability


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def warm() -> None:
    """Load the model now, so that the first article does not wait for it."""
    _identifier()


def language(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language; where it is too short or unsure, the declared one, or None."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) >= SHORTEST:
        code, probability = _identifier().classify(sample)
        if probability >= SURE:
            return str(code)
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None

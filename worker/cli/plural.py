"""Numbers with their nouns, as people say them."""


def counted(number: float, noun: str, verb: str = "") -> str:
    """Return a number, its noun, and a verb in the present: `1 row waits`, `2,000 rows wait`."""
    if number == 1:
        return f"1 {noun}" + (f" {SINGULAR.get(verb, f'{verb}s')}" if verb else "")
    return f"{number:,.0f} {noun}s" + (f" {verb}" if verb else "")


SINGULAR = {"are": "is", "were": "was"}
"""Verbs whose singular is not made by an s."""

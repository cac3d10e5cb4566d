"""Offices beside the names of authors: "Political Editor Ana Ferro", "ANA FERRO AP Medical Writer"."""

from itertools import takewhile

from worker.parse.facts.people_words import AGENCIES, AGENCY_NAMES, KINDS, ROLES


def without_office(words: list[str]) -> list[str]:
    """Return the words without an office before or behind the name ("Political Editor Ana Ferro")."""
    folded = [word.casefold().strip(".,") for word in words]
    if len(words) < 3:
        return words
    begin = _end_of_office(folded)
    if begin and len(words) - begin >= 2:
        return without_office(words[begin:])
    capitals = sum(1 for _ in takewhile(str.isupper, words))  # "ANA FERRO Aerospace Writer"
    if 2 <= capitals < len(words) and folded[-1] in ROLES:
        return without_office(words[:capitals])
    for end in range(2, len(words)):
        rest = folded[end:]
        office = any(word in ROLES for word in rest) and rest[0] in ROLES | KINDS
        agency = _agency_at(rest)
        if office or (agency and (agency == len(rest) or rest[-1] in ROLES)):
            return words[:end]
    return words


def _end_of_office(folded: list[str]) -> int:
    """Return how many words at the beginning are an office ("AP Sports Writer"); 0 if they are none.

    Behind an agency, or a word for a kind of writer, any word may stand before what the writer is called.
    """
    begin = _agency_at(folded)
    while begin < len(folded) and folded[begin] in ROLES | KINDS:
        begin += 1
    if any(word in ROLES for word in folded[:begin]):
        return begin
    if begin:
        return next((place + 1 for place in (begin, begin + 1) if place < len(folded) and folded[place] in ROLES), 0)
    return 0


def _agency_at(folded: list[str]) -> int:
    """Return how many words at the beginning are the name of an agency; 0 if they are none."""
    for length in range(min(4, len(folded)), 1, -1):
        if " ".join(folded[:length]) in AGENCY_NAMES:
            return length
    return int(bool(folded) and folded[0] in AGENCIES)

"""The person whom "who" means: the one whose name stands before it, perhaps with an apposition between them."""

import re
from bisect import bisect_left

from worker.extract.quotation import Mention
from worker.speakers.within.people import People, Person

LONGEST_GAP = 120
"""At most this many code points between a name and the "who" that means it."""
ADJACENT = 3
"""At most this many between a name and another relative pronoun: a comma and blanks."""
BETWEEN = re.compile(
    r"(?: (?:of|at|from|with|in) (?:the )?[A-Z][\w.&'’\-]*(?: (?:of |de |and |& )?[A-Z][\w.&'’\-]*){0,5})?"
    r"(?: \([^()\n]{1,20}\))?(?:, (?:\d{1,3}|an?|the|his|her|its|[A-Z]-)\b[^,.;:“”\"()\n]{0,80})?, "
)
"""What may stand between a name and "who": where the person belongs, and an age or one apposition."""


class Antecedents:
    """Finds the people whom the relative pronouns of one article mean."""

    def __init__(self, text: str, people: People) -> None:
        self._text = text
        self._mentions = people.mentions
        self._starts = [mention.start for mention in people.mentions]

    def of(self, source: Mention) -> Person | None:
        """Return the person whose name stands before a relative pronoun; None if nobody's does.

        In "Karin Dahl of Holm, who" it is the first name that counts, since Holm may be a firm. In "Karin Dahl with
        Tomas Rell, who" it is the last one, unless it may be a firm's, too.
        """
        number = bisect_left(self._starts, source.start)
        near = self._mentions[max(0, number - 2) : number]
        for mention in near:
            distance = source.start - mention.end
            if mention is near[-1] and 0 <= distance <= ADJACENT:
                return mention.person
            is_who = distance <= LONGEST_GAP and source.text.lower().startswith("who")
            if is_who and BETWEEN.fullmatch(self._text, mention.end, source.start):
                is_beside = self._text.startswith(" with ", mention.end) and mention is not near[-1]
                return near[-1].person if is_beside and near[-1].person.has_given_name else mention.person
        return None

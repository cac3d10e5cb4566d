"""Groups names that mean the same speaker; the groups depend only on the set of names, never on their order.

All functions are pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from worker.speakers.across.listed import LISTED
from worker.speakers.across.matching import NO, Link, Verdict, compare
from worker.speakers.across.name import ParsedName

OTHER_TIME = Verdict(Link.NO, "the list gives this one word to somebody only for a time")
"""A name of one word, in an article of the time in which a list explains it, and in another article."""

FormPair = frozenset[str]
"""The texts of two forms."""


@dataclass(frozen=True, slots=True)
class FormWithRoles:
    """One form of a name, with the roles that were seen with it.

    `listed` is the speaker of imported lists whose name it is (`worker.speakers.across.listed`); None: nobody's.
    """

    name: ParsedName
    roles: frozenset[str] = frozenset()
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups of forms; each form is given by its index."""

    groups: list[list[int]]
    joined: dict[int, Verdict]
    """For each form in a group of several forms, the verdict of its first join."""
    proposed: dict[tuple[int, int], Verdict]
    """Pairs of forms from two groups that may mean the same speaker; a person may join them."""

    def group_of(self, form: int) -> list[int]:
        """Return the group that contains a form."""
        return next(group for group in self.groups if form in group)


def partition(forms: Sequence[FormWithRoles], apart: Collection[FormPair] = ()) -> Partition:
    """Group forms by the verdicts on their pairs; the join with the highest confidence is made first.

    Two forms that contradict each other never share a group. If a form would join two such forms, it joins neither, and
    both joins are proposed ("George Bush" beside "George W. Bush" and "George H. W. Bush"). `apart` are the pairs that
    a person separated.
    """
    order = sorted(range(len(forms)), key=lambda index: (forms[index].name.kind, forms[index].name.text))
    verdicts = {(i, j): verdict_on(forms[i], forms[j], apart) for i, j in combinations(order, 2)}
    verdicts |= {(j, i): verdict for (i, j), verdict in verdicts.items()}
    joins = _unambiguous(order, verdicts)
    rank = {index: place for place, index in enumerate(order)}
    joins.sort(key=lambda pair: (-verdicts[pair].confidence, rank[pair[0]], rank[pair[1]]))
    group = {index: [index] for index in order}
    joined: dict[int, Verdict] = {}
    for form, other in joins:
        if group[form] is group[other] or any(_conflict(verdicts[i, j]) for i in group[form] for j in group[other]):
            continue
        joined.setdefault(form, verdicts[form, other])
        joined.setdefault(other, verdicts[form, other])
        united = sorted(group[form] + group[other], key=rank.__getitem__)
        for index in united:
            group[index] = united
    groups = [members for index, members in group.items() if members[0] == index]
    return Partition(groups, joined, _proposals(groups, verdicts))


def verdict_on(form: FormWithRoles, other: FormWithRoles, apart: Collection[FormPair] = ()) -> Verdict:
    """Return the verdict on two forms: what a person decided, then what imported lists say, then what the names say."""
    if frozenset((form.name.text, other.name.text)) in apart:
        return NO
    if form.listed is not None and other.listed is not None and form.name.kind is other.name.kind:
        return LISTED if form.listed == other.listed else NO
    if form.listed != other.listed and form.name.is_single_word and form.name.whole_key == other.name.whole_key:
        return OTHER_TIME
    return compare(form.name, other.name, form.roles, other.roles)


def _conflict(verdict: Verdict) -> bool:
    """True if the two forms may not be in one group."""
    return verdict.contradicts or verdict.clashes


def _unambiguous(order: Sequence[int], verdicts: dict[tuple[int, int], Verdict]) -> list[tuple[int, int]]:
    """Return the joins, without the ambiguous ones: a form's joins with two forms that conflict with each other.

    If only the roles of these two forms clash, the form keeps the join with the higher confidence. Otherwise it loses
    its other joins, too, for which there is no better evidence: "John A. Smith", who may be John Albert or John Andrew
    Smith, does not join "John Smith" either.
    """
    joins = {pair for pair in combinations(order, 2) if verdicts[pair].link is Link.JOIN}
    ambiguous: set[tuple[int, int]] = set()
    for form in order:
        neighbours = [other for other in order if other != form and verdicts[form, other].link is Link.JOIN]
        for first, second in combinations(neighbours, 2):
            if _conflict(verdicts[first, second]):
                dropped = {first, second}
                confidences = verdicts[form, first].confidence, verdicts[form, second].confidence
                if verdicts[first, second].clashes and confidences[0] != confidences[1]:
                    dropped = {first if confidences[0] < confidences[1] else second}
                elif verdicts[first, second].contradicts:
                    weakest = min(confidences)
                    dropped |= {other for other in neighbours if verdicts[form, other].confidence <= weakest}
                ambiguous |= {pair for other in dropped for pair in ((form, other), (other, form))}
    return sorted(joins - ambiguous)


def _proposals(
    groups: Sequence[Sequence[int]], verdicts: dict[tuple[int, int], Verdict]
) -> dict[tuple[int, int], Verdict]:
    """Return one pair of forms for each two groups that may mean the same speaker.

    It is the pair with the highest confidence, and the result has the verdict on it.
    """
    proposed: dict[tuple[int, int], Verdict] = {}
    for group, other in combinations(groups, 2):
        pairs = [(i, j) for i in group for j in other if verdicts[i, j].link is not Link.NO]
        full_names = [pair for pair in pairs if not verdicts[pair].is_surname_alone]
        if full_names:
            best = max(full_names, key=lambda pair: verdicts[pair].confidence)
            proposed[best] = verdicts[best]
    return proposed

"""Which of many names belong together: a function of the set of names alone, whatever order they came in; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from worker.speakers.across.matching import NO, Link, Verdict, compare
from worker.speakers.across.name import Name

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a name, with the roles that were seen with it."""

    name: Name
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Partition:
    """Forms (by index) in groups, and why; `proposed` pairs forms of two groups that a person may join."""

    groups: list[list[int]]
    joined: dict[int, Verdict]
    proposed: dict[tuple[int, int], Verdict]

    def group_of(self, form: int) -> list[int]:
        """The group with a form."""
        return next(group for group in self.groups if form in group)


def partition(forms: Sequence[Form], apart: Collection[Pair] = ()) -> Partition:
    """Group forms of names by their verdicts, the surest first, never two that contradict each other.

    A form that would join two contradicting ones ("George Bush" beside "George W. Bush" and "George H. W. Bush") joins
    neither: both are proposed. `apart` are pairs of texts that a person separated.
    """
    order = sorted(range(len(forms)), key=lambda index: (forms[index].name.kind, forms[index].name.text))
    verdicts = {(i, j): _verdict(forms[i], forms[j], apart) for i, j in combinations(order, 2)}
    verdicts |= {(j, i): verdict for (i, j), verdict in verdicts.items()}
    joins = _unambiguous(order, verdicts)
    rank = {index: place for place, index in enumerate(order)}
    joins.sort(key=lambda pair: (-verdicts[pair].confidence, rank[pair[0]], rank[pair[1]]))
    group = {index: [index] for index in order}
    joined: dict[int, Verdict] = {}
    for i, j in joins:
        if group[i] is group[j] or any(_parted(verdicts[x, y]) for x in group[i] for y in group[j]):
            continue
        joined.setdefault(i, verdicts[i, j])
        joined.setdefault(j, verdicts[i, j])
        united = sorted(group[i] + group[j], key=rank.__getitem__)
        for index in united:
            group[index] = united
    groups = [members for index, members in group.items() if members[0] == index]
    return Partition(groups, joined, _proposals(groups, verdicts))


def _verdict(one: Form, other: Form, apart: Collection[Pair]) -> Verdict:
    if frozenset((one.name.text, other.name.text)) in apart:
        return NO
    return compare(one.name, other.name, one.roles, other.roles)


def _parted(verdict: Verdict) -> bool:
    return verdict.contradicts or verdict.clashes


def _unambiguous(order: Sequence[int], verdicts: dict[tuple[int, int], Verdict]) -> list[tuple[int, int]]:
    """The joins, without those by which a form would link two that contradict each other.

    Where only their roles clash, the form stays with the one it is surer of.
    """
    joins = {pair for pair in combinations(order, 2) if verdicts[pair].link is Link.JOIN}
    ambiguous: set[tuple[int, int]] = set()
    for form in order:
        near = [other for other in order if other != form and verdicts[form, other].link is Link.JOIN]
        for x, y in combinations(near, 2):
            if _parted(verdicts[x, y]):
                sure = verdicts[form, x].confidence, verdicts[form, y].confidence
                weaker = {x, y}
                if verdicts[x, y].clashes and sure[0] != sure[1]:
                    weaker = {x if sure[0] < sure[1] else y}
                ambiguous |= {pair for other in weaker for pair in ((form, other), (other, form))}
    return sorted(joins - ambiguous)


def _proposals(
    groups: Sequence[Sequence[int]], verdicts: dict[tuple[int, int], Verdict]
) -> dict[tuple[int, int], Verdict]:
    """The surest link between each two groups that may be one."""
    proposed: dict[tuple[int, int], Verdict] = {}
    for one, other in combinations(groups, 2):
        links = [(i, j) for i in one for j in other if verdicts[i, j].link is not Link.NO]
        full = [pair for pair in links if not verdicts[pair].alone]
        if full:
            best = max(full, key=lambda pair: verdicts[pair].confidence)
            proposed[best] = verdicts[best]
    return proposed

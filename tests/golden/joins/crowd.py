"""Scores how well many names are grouped at once; `python -m tests.golden.joins.crowd` prints the table.

*Pairs*: of the pairs of forms that the machine joins, the share that mean one (precision); of the pairs that mean one,
the share that it joins (recall), and the share that it joins or proposes. *B³* (Bagga and Baldwin, 1998): for each
form, the same two shares in its group, averaged over all forms; so many small groups count as much as one large group.
"""

import tomllib
from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import fmean

from worker.speakers.across.name import read_name
from worker.speakers.across.partition import FormWithRoles, partition
from worker.speakers.within.resolution import EntityKind

CROWD = Path(__file__).parent / "crowd.toml"


@dataclass(frozen=True)
class Named:
    """A form, and the number of the person or body that it means."""

    form: FormWithRoles
    who: int
    topic: str


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1, as the module says, and the pairs that are wrong."""

    forms: int
    pair_precision: float
    pair_recall: float
    joined_or_proposed: float
    b3_precision: float
    b3_recall: float
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def crowd() -> Iterator[Named]:
    """Yield all forms of the file."""
    who = 0
    for topic in tomllib.loads(CROWD.read_text("utf-8"))["topic"]:
        kind = EntityKind(topic.get("kind", "person"))
        assert topic["why"]
        for speaker in [*topic["speakers"], *([text] for text in topic.get("alone", ()))]:
            who += 1
            for given in speaker:
                text, roles = (given, "") if isinstance(given, str) else given
                listed = frozenset(role for role in roles.split("; ") if role)
                yield Named(FormWithRoles(read_name(text, kind), listed), who, topic["name"])


def score(named: Sequence[Named]) -> Score:
    """Group the forms, and compare the groups with whom the forms mean."""
    groups = partition([each.form for each in named])
    group = {place: number for number, places in enumerate(groups.groups) for place in places}
    pairs = [*combinations(range(len(named)), 2)]
    joined = {pair for pair in pairs if group[pair[0]] == group[pair[1]]}
    right = {pair for pair in pairs if named[pair[0]].who == named[pair[1]].who}
    near = {frozenset((group[i], group[j])) for i, j in groups.proposed}
    proposed = {pair for pair in right if frozenset((group[pair[0]], group[pair[1]])) in near}
    precisions: list[float] = []
    recalls: list[float] = []
    for place, each in enumerate(named):
        together = [other for other in range(len(named)) if group[other] == group[place]]
        meant = [other for other in range(len(named)) if named[other].who == each.who]
        both = len(set(together) & set(meant))
        precisions.append(both / len(together))
        recalls.append(both / len(meant))

    def told(found: set[tuple[int, int]]) -> tuple[str, ...]:
        return tuple(f"{named[i].form.name.text} | {named[j].form.name.text}" for i, j in sorted(found))

    return Score(
        len(named),
        _share(joined & right, joined),
        _share(joined & right, right),
        _share((joined & right) | proposed, right),
        fmean(precisions),
        fmean(recalls),
        told(joined - right),
        told(right - joined),
    )


def _share(found: Sized, among: Sized) -> float:
    """Return the share; of nothing, everything is found."""
    return len(found) / len(among) if among else 1.0


def main() -> None:
    """Print the scores of each topic, and of all topics together."""
    named = [*crowd()]
    print(f"{'topic':42} {'forms':>5} {'pair P':>7} {'pair R':>7} {'R+prop':>7} {'B3 P':>6} {'B3 R':>6}")
    for topic in [*dict.fromkeys(each.topic for each in named), "all of them together"]:
        of_topic = [each for each in named if topic in (each.topic, "all of them together")]
        found = score(of_topic)
        shares = (found.pair_precision, found.pair_recall, found.joined_or_proposed)
        print(
            f"{topic:42} {found.forms:5}",
            *(f"{share:7.3f}" for share in shares),
            f"{found.b3_precision:6.3f} {found.b3_recall:6.3f}",
        )
    whole = score(named)
    print("\njoined, but two:", *whole.wrong, sep="\n  ")
    print("\none, but not joined:", *whole.missed, sep="\n  ")


if __name__ == "__main__":
    main()

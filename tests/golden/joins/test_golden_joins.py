"""The yardstick of names across articles: invented and known pairs, each with what an editor would do about it."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from worker.speakers.across.matching import Link, Verdict, compare
from worker.speakers.across.name import Name, read_name
from worker.speakers.within.resolution import EntityKind

HERE = Path(__file__).parent
RIGHT = {"join": Link.JOIN, "propose": Link.PROPOSE, "apart": Link.NO}
FILES = ["pairs.toml", "kept.toml"]


@dataclass(frozen=True)
class Pair:
    """Two names, the roles seen with them, and what is right."""

    one: Name
    other: Name
    roles: tuple[list[str], list[str]]
    right: Link

    def verdict(self) -> Verdict:
        return compare(self.one, self.other, *self.roles)

    def __str__(self) -> str:
        return f"{self.one.text} | {self.other.text} {self.roles}"


def pairs(file: str) -> Iterator[Pair]:
    for topic in tomllib.loads((HERE / file).read_text("utf-8"))["topic"]:
        kind = EntityKind(topic.get("kind", "person"))
        assert topic["why"]
        for right, link in RIGHT.items():
            for one, other, *roles in topic.get(right, []):
                mine, theirs = [[role for role in told.split("; ") if role] for told in roles or ("", "")]
                yield Pair(read_name(one, kind), read_name(other, kind), (mine, theirs), link)


def test_the_yardstick_is_long_and_no_pair_stands_twice() -> None:
    told = [str(pair) for file in FILES for pair in pairs(file)]
    assert len(told) == len(set(told)) >= 400


@pytest.mark.parametrize("file", FILES)
def test_two_people_are_never_joined(file: str) -> None:
    wrong = [str(pair) for pair in pairs(file) if pair.right is Link.NO and pair.verdict().link is Link.JOIN]
    assert wrong == []


# The one of kept.toml is a surname that doubles its last letter.
@pytest.mark.parametrize(("file", "most"), [("pairs.toml", 0), ("kept.toml", 1)])
def test_what_is_doubtful_is_not_joined_silently(file: str, most: int) -> None:
    wrong = [str(pair) for pair in pairs(file) if pair.right is Link.PROPOSE and pair.verdict().link is Link.JOIN]
    assert len(wrong) <= most, wrong


@pytest.mark.parametrize("file", FILES)
def test_names_of_one_person_come_together(file: str) -> None:
    found = Counter((pair.right, pair.verdict().link) for pair in pairs(file))
    one = sum(count for (right, _), count in found.items() if right is Link.JOIN)
    joined, proposed = found[Link.JOIN, Link.JOIN], found[Link.JOIN, Link.PROPOSE]
    assert joined / one >= 0.95
    assert (joined + proposed) / one >= 0.98
    doubtful = sum(count for (right, _), count in found.items() if right is Link.PROPOSE)
    assert found[Link.PROPOSE, Link.PROPOSE] / doubtful >= 0.75


@pytest.mark.parametrize("file", FILES)
def test_few_proposals_are_of_two_people(file: str) -> None:
    apart = [pair.verdict().link for pair in pairs(file) if pair.right is Link.NO]
    assert apart.count(Link.PROPOSE) / len(apart) <= 0.1


@pytest.mark.parametrize("file", FILES)
def test_the_order_of_the_two_does_not_matter(file: str) -> None:
    for pair in pairs(file):
        assert compare(pair.other, pair.one, *reversed(pair.roles)) == pair.verdict(), str(pair)


@pytest.mark.parametrize("file", FILES)
def test_names_that_may_be_one_find_each_other_in_the_tables(file: str) -> None:
    for pair in pairs(file):
        if pair.verdict().link is not Link.NO:
            one, other = pair.one, pair.other
            if one.bare != other.bare and one.kind is EntityKind.PERSON:
                assert one.surnames & other.surnames, str(pair)
            else:
                assert one.sought & other.keys and other.sought & one.keys, str(pair)


@pytest.mark.parametrize("file", FILES)
def test_every_link_says_why_and_how_surely(file: str) -> None:
    for pair in pairs(file):
        verdict = pair.verdict()
        if verdict.link is Link.JOIN:
            assert verdict.evidence and 0.5 <= verdict.confidence < 1
        if verdict.link is Link.PROPOSE:
            assert verdict.evidence and 0.3 <= verdict.confidence <= 0.7

"""Sketches show which texts are near-duplicates, also when a text was edited as news desks do it."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from tests.sample_articles import ARTICLES
from worker.dedupe.sketch import FRACTION, LEAST, containment, names_differ, only_figures_differ, sketch
from worker.dedupe.stories import NEAR

SEEDS = [path.read_text("utf-8") for path in ARTICLES]


def invented(number: int, words: int = 600) -> str:
    chance = random.Random(number)
    return " ".join(
        f"{chance.choice('bdfglmnprst')}{chance.choice('aeiou')}{chance.randrange(400)}x" for _ in range(words)
    )


@given(st.text())
def test_a_sketch_is_sorted_signed_and_repeatable(text: str) -> None:
    hashes = sketch(text)
    assert hashes == sorted(set(hashes)) == sketch(text)
    assert all(-(2**63) <= value < 2**63 for value in hashes)


def test_a_long_text_keeps_its_fraction_and_a_short_one_the_least() -> None:
    assert 0.7 < len(sketch(invented(1, 16_000))) / (16_000 / FRACTION) < 1.3
    assert len(sketch(invented(1, 100))) == LEAST
    assert len(sketch("only three words")) == 1
    assert sketch(" … ") == []


def test_case_and_punctuation_leave_the_sketch_alone() -> None:
    assert sketch(SEEDS[0].upper().replace(",", " ")) == sketch(SEEDS[0])


def test_different_reports_of_one_affair_are_not_near() -> None:
    for seed in SEEDS:
        for other in SEEDS:
            assert seed == other or containment(sketch(seed), sketch(other)) < NEAR / 2


def test_texts_edited_by_a_desk_stay_near() -> None:
    for text in [*SEEDS, *(invented(number) for number in range(5))]:
        words = text.split()
        for edited in (
            words[: len(words) * 6 // 10],
            words[len(words) // 4 : len(words) // 2],
            ["The", "agency", "reports:", *words, "This", "story", "was", "corrected."],
            words + invented(99).split(),
        ):
            near = containment(sketch(text), sketch(" ".join(edited)))
            assert near >= NEAR
            assert near == containment(sketch(" ".join(edited)), sketch(text))


def test_fewer_than_three_shared_hashes_are_ignored() -> None:
    assert containment([1, 2], [1, 2]) == 0
    assert containment([1, 2, 3], [1, 2, 3]) == 1
    assert containment([1, 2, 3, 4], [1, 2, 3, 4], common={1, 2}) == 0


def test_reports_of_two_days_differ_in_figures_only() -> None:
    monday = "Shares rose 1.2% on Monday, 3 March. The index closed at 7,123 points, up four."
    assert only_figures_differ(
        monday, "Shares rose 0.4% on Tuesday, 4 March. The index closed at 7,150 points, up nine."
    )
    assert not only_figures_differ(monday, monday)
    assert not only_figures_differ(monday, monday.replace("rose", "fell"))
    assert not only_figures_differ(monday, monday + " Analysts had expected 3.")
    assert not only_figures_differ(monday, monday.replace("up four", "up steeply"))


def test_the_aim_of_450_documents_a_second() -> None:
    text = SEEDS[0]
    best = 1.0
    for _ in range(5):
        start = time.process_time()
        for _ in range(20):
            sketch(text)
        best = min(best, (time.process_time() - start) / 20)
    assert 1 / best > 450 / 2  # half of the aim, because the machine may be busy


PREVIEW = (
    "{home} meet {away} at {ground} on Saturday hoping to end a run of five games without a win. The two sides drew"
    " here last season, when a late goal saved a point for the visitors. {coach}, the coach of {home}, has no new"
    " injuries to report, and will choose from the same squad as last week. The winner of the match will be third in"
    " the table, two points behind the leaders with a game in hand. “We know that {away} are a strong side, and we will"
    " be ready,” {coach} said."
)
QUAKE = (
    "An earthquake of magnitude {size} struck {place} on Tuesday, the national institute of geology said. It was at a"
    " depth of {depth} kilometres, and was felt in towns all along the coast. There were no reports of damage or of"
    " people hurt, a spokesman of the civil defence in {place} said by telephone, but some schools were closed."
)


def test_texts_of_one_template_about_other_clubs_or_places_are_other_events() -> None:
    first = PREVIEW.format(home="Lowmark", away="Hollow", ground="Quayside", coach="Piet Vos")
    second = PREVIEW.format(home="Ostby", away="Rellham", ground="Northgate", coach="Ana Ferro")
    assert names_differ(first, second) and names_differ(second, first)
    quake = QUAKE.format(size="4.2", place="Lowmark", depth="10")
    assert names_differ(quake, QUAKE.format(size="5.1", place="Ostby", depth="33"))


def test_copies_versions_and_excerpts_have_the_names_of_the_original() -> None:
    first = PREVIEW.format(home="Lowmark", away="Hollow", ground="Quayside", coach="Piet Vos")
    for copy in (first, first.upper(), first[:200], first.replace("Saturday", "Sunday"), f"OSTBY (Reuters) - {first}"):
        assert not names_differ(first, copy)
        assert not names_differ(copy, first)

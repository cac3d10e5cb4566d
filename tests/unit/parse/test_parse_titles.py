"""The title is the headline that the page shows, if another source agrees; names of the outlet are cut off."""

import pytest

from worker.parse.titles import best, clean, without_outlet, without_suffix

OUTLETS = ["Lowmark Courier", "courier.example"]


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Ferry returns | Lowmark Courier", "Ferry returns"),
        ("Ferry returns - The Lowmark Courier", "Ferry returns"),
        ("Ferry returns » Lowmark Courier", "Ferry returns"),
        ("Lowmark Courier: Ferry returns", "Ferry returns"),
        ("Ferry returns | Islands | Lowmark Courier", "Ferry returns | Islands"),
        ("Ferry returns | courier.example", "Ferry returns"),
        ("Lowmark: ferry returns", "Lowmark: ferry returns"),
        ("Ferry returns - what now?", "Ferry returns - what now?"),
        ("Lowmark Courier", "Lowmark Courier"),
    ],
)
def test_outlets_are_cut_off(title: str, left: str) -> None:
    assert without_outlet(title, OUTLETS) == left


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Ferry returns after storm | Islands | Skerry Notes", "Ferry returns after storm"),
        ("Ferry returns after storm - Skerry Notes", "Ferry returns after storm"),
        ("Ferry returns - what islanders say about it", "Ferry returns - what islanders say about it"),
        ("Ferry - Notes", "Ferry - Notes"),
    ],
)
def test_unknown_names_are_cut_off_where_that_is_plain(title: str, left: str) -> None:
    assert without_suffix(title) == left


def test_references_and_tags_are_no_part_of_a_title() -> None:
    assert clean("Ferry &amp;amp; storm &#8211; <b>what now</b>?\n") == "Ferry & storm – what now?"
    assert clean("3 < 4") == "3 < 4"
    assert clean(None) is None


def test_two_sources_decide() -> None:
    assert best(["Ferry returns"], ["Boat is back"], "Ferry returns", None) == "Ferry returns"
    assert best(["Menu", "Ferry returns"], ["Ferry returns"], None, None) == "Ferry returns"
    assert best(["Skerry ferry"], [], "Skerry ferry", "boat that links an island to the coast") == "Skerry ferry"
    assert (
        best(["News"], ["Ferry returns after storm"], None, "Ferry returns after storm") == "Ferry returns after storm"
    )
    assert best([], [], None, "Ferry returns") == "Ferry returns"
    assert best([], [], None, None) is None

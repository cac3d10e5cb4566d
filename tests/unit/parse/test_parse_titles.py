"""The title is the headline that the page shows, if another source agrees; names of the outlet are cut off."""

import pytest

from worker.parse.facts.titles import best, clean, without_outlet, without_suffix
from worker.parse.pages.markup import tree
from worker.parse.pages.page_head import page_head

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


@pytest.mark.parametrize(
    "headings",
    [
        "<h1>News</h1><h2>Dunmarrow closes terminal</h2>",
        "<h1>News</h1><div>Dunmarrow closes terminal</div>",
        "<h1>Local News</h1><h3>Related</h3><h2>Dunmarrow closes terminal</h2><h2>Circus comes to town</h2>",
        "<h1>Dunmarrow closes terminal</h1><h2>What happens next now?</h2>",
    ],
)
def test_a_section_is_no_title(headings: str) -> None:
    page = f"<html><head><title>Dunmarrow closes terminal - The Gazette</title></head><body>{headings}</body></html>"
    assert page_head(tree(page)).title == "Dunmarrow closes terminal"


@pytest.mark.parametrize(
    ("name", "title", "outlet"),
    [
        ("WordPress", "Dunmarrow closes terminal", None),
        ("The Gazette", "Dunmarrow closes terminal - The Gazette", "The Gazette"),
        ("Lowmark Courier", "Dunmarrow closes terminal", "Lowmark Courier"),
    ],
)
def test_the_name_of_a_program_is_no_outlet(name: str, title: str, outlet: str | None) -> None:
    meta = f"<title>{title}</title><meta name=application-name content='{name}'>"
    page = f"<html><head>{meta}</head><body><h1>Dunmarrow closes terminal</h1></body></html>"
    assert page_head(tree(page), "https://www.lowmarkcourier.example/a").outlet == outlet

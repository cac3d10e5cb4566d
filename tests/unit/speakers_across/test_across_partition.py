"""Groups of names depend only on the set of names, not on the order of the names."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from worker.speakers.across.name import read_name
from worker.speakers.across.partition import FormWithRoles, partition
from worker.speakers.within.resolution import EntityKind

NEGOTIATOR = frozenset({"iranian chief negotiator"})


def form(text: str, roles: frozenset[str] = frozenset()) -> FormWithRoles:
    return FormWithRoles(read_name(text, EntityKind.PERSON), roles)


def groups(forms: list[FormWithRoles], apart: set[frozenset[str]] = frozenset()) -> set[frozenset[str]]:  # type: ignore[assignment]
    return {frozenset(forms[place].name.text for place in group) for group in partition(forms, apart).groups}


def proposed(forms: list[FormWithRoles]) -> set[frozenset[str]]:
    return {frozenset((forms[i].name.text, forms[j].name.text)) for i, j in partition(forms).proposed}


def test_a_name_between_two_people_is_proposed_to_both() -> None:
    bushes = [form("George Bush"), form("George W. Bush"), form("George H. W. Bush")]
    assert groups(bushes) == {frozenset({bush.name.text}) for bush in bushes}
    assert proposed(bushes) == {
        frozenset({"George Bush", "George W. Bush"}),
        frozenset({"George Bush", "George H. W. Bush"}),
    }
    alone = [form("Dilma Rousseff"), form("Dilma Vana Rousseff")]
    assert groups(alone) == {frozenset({"Dilma Rousseff", "Dilma Vana Rousseff"})}


def test_names_join_through_a_third_that_fits_both() -> None:
    forms = [form("Ali Baqeri", NEGOTIATOR), form("Bagheri Kani", NEGOTIATOR), form("Ali Bagheri Kani", NEGOTIATOR)]
    assert groups(forms) == {frozenset({"Ali Baqeri", "Bagheri Kani", "Ali Bagheri Kani"})}


def test_names_that_people_separate_stay_apart() -> None:
    forms = [form("Sergey Lavrov"), form("Sergei Lavrov"), form("Sergej Lavrov")]
    assert len(groups(forms)) == 1
    apart = {frozenset({"Sergey Lavrov", "Sergei Lavrov"})}
    assert groups(forms, apart) == {frozenset({lavrov.name.text}) for lavrov in forms}


given_names = st.sampled_from(["George", "Georg", "G.", "Jane"])
middles = st.sampled_from(["", "W.", "H. W.", "Walker", "Bush"])
surnames = st.sampled_from(["Bush", "Busch", "Kani", "Bush Kani"])
texts = st.tuples(given_names, middles, surnames).map(lambda words: " ".join(word for word in words if word))


@given(st.lists(texts, min_size=2, max_size=6, unique=True), st.randoms())
def test_the_order_of_the_names_does_not_matter(names: list[str], chance: object) -> None:
    forms = [form(text, NEGOTIATOR if place % 2 else frozenset()) for place, text in enumerate(names)]
    shuffled = forms[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(forms) == groups(shuffled)
    assert proposed(forms) == proposed(shuffled)


def test_small_sets_in_every_order() -> None:
    forms = [form("George Bush"), form("George W. Bush"), form("G. Bush"), form("George Walker Bush")]
    assert len({frozenset(groups(list(order))) for order in permutations(forms)}) == 1

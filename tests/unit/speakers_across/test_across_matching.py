"""The comparison of two names: they mean the same person or body, or possibly the same, or two different ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.speakers.across.matching import Link, compare
from worker.speakers.across.name import read_name
from worker.speakers.within.resolution import EntityKind

PERSON, BODY = EntityKind.PERSON, EntityKind.BODY

ONE_PERSON = [
    ("Sergey Lavrov", "Sergei Lavrov"),
    ("Ali Bagheri", "Ali Baqeri"),
    ("Mohammed Khatami", "Muhammad Khatami"),
    ("Mohamed Khatami", "Mohammad Khatami"),
    ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
    ("Volodymyr Zelenskiy", "Volodymyr Zelenski"),
    ("Saeed Khatibzadeh", "Said Xatibzade"),
    ("Ebrahim Raisi", "Ibrahim Ra’isi"),
    ("Ebrahim Raeisi", "Ebrahim Raʻisi"),
    ("Hossein Amir-Abdollahian", "Hossein Amir Abdollahian"),
    ("Hossein Amirabdollahian", "Hussein Amir Abdullahian"),
    ("Bashar al-Assad", "Bashar Assad"),
    ("Abdel Fattah el-Sisi", "Abdul Fattah al-Sisi"),
    ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
    ("José Manuel Albares", "Jose Manuel Albares"),
    ("Yevgeny Prigozhin", "Evgenii Prigozhin"),
    ("Aleksandr Novak", "Alexander Novak"),
    ("Ursula von der Leyen", "Ursula Von der Leyen"),
    ("Kim Jong-un", "Kim Jong Un"),
    ("J.D. Vance", "JD Vance"),
    ("Donald J. Trump", "Donald Trump"),
    ("Donald J. Trump", "Donald John Trump"),
    ("Lavrov, Sergey", "Sergey Lavrov"),
    ("Dr. Jane Roe", "Jane Roe"),
    ("Martin Luther King Jr.", "Martin Luther King, Junior"),
]

NOT_ONE_PERSON = [
    ("John Smith", "James Smith"),
    ("Allan Smith", "Ellen Smith"),
    ("George W. Bush", "George H. W. Bush"),
    ("Donald Trump", "Donald Trump Jr."),
    ("Kim Jong Un", "Kim Jong Il"),
    ("Mohammed bin Salman", "Mohammed bin Zayed"),
    ("Bruce Lee", "Bruce Li"),
    ("Elton John", "John Smith"),
    ("Boris", "Boris Johnson"),
    ("Lavrov", "Petrov"),
]

PROPOSED = [
    ("Lavrov", "Sergey Lavrov"),
    ("Ali Bagheri", "Ali Bagheri Kani"),
    ("Bagheri Kani", "Ali Bagheri Kani"),
    ("J. Smith", "John Smith"),
    ("Xi Jinping", "Jinping Xi"),
    ("Mohsen Rezaei", "Muhsin Rezaei"),
    ("Bagheri", "Ali Bagheri Kani"),
]

ROLES = ["iran's chief nuclear negotiator"], ["former adviser", "iranian lead negotiator"]


def link(name: str, other: str, kind: EntityKind = PERSON) -> Link:
    return compare(read_name(name, kind), read_name(other, kind)).link


@pytest.mark.parametrize(("name", "other"), ONE_PERSON)
def test_spellings_of_one_name_join(name: str, other: str) -> None:
    verdict = compare(read_name(name, PERSON), read_name(other, PERSON))
    assert verdict.link is Link.JOIN
    assert verdict.evidence
    assert 0.85 <= verdict.confidence < 1


@pytest.mark.parametrize(("name", "other"), NOT_ONE_PERSON)
def test_two_people_never_join(name: str, other: str) -> None:
    assert link(name, other) is Link.NO


@pytest.mark.parametrize(("name", "other"), PROPOSED)
def test_doubtful_names_are_proposed(name: str, other: str) -> None:
    assert link(name, other) is Link.PROPOSE


@pytest.mark.parametrize(
    ("name", "other", "link"),
    [
        ("Ali Bagheri", "Ali Bagheri Kani", Link.JOIN),
        ("Ali Baqeri", "Bagheri Kani", Link.PROPOSE),
        ("Bagheri Kani", "Ali Bagheri Kani", Link.JOIN),
        ("Kani", "Ali Bagheri Kani", Link.PROPOSE),
        ("John Smith", "James Smith", Link.NO),
    ],
)
def test_a_shared_role_is_evidence_but_makes_no_given_name(name: str, other: str, link: Link) -> None:
    assert compare(read_name(name, PERSON), read_name(other, PERSON), *ROLES).link is link


def test_roles_of_two_countries_speak_against_a_name() -> None:
    roles = ["iranian foreign minister"], ["russian foreign minister"]
    doubtful = read_name("Ali Bagheri", PERSON), read_name("Ali Bagheri Kani", PERSON)
    spelled_alike = read_name("Ali Bagheri", PERSON), read_name("Ali Baqeri", PERSON)
    assert compare(*doubtful, *roles).link is Link.NO
    verdict = compare(*spelled_alike, *roles)
    assert verdict.link is Link.PROPOSE
    assert verdict.evidence == ("another spelling: Ali Bagheri / Ali Baqeri, but the roles differ (iran / russia)")


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("The White House", "White House", Link.JOIN),
        ("Iranian Foreign Ministry", "Iran’s Foreign Ministry", Link.JOIN),
        ("IAEA", "International Atomic Energy Agency", Link.JOIN),
        ("ATA", "Alvor Tram Agency", Link.PROPOSE),
        ("Foreign Ministry", "Iranian Foreign Ministry", Link.NO),
        ("Russian Foreign Ministry", "Iranian Foreign Ministry", Link.NO),
        ("Mehr News Agency", "Fars News Agency", Link.NO),
    ],
)
def test_bodies(name: str, other: str, expected: Link) -> None:
    assert link(name, other, BODY) is expected


def test_a_person_is_no_body() -> None:
    assert compare(read_name("Lavrov", PERSON), read_name("Lavrov", BODY)).link is Link.NO


@pytest.mark.parametrize(("name", "other"), [*ONE_PERSON, *PROPOSED])
def test_names_that_may_be_one_are_found_by_a_key(name: str, other: str) -> None:
    parsed, other_parsed = read_name(name, PERSON), read_name(other, PERSON)
    if parsed.is_single_word or other_parsed.is_single_word:
        assert parsed.surnames & other_parsed.surnames
    else:
        assert parsed.search_keys & other_parsed.keys
        assert other_parsed.search_keys & parsed.keys


word = st.sampled_from(
    ["Ali", "Al", "J.", "Jane", "Bagheri", "Baqeri", "Kani", "al-Kani", "de", "Sergey", "Jr.", "X", "'"]
)


@given(st.lists(word, max_size=4), st.lists(word, max_size=4), st.sampled_from([PERSON, BODY]))
def test_comparing_is_symmetric(words: list[str], others: list[str], kind: EntityKind) -> None:
    name, other = read_name(" ".join(words), kind), read_name(" ".join(others), kind)
    assert compare(name, other, *ROLES) == compare(other, name, *reversed(ROLES))


@given(st.text(max_size=30), st.sampled_from([PERSON, BODY]))
def test_any_text_is_a_name_and_joins_itself(text: str, kind: EntityKind) -> None:
    name = read_name(text, kind)
    assert name.words
    assert name.keys
    assert name.lock_keys
    assert compare(name, name).link is Link.JOIN

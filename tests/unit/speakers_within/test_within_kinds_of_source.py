"""Sources that say more than a name: joint ones, descriptions with a name behind them, labels, generations, ages."""

import pytest

from tests.unit.speakers_within.marking import attributions, speakers

JOINT = {
    "a second one with a description": (
        "Ece Karaosman rests. “One,” said [Karaosman and her deputy, Bae Min-kyung]. “Two,” [both of them] said.",
        ["Ece Karaosman & Bae Min-kyung"] * 2,
    ),
    "he and somebody": (
        "Tomas Rell met Gwen Shaw. Rell spoke. “One,” [he and Shaw] said. “Two,” [they] said.",
        ["Tomas Rell & Gwen Shaw"] * 2,
    ),
    "three": (
        "“One,” said [Karin Dahl, Tomas Rell and Ana Ferro]. “Two,” [the trio] said. “Three,” [both] said.",
        ["Karin Dahl & Tomas Rell & Ana Ferro"] * 2 + [None],
    ),
    "with descriptions between": (
        "“One,” said [Karin Dahl, president of the port, and Tomas Rell, who leads the union].",
        ["Karin Dahl & Tomas Rell"],
    ),
    "names in a description": ("“One,” said [Karin Dahl, an official under Bob Orr and Tom Rell].", ["Karin Dahl"]),
    "names in a clause": ("“One,” said [Karin Dahl, who represents Bob Orr and Tom Rell].", ["Karin Dahl"]),
}
APPOSED = {
    "a newspaper that begins with a given name": ("“One,” said [the Orlando Sentinel].", "Orlando Sentinel"),
    "a body": ("“One,” said [the ferry company, Casco Lines].", "Casco Lines"),
    "a person no list has": ("“One,” said [the Tuvaluan envoy, Semisi Paelate].", "Semisi Paelate"),
    "a first name": ("“One,” said [her husband, Ray].", "Ray"),
    "a body described after its name": ("“One,” said [Lowmark Bank, the country's largest bank].", "Lowmark Bank"),
    "a surname that is a title": ("“One,” said [the envoy, Willem de Graaf].", "Willem de Graaf"),
    "behind an office of several words": ("[Chairman of selectors R. Bhupathy] said no.", "R. Bhupathy"),
    "initials behind an office": ("“One,” said [Leader of the Opposition V. T. Rangaraj].", "V. T. Rangaraj"),
    "behind an acronym": ("“One,” said [a governor of the Lowmark Bank (LB), Pavel Kysil].", "Pavel Kysil"),
    "behind two descriptions": ("“One,” said [the rapporteur, Finnish member Pirkko Ahti].", "Pirkko Ahti"),
    "an office behind a description": (
        "“One,” said [the group's head, Deputy Minister of Natural Resources Yevgeny Smolin].",
        "Yevgeny Smolin",
    ),
    "somebody who only uses a name": ("“One,” said [one protester, using the name Steady Eddie].", None),
    "a day in a name": ("Stanley Wednesday lost. [Stanley Wednesday] said it would appeal.", None),
    "a day behind a body": (
        "Lowmark Mining Co. fell. [Lowmark Mining Co. Monday] said it would sell.",
        "Lowmark Mining Co",
    ),
    "a noun without an article": ("“One,” said Tom. [Brokerage Barlow Securities] said no.", "Barlow Securities"),
}
LABELS = "Johanna van den Eynde was met by Martin Quill.\n\n[JVE]: I am here.\n\n[QUESTION]: Why?\n\n[MQ]: I am not."
NAMESAKES = (
    "The owner, Namgung Ki-tae, and his son, Namgung Hyun-woo, met. “One,” said [the younger Namgung]. "
    "“Two,” said [the elder Namgung]. “Three,” said [Namgung junior]."
)


@pytest.mark.parametrize(("text", "names"), JOINT.values(), ids=JOINT)
def test_all_speak_who_are_joined(text: str, names: list[str | None]) -> None:
    assert speakers(text) == names


@pytest.mark.parametrize(("text", "name"), APPOSED.values(), ids=APPOSED)
def test_the_name_behind_a_description_is_the_speakers(text: str, name: str) -> None:
    assert speakers(text)[-1] == name


def test_labels_can_be_initials_or_nobodys() -> None:
    assert speakers(LABELS) == ["Johanna van den Eynde", None, "Martin Quill"]
    assert [attribution.evidence for attribution in attributions(LABELS)] == ["turn", "label", "turn"]


def test_the_younger_and_the_elder() -> None:
    assert speakers(NAMESAKES) == ["Namgung Hyun-woo", "Namgung Ki-tae", "Namgung Hyun-woo"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bob Orr, 43, beat Tom Rell, 29. Orr smiled. “One,” [the 29-year-old] said.", "Tom Rell"),
        ("Bob Orr, 43, won. Orr smiled. “One,” [the 29-year-old] said.", None),
        ("Swiss coach Bob Orr met Dutch coach Tom Rell. Rell left. “One,” [the Swiss coach] said.", "Bob Orr"),
        ("Bob Orr, 43, beat Tom Rell, 43. The 43-year-old sat down. “One,” [he] said.", "Bob Orr"),
        ("Bob Orr, 43, beat Tom Rell. Orr left. The 29-year-old sat down. “One,” [he] said.", "Tom Rell"),
        ("Deputy Prime Minister Bob Orr came. Orr smiled. “One,” [the prime minister] said.", None),
        ("Foreign Minister Bob Orr came. Orr smiled. “One,” [the prime minister] said.", None),
    ],
    ids=[
        *("the age of one", "of nobody", "another nation", "the age of two outside marks", "an age outside marks"),
        *("a deputy", "another office"),
    ],
)
def test_ages_and_offices_are_not_exchanged(text: str, name: str | None) -> None:
    assert speakers(text) == [name]

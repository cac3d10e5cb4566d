"""The person that "he" or "she" means."""

import pytest

from tests.unit.speakers_within.marking import read, speakers
from worker.extract.quotation import Kind, Mention, Quotation
from worker.speakers.within import resolve

PRONOUNS = {
    "the last speaker": ("“One,” said [Karin Dahl]. “Two,” [she] added.", ["Karin Dahl", "Karin Dahl"]),
    "the gender of a title": (
        "Mr. Holm met Ms. Dahl in Bergen. “It is late,” [he] said.",
        ["Holm"],
    ),
    "the gender of a first name": ("Mary Dahl met John Holm. “It is late,” [she] said.", ["Mary Dahl"]),
    "the gender of a role": (
        "Kim Berg, a 44-year-old actress, met Robin Holm, a businessman. “It is late,” [he] said.",
        ["Robin Holm"],
    ),
    "the subject before others": (
        "Tore Dahl spoke about Egil Holm and the long winter. “It is late,” [he] said.",
        ["Tore Dahl"],
    ),
    "no name in the genitive": (
        "Tore Dahl opened Egil Holm's new bridge. “It is late,” [he] said.",
        ["Tore Dahl"],
    ),
    "the subject behind another's words": (
        "[John Redwood] said: “The others have forgotten us all.” Michael Holm saw no need for a change of"
        " course. “It is late,” [he] said.",
        ["John Redwood", "Michael Holm"],
    ),
    "the subject, and not who spoke before": (
        "“One,” said [John Holm]. “Two,” [Holm] said. Peter Dahl was more guarded. “It is late,” [he] said.",
        ["John Holm", "John Holm", "Peter Dahl"],
    ),
    "no other's gender": (
        "Robin Dahl came, and she waved. He saw it. He left, and he was glad. “It is late,” [she] said.",
        ["Robin Dahl"],
    ),
    "no gender of half a name": (
        "Hyun-seok Baek, a chemist, spoke. “It is late,” [he] said.",
        ["Hyun-seok Baek"],
    ),
    "nobody named in the quotation itself": (
        "John Dahl and Peter Holm came. Holm had a letter. “Holm is wrong,” [he] said.",
        ["John Dahl"],
    ),
    "nobody named only between quotation marks": (
        "“One,” said [Tore Dahl]. “We asked Egil Holm and Egil Holm came and Egil Holm left,” [he] said.",
        ["Tore Dahl", "Tore Dahl"],
    ),
    "a pronoun between quotation marks is no evidence": (
        "Robin Berg spoke. “She was late, she was ill and she left,” said [Berg]. Later “no,” [he] said.",
        ["Robin Berg", "Robin Berg"],
    ),
    "an earlier pronoun counts as a mention": (
        "Tore Dahl came on Monday. On the quay Egil Holm's car was late. He waited outside. “It is late,” [he] said.",
        ["Tore Dahl"],
    ),
    "not a place": ("Tore Dahl flew to New Mexico. “It is late,” [he] said.", ["Tore Dahl"]),
    "an unnamed person": (
        "Tore Dahl spoke. “One,” [a neighbor] said. “Two,” [he] added.",
        [None, None],
    ),
    "not an unnamed person of the other gender": (
        "“Zero,” said [John Dahl]. “One,” [a woman from Bergen] said. “Two,” [he] added.",
        ["John Dahl", None, "John Dahl"],
    ),
    "not one of several unnamed people": (
        "Tore Dahl has changed. “One,” [two former guards] said. “Two,” [he] added.",
        [None, "Tore Dahl"],
    ),
    "the owner of the subject": (
        "“One,” said [John Holm]. Dahl's bridge opened years after [he] had asked for it. Tore Dahl waved.",
        ["John Holm", "Tore Dahl"],
    ),
    "a source": ("Tore Dahl came. “One,” [the Western source] said. “Two,” [he] added.", [None, None]),
    "one of several": ("Tore Dahl came. “One,” [one] said. “Two,” [he] added.", [None, None]),
    "they, after two who are the subject": (
        "Karin Dahl and Egil Holm, two divers from Bergen, wrote a book. [They] said that it rained.",
        ["Karin Dahl & Egil Holm"],
    ),
    "they, after two who are not": (
        "Voters of all parties came, on a cold day, to see Karin Dahl and Egil Holm. [They] said that it rained.",
        [None],
    ),
    "they, after two": (
        "“One,” said [Karin Dahl and Egil Holm]. “Two,” [they] added.",
        ["Karin Dahl & Egil Holm", "Karin Dahl & Egil Holm"],
    ),
    "nobody if nobody is named before": ("“It is late,” [he] said.", [None]),
    "the person before a contraction": (
        "“One,” said [Karin Dahl]. Why [she’s] leaving: “Two.”",
        ["Karin Dahl", "Karin Dahl"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), PRONOUNS.values(), ids=PRONOUNS.keys())
def test_a_pronoun_means(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Egil Holm came. “He said, ‘Two,’ and left,” [John Dahl] said.", "Egil Holm"),
        ("Egil Holm met John Dahl. [Dahl] recalled: “He said, ‘Two,’ and left.”", "Egil Holm"),
        ("[John Dahl] recalled: “He said, ‘Two,’ and left.”", None),
    ],
    ids=["the speaker named behind", "the speaker named before", "nobody else"],
)
def test_in_somebodys_words_a_pronoun_means_another(text: str, meant: str | None) -> None:
    text, (outer,) = read(text)
    he, two = text.index("He said"), text.index("Two")
    inner = Quotation(Kind.DIRECT, "Two", ((two, two + 3),), Mention("He", he, he + 2), None, 1.0, inside=0)
    resolution = resolve(text, [outer, inner])
    named = [resolution.entities[number].name for number in resolution.attributions[1].entities]
    assert named == ([meant] if meant else [])

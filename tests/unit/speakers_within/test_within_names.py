"""The words that belong to a name, and the person that a surname means."""

import pytest

from tests.unit.speakers_within.marking import resolved, speakers
from worker.speakers.within import SourceKind

SURNAMES = {
    "the person last named in full": (
        "Anna Keller came. Then Paul Keller came. “One,” said [Keller].",
        ["Paul Keller"],
    ),
    "the owner of the surname": (
        "Anna Keller came. Keller was early. Her son Paul Keller came. “One,” said [Keller].",
        ["Anna Keller"],
    ),
    "a namesake long after": (
        "Anna Keller came. Keller was early. " + "It rained. " * 120 + "Paul Keller came. “One,” said [Keller].",
        ["Paul Keller"],
    ),
    "no relation": ("Anna Keller came with his wife, Ruth Holm Keller. “One,” said [Keller].", ["Anna Keller"]),
    "a relation that a sentence has introduced": (
        "“One,” said [Ole Hansen]. His wife, Kari Hansen, waved. “Two,” [Hansen] said.",
        ["Ole Hansen", "Kari Hansen"],
    ),
    "the other again, named in full since": (
        "“One,” said [Ole Hansen]. His wife, Kari Hansen, waved. “Two,” [Ole Hansen] said. “Three,” [Hansen] said.",
        ["Ole Hansen", "Ole Hansen", "Ole Hansen"],
    ),
    "Mr. and Mrs.": (
        "Paul Keller and his wife, Anna Keller, came. “One,” said [Mr. Keller]. “Two,” said [Mrs. Keller].",
        ["Paul Keller", "Anna Keller"],
    ),
    "one slip": ("“One,” said [Leslie Wimes]. “Two,” [Wines] said.", ["Leslie Wimes", "Leslie Wimes"]),
    "two letters changed places": ("“One,” said [Gary Byrne]. “Two,” [Bryne] said.", ["Gary Byrne", "Gary Byrne"]),
    "two slips are another name": ("“One,” said [Leslie Wimes]. “Two,” [Winans] said.", ["Leslie Wimes", "Winans"]),
    "a title as surname": ("“One,” said [Steven Law]. “Two,” [Law] said.", ["Steven Law", "Steven Law"]),
    "a place as surname": ("Rep. Steve Israel came. “Two,” [Israel] said.", ["Steve Israel"]),
    "an initial that is a word": ("Jock A. Finn came. “Two,” [Mr. Finn] said.", ["Jock A. Finn"]),
    "a given name of a list that opens a sentence": (
        "“One,” said [Marco Dahl]. Over Marco Dahl's Objections Harbour Votes\n“Two,” [Dahl] said.",
        ["Marco Dahl", "Marco Dahl"],
    ),
    "a preposition that opens a sentence": (
        "Outside Karin Dahl's house it rained. “Two,” [Dahl] said.",
        ["Karin Dahl"],
    ),
    "two with an office each": (
        "“One,” said [Mayor Paul Draper and fire chief Anita Rao].",
        ["Paul Draper & Anita Rao"],
    ),
    "a possessive": ("[British skipper Karin Dahl's] hope is that it rains. Karin Dahl came.", ["Karin Dahl"]),
    "a first name in the name of a show": (
        "Richard Holm came. “One,” said [Richard and Judy producer Anita Rao].",
        ["Anita Rao"],
    ),
    "particles": ("Ursula von der Leyen came. “Two,” [von der Leyen] said.", ["Ursula von der Leyen"]),
    "one word, nowhere explained": ("In winter Dahl waited. “Two,” [Dahl] said.", ["Dahl"]),
    "a name that ends like an adverb": ("Kim-Ly Tran won. “Two,” [Tran] said.", ["Kim-Ly Tran"]),
    "an article that is a given name": ("“Two,” said [Ghada Al Suwaidi].", ["Ghada Al Suwaidi"]),
    "a first name that ends like a trade": (
        "Bob Orr and Harinder Pal Grewal sat. “Two,” [Justice Grewal] said.",
        ["Harinder Pal Grewal"],
    ),
    "four words that begin with the family": ("Đoàn Thị Mỹ Hạnh came. “Two,” [Hạnh] said.", ["Đoàn Thị Mỹ Hạnh"]),
    "a word for a body": ("Rhys House, the hooker, came. “Two,” [House] said.", ["Rhys House"]),
    "the first of two, with particles": (
        "It was Rodrigo de la Torre Espín. “Two,” said [De la Torre].",
        ["Rodrigo de la Torre Espín"],
    ),
    "two orders of one name": ("The leader, Szabó Ferenc, came. “Two,” [Ferenc Szabó] said.", ["Szabó Ferenc"]),
    "a nickname of two words": ("“Two,” said [Colin “Big Col” Akehurst].", ["Colin Akehurst"]),
    "an Arabic article": ("Karim al-Zubaidi came. “Two,” [Al-Zubaydi] said.", ["Karim al-Zubaidi"]),
    "another spelling": ("Kazem Sotoudeh-Far came. “Two,” [Sotudehfar] said.", ["Kazem Sotoudeh-Far"]),
    "a month as first name": ("June Whitlock came. “Two,” [Whitlock] said.", ["June Whitlock"]),
    "a councillor": ("Moira Teasdale came. “Two,” [Cllr Teasdale] said.", ["Moira Teasdale"]),
    "a first name": ("Ivanka Dahl came. “Two,” [Ivanka] said.", ["Ivanka Dahl"]),
    "a pope": ("“Two,” said [Pope Urban]. “Three,” [Urban] said.", ["Pope Urban", "Pope Urban"]),
    "a head of state": ("President Obama came. “Two,” [Obama] said.", ["Barack Obama"]),
    "a namesake of a head of state": ("Dr. Obama came. “Two,” [Obama] said.", ["Obama"]),
}
NOT_IN_THE_NAME = {
    "a sentence's first word": ("Despite Karin Dahl, it rained. “One,” said [Dahl].", ["Karin Dahl"]),
    "an adverb": ("Interestingly Dahl came. Later Karin Dahl left. “One,” said [Dahl].", ["Karin Dahl"]),
    "a verb of saying that is a first name, too": ("Tomas Rell was there. Said [Rell]: “One.”", ["Tomas Rell"]),
    "a first name that is a verb of saying, too": ("It rained. [Said Khan], a farmer, said: “One.”", ["Said Khan"]),
    "a word for where somebody is from": ("“One,” said [Vermonter John Dahl].", ["John Dahl"]),
    "a country, and an office and its field": (
        "“One,” said [U.S. Secretary of State Karin Dahl].",
        ["Karin Dahl"],
    ),
    "an office for two things": ("“One,” said [Deputy Fuel and Energy Minister Dahl].", ["Dahl"]),
    "an office with a hyphen": ("“One,” said [Treasury Under-Secretary Karin Dahl].", ["Karin Dahl"]),
    "a birthplace of two words": ("“One,” said [Hong Kong-born Liu Wei]. “Two,” [Liu] said.", ["Liu Wei", "Liu Wei"]),
    "a word of two for where somebody is from": ("“One,” said [New Yorker John Dahl].", ["John Dahl"]),
    "a body's acronym": ("“One,” said [NATO Secretary-General Jens Holm].", ["Jens Holm"]),
    "a court": ("“One,” said [Bergen Supreme Court Justice Frank Nervo].", ["Frank Nervo"]),
    "a participle": ("Using Karin Dahl as a guide, they left. “One,” said [Dahl].", ["Karin Dahl"]),
    "a portfolio": ("“One,” said [Minister of Water Resources Adnan Sarraf].", ["Adnan Sarraf"]),
    "a rank of lawyers": ("“One,” said [Miriam Askew KC].", ["Miriam Askew"]),
    "a member's letters": ("“One,” said [Miriam Askew TD].", ["Miriam Askew"]),
    "a rank before a surname": ("“One,” said [Sergeant Dahl].", ["Dahl"]),
    "the head of a county": ("“One,” said [Reeve Karin Dahl].", ["Karin Dahl"]),
    "a month": ("It rained in June. In June Dahl came. “One,” [Dahl] said.", ["Dahl"]),
    "a country": ("“One,” said [President of Iran Hassan Dehdari].", ["Hassan Dehdari"]),
    "a headline's verb": (
        "Karin Dahl Says Ferries Should Stop Early\n\nIt rained. “One,” [Dahl] said.",
        ["Karin Dahl"],
    ),
    "an office in capitals": ("“One,” said [Labour MP Karin Dahl]. “Two,” [Dahl] said.", ["Karin Dahl", "Karin Dahl"]),
    "an office in capitals at a company": ("“One,” said [Lowco COO Karin Dahl].", ["Karin Dahl"]),
    "an office of two letters": ("“One,” said [Texas AG Karin Dahl].", ["Karin Dahl"]),
    "an office before a surname": ("Karin Dahl came. “One,” said [PM Dahl].", ["Karin Dahl"]),
    "initials without points": ("“One,” said [JD Dahl]. “Two,” [Dahl] said.", ["JD Dahl", "JD Dahl"]),
    "the site X": ("The video was posted on X. Karin Dahl came. “One,” said [Dahl].", ["Karin Dahl"]),
    "an initial X": ("It was Malcolm X. Dahl who came. “One,” said [Dahl].", ["Malcolm X. Dahl"]),
    "a television show": ("On The Mary Dahl Show it rained. “One,” [Dahl] said.", ["Mary Dahl"]),
}


@pytest.mark.parametrize(("text", "expected"), SURNAMES.values(), ids=SURNAMES.keys())
def test_a_surname_means(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


@pytest.mark.parametrize(("text", "expected"), NOT_IN_THE_NAME.values(), ids=NOT_IN_THE_NAME.keys())
def test_a_name_has_no(text: str, expected: list[str | None]) -> None:
    assert speakers(text)[: len(expected)] == expected


def test_the_title_completes_a_surname() -> None:
    assert speakers("“It is late,” [Dahl] said.", title="Karin Dahl waits for the ferry") == ["Karin Dahl"]


@pytest.mark.parametrize(
    "source",
    ["Protesters", "Mexicans", "Officials at Harbour Security Investigations", "Judicial Watch", "Citizens for Rain"],
)
def test_no_person(source: str) -> None:
    resolution = resolved(f"The Mexican flag was there. [{source}] said, “It is late.”")
    (attribution,) = resolution.attributions
    assert attribution.source_kind is not SourceKind.PERSON
    assert not any(entity.kind == "person" for entity in resolution.entities)

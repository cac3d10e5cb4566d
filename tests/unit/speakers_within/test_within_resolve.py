"""The speaker that a source means, inside one article."""

import pytest

from worker.extract import extract
from worker.speakers.within import EntityKind, SourceKind, resolve


def speakers(text: str) -> list[str | None]:
    """Return the speaker of each quotation with quotation marks, in the order of the text."""
    quotations = extract(text)
    resolution = resolve(text, quotations)
    return [
        " & ".join(resolution.entities[number].name for number in attribution.entities) or None
        for quotation, attribution in zip(quotations, resolution.attributions, strict=True)
        if quotation.kind != "indirect"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Karin Dahl came. “Here we are,” Dahl said.", ["Karin Dahl"]),
        ("“Here we are,” said Mr. Dahl.", ["Dahl"]),
        ("“Here we are,” said Foreign Minister Karin Dahl.", ["Karin Dahl"]),
        ("“Here we are,” said Karin Dahl, the Norwegian foreign minister.", ["Karin Dahl"]),
        ("Karin Dahl, the Norwegian foreign minister, came. “Here,” the minister said, “we are.”", ["Karin Dahl"]),
        ("Norwegian Foreign Minister Karin Dahl came. “Here we are,” Norway's top diplomat said.", ["Karin Dahl"]),
        ("Hossein Amir Abdollahian came. “Here we are,” Amir Abdollahian said.", ["Hossein Amir Abdollahian"]),
        ("“Here we are,” said Vann Newkirk II.", ["Vann Newkirk II"]),
        ("“Here we are,” said Karin Dahl and Jens Holm.", ["Karin Dahl & Jens Holm"]),
        ("“Here we are,” said Larry King. “It is late,” Mr. King added.", ["Larry King", "Larry King"]),
        ("Sergey Lavrov came. Then Sergei Lavrov left. “Here we are,” Lavrov said.", ["Sergey Lavrov"]),
        ("“Here we are,” the minister said.", [None]),
    ],
)
def test_names(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


def test_two_people_of_one_surname_are_two_entities() -> None:
    text = "“I count,” said Anna Keller. “I spend,” said Paul Keller. “I watch,” said Paul Keller."
    quotations = extract(text)
    resolution = resolve(text, quotations)
    assert [entity.name for entity in resolution.entities] == ["Anna Keller", "Paul Keller"]
    assert [attribution.entities for attribution in resolution.attributions] == [(0,), (1,), (1,)]


@pytest.mark.parametrize(
    ("source", "kind", "entities"),
    [
        ("a senior official", SourceKind.UNNAMED, 0),
        ("officials", SourceKind.UNNAMED, 0),
        ("the Iranian Foreign Ministry", SourceKind.BODY, 1),
        ("the White House", SourceKind.BODY, 1),
        ("the company", SourceKind.UNNAMED, 0),
        ("Iran", SourceKind.BODY, 1),
        ("he", SourceKind.PERSON, 0),
        ("the spokeswoman", SourceKind.UNNAMED, 0),
        ("Ann Lee", SourceKind.PERSON, 1),
    ],
)
def test_kinds_of_source(source: str, kind: SourceKind, entities: int) -> None:
    text = f"“We will not wait any longer,” {source} said."
    (quotation,) = extract(text)
    assert quotation.source is not None
    assert quotation.source.text == source
    (attribution,) = resolve(text, [quotation]).attributions
    assert attribution.source_kind is kind
    assert len(attribution.entities) == entities


def test_an_entity_has_its_forms_and_roles() -> None:
    text = "Foreign Minister Karin Dahl came. “Here we are,” Dahl said."
    (entity,) = resolve(text, extract(text)).entities
    assert entity.kind is EntityKind.PERSON
    assert entity.name == "Karin Dahl"
    assert set(entity.forms) == {"Foreign Minister Karin Dahl", "Dahl"}
    assert "foreign minister" in entity.roles


def test_the_labels_of_questions_and_answers_are_nobody() -> None:
    text = "Q: What happened on Monday?\n\nA: The storm came in at three in the morning. We lost three boats.\n"
    quotations = extract(text)
    resolution = resolve(text, quotations)
    assert quotations and not resolution.entities
    assert {attribution.source_kind for attribution in resolution.attributions} == {SourceKind.UNNAMED}

"""The news agency that an article is from, by every place that may name it."""

import pytest

from worker.parse.facts.agencies import NAMES, SPELLINGS, agency
from worker.parse.facts.body import body
from worker.parse.facts.wires import wire

BODY = "The harbour will be closed for a week, the mayor said on Monday. The cranes are old."


def found(text: str = BODY, **fields: object) -> str | None:
    """Return the agency of a text whose body ends with it."""
    return wire(text, len(text), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("beginning", "name"),
    [
        ("LISBON (Reuters) - ", "Reuters"),
        ("LISBON, March 5 (Reuters) - ", "Reuters"),
        ("WASHINGTON — (AP) — ", "AP"),
        ("Hannover (dpa/lni) – ", "dpa"),
        ("Wien (APA/dpa) - ", "APA"),
        ("PARIS, 5 mars 2024 (AFP) - ", "AFP"),
        ("Madrid, 5 mar (EFE).- ", "EFE"),
        ("(ANSA) - ROMA, 05 MAR - ", "ANSA"),
        ("BEIJING, March 5 (Xinhua) -- ", "Xinhua"),
        ("MOSCOW, March 5. /TASS/. ", "TASS"),
        ("TOKYO, March 5 (Kyodo) - ", "Kyodo"),
        ("Berlin [epd] - ", "epd"),
        ("The Hague (AFP) – ", "AFP"),
        ("The Palestinian Authority (PA) – ", None),
        ("In 2020, members of the authority (PA) – ", None),
        ("Members of the Aam Aadmi Party (AAP) - ", None),
    ],
)
def test_datelines(beginning: str, name: str | None) -> None:
    assert found(beginning + BODY, dateline=body(beginning + BODY).dateline) == name


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        (" (Reuters)", "Reuters"),
        (" — AP", "AP"),
        (" Source: dpa", "dpa"),
        (" Quelle: ntv.de, dpa", None),
        (" (Canadian Press)", "CP"),
    ],
)
def test_credits_at_the_end(ending: str, name: str | None) -> None:
    assert found(BODY + ending) == name


@pytest.mark.parametrize(
    ("by_line", "name"),
    [
        ("By Ana Ferro, Associated Press", "AP"),
        ("ANA FERRO, AP Business Writer", "AP"),
        ("Reuters Staff", "Reuters"),
        ("Ana Ferro | Australian Associated Press", "AAP"),
        ("Agence France-Presse", "AFP"),
        ("Ana Ferro and Tomas Rell, PA", "PA"),
        ("Von Ana Ferro, dpa", "dpa"),
        ("Ana Ferro for The Canadian Press", "CP"),
        ("Ana Ferro, Lowmark Courier", None),
        ("Ana Bloomberg", None),
        ("Ap Nilsen", None),
    ],
)
def test_by_lines(by_line: str, name: str | None) -> None:
    assert found(by_lines=[by_line]) == name


@pytest.mark.parametrize(
    ("rights", "name"),
    [
        ("© 2020 The Associated Press. All rights reserved.", "AP"),
        ("Copyright 2020 The Associated Press All rights reserved", "AP"),
        ("Copyright (c) 2024 Reuters", "Reuters"),
        ("© dpa", "dpa"),
        ("© 2020-2024 Agence France-Presse", "AFP"),
        ("© 2024 Lowmark Courier", None),
    ],
)
def test_rights(rights: str, name: str | None) -> None:
    assert found(licence=rights) == name


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("urn:newsml:afp.com:20240305:TX-PAR-ABC12", "AFP"),
        ("urn:newsml:dpa.com:20090101:240305-99-12345", "dpa"),
        ("tag:reuters.com,2024:newsml_L1N3", "Reuters"),
        ("http://www.ansa.it/id/1", "ANSA"),
        ("AP:D8XYZ", "AP"),
        ("urn:newsml:coast.example:20240305:ferry", None),
        ("2934001122", None),
        (None, None),
    ],
)
def test_ids(identifier: str | None, name: str | None) -> None:
    assert found(identifier=identifier) == name


def test_an_outlet_that_is_an_agency_and_a_text_of_nobody() -> None:
    assert found(outlet="Agence France-Presse") == "AFP"
    assert found(outlet="The Alvor Courier") is None
    assert found("The pier (a landmark) - is closed. " + BODY) is None
    assert found("") is None


def test_the_dateline_counts_more_than_the_rights() -> None:
    rights = "© 2024 The Associated Press"
    assert found("LISBON (Reuters) - " + BODY, dateline="LISBON (Reuters)", licence=rights) == "Reuters"


def test_spellings_belong_to_one_agency_and_are_in_lower_case() -> None:
    assert len(NAMES) == sum(map(len, SPELLINGS.values()))
    assert [spelling for spelling in NAMES if spelling != spelling.casefold()] == []
    assert agency("AP") == agency("Associated Press") == "AP"
    assert agency("Ap") is None

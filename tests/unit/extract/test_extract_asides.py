"""Links to other articles, boxes, adverts and captions in a text give no quotation and no name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.extract import extract
from worker.extract.marks.asides import CREDIT, is_aside, may_be_credited
from worker.speakers.within import resolve

BEFORE = "“The pier is closed,” said Ana Ferro, the harbour master.\n\n"
AFTER = "\n\n“We will mend it before the summer,” Ferro told reporters on Friday."
ASIDES = (
    "READ MORE: “We will strike again,” says union leader Tomas Rell",
    "ALSO READ | Mayor says 'no more money' for the pier",
    "Watch: Piet Vos said the town would “never pay”",
    "▶ Related stories: “It was a bad night,” said Vos",
    "See also – Why Karin Dahl said “no”",
    "Lesen Sie auch: „Wir zahlen nicht“, sagt Piet Vos",
    "À lire aussi : « Jamais », dit Piet Vos",
    "ADVERTISEMENT",
    "Story continues below advertisement",
    "Sign up for our newsletter: “The Quay”, said to be the best, in your inbox",
    "Follow Piet Vos on Twitter @pietvos, who said “no”",
    "FILE PHOTO: Piet Vos said “no” to reporters on May 17, 2024. REUTERS/Tomas Rell",
    "Piet Vos says the harbour is “no place for swimmers”. (AP Photo/Tomas Rell)",
    "Harbour master Piet Vos says “no”. Photograph: Tomas Rell/Courier",
)
ARTICLE = (
    "Read them the law: “You must leave,” the officer said.",
    "Watch out, he said. “It bites.”",
    "More than 40 people signed up, said Piet Vos: “We are many.”",
    "PIET VOS: “We are many.”",
    "Related to her work, she said: “It is hard.”",
    "The photo showed a man who said: “I am here.”",
    "Subscribe or not, Vos said, “it is your choice”.",
    "He told the picture editor: “Use this one.”",
    "“See also the report,” said Vos.",
)


@pytest.mark.parametrize("aside", ASIDES)
def test_an_aside_gives_no_quotation_and_no_name(aside: str) -> None:
    text = BEFORE + aside + AFTER
    quotations = extract(text)
    assert [quotation.text for quotation in quotations] == [each.text for each in extract(BEFORE + AFTER)]
    assert all(quotation.text == text[quotation.start : quotation.end] for quotation in quotations)
    assert [entity.name for entity in resolve(text, quotations).entities] == ["Ana Ferro"]


@pytest.mark.parametrize("paragraph", ARTICLE)
def test_a_paragraph_of_the_article_is_none(paragraph: str) -> None:
    assert not is_aside(paragraph)


def test_an_aside_between_two_paragraphs_of_one_quotation_stays_in_no_part() -> None:
    text = "Ana Ferro said: “The pier is closed.\n\nREAD MORE: The storm of 1953\n\n“We will mend it.”"
    for quotation in extract(text):
        assert quotation.text == " […] ".join(text[start:end] for start, end in quotation.parts)
        assert "1953" not in quotation.text


@given(st.from_regex(CREDIT))
def test_no_credit_is_passed_over_unsearched(credited: str) -> None:
    assert may_be_credited(credited)


def test_a_paragraph_without_a_word_of_credits_is_not_searched() -> None:
    assert may_be_credited("Piet Vos at the quay. PHOTO: Tomas Rell")
    assert not may_be_credited("“We will mend it before the summer,” Ferro told the town on Friday.")

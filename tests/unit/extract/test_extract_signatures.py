"""Signed quotations, and dashes that are no signature; quotations in quotations; lines that announce a quotation."""

import time

import pytest

from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import regions
from worker.extract.marks.sentences import sentences
from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.rules.passage import Ruled, passage, within
from worker.extract.rules.signatures import signatures
from worker.extract.union import union


def words(mention: Mention | None) -> str | None:
    return None if mention is None else mention.text


def signed(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return content, source and cue of each signed quotation."""
    return [(quotation.text, words(quotation.source), words(quotation.cue)) for quotation in quotations(text)]


def quotations(text: str) -> list[Quotation]:
    spans = paragraphs(text, 0, len(text))
    return signatures(text, spans, [region for region in regions(text, spans) if region.parent is None])


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("“The soup was cold.” ― Ada Ruiz, Leeds", "Ada Ruiz, Leeds", "―"),
        ("“The soup was cold.”― Ada Ruiz.", "Ada Ruiz", "―"),
        ("“The soup was cold.” ―\u00a0Ada Ruiz\u00a0", "Ada Ruiz", "―"),
        ("“The soup was cold.” — Ada Ruiz, retired cook", "Ada Ruiz, retired cook", "—"),
        ("“The soup was cold.” ~ Ada Ruiz", "Ada Ruiz", "~"),
        ('"The soup was cold." -- Ada Ruiz', "Ada Ruiz", "--"),
        ('"The soup was cold."\n– Ada R., Graz', "Ada R., Graz", "–"),
        ('"The soup was cold."\n\n-Ada R.', "Ada R.", "-"),
        ("“The soup was cold.” (Ada, 34)", "Ada, 34", "("),
        ("“The soup was cold.”\n(Ada Ruiz, nurse)", "Ada Ruiz, nurse", "("),
        ("“The soup was cold.” ― A resident of Oulu", "A resident of Oulu", "―"),
        ("“The soup was cold.” — Ada Ruiz (@adaruiz) May 4, 2016", "Ada Ruiz (@adaruiz)", "—"),
        ("• “The soup was cold.” — Dr. Ada Ruiz", "Dr. Ada Ruiz", "—"),
        ("One guest wrote: “The soup was cold.” — Ada Ruiz", "Ada Ruiz", "—"),
    ],
)
def test_a_signature_is_found(text: str, source: str, cue: str) -> None:
    assert signed(text) == [("The soup was cold.", source, cue)]


def test_signatures_are_found_where_line_breaks_are_lost() -> None:
    text = "“The soup was cold.” ― Ada Ruiz, Leeds “The bread was not.” ― Li Wen"
    assert [source for _, source, _ in signed(text)] == ["Ada Ruiz, Leeds", "Li Wen"]


@pytest.mark.parametrize(
    "text",
    [
        "“The soup was cold.” — Ruiz said on Monday that she had sent it back",
        "“The soup was cold.” – The cook has left.",
        "“The soup was cold.” — He would not say more",
        "“The soup was cold.” — But nobody cared",
        "“The soup was cold.” — a phrase from the last century",
        "“The soup was cold.” — Ada Ruiz ate it. Nobody else was there",
        "Ruiz called it “the coldest soup in Leeds.” — Wire Service",
        "“Cold Soup” — Ada Ruiz, until 4 May",
        "“Cold Soup” (Ada Ruiz, Leeds)",
        "“The soup was cold.” (Reuters)",
        "“The soup was cold.” (Ruiz, 1984)",
        "“The soup was cold.” (Applause, then silence falls in the hall, said Ruiz)",
        "“The soup was cold.”\n– New tables\n– New chairs",
        "“The soup was cold.”\n– A new kitchen –",
        "“The soup was cold.”\n-- Leeds Newsroom, 44-113-555-0101",
        "“The soup was cold.” – @ada #soup",
        "“The soup was cold.”",
    ],
)
def test_what_follows_a_quotation_may_be_no_signature(text: str) -> None:
    assert signed(text) == []


def read(text: str, contents: list[str], source: str) -> Quotation:
    parts = tuple((text.index(content), text.index(content) + len(content)) for content in contents)
    start = text.index(source)
    mention = Mention(source, start, start + len(source))
    return Quotation(Kind.DIRECT, " ".join(contents), parts, mention, None, 0.99)


LETTERS = (
    "“The soup was cold.” ― Ada Ruiz\n\n“The bread was not.” ― Li Wen\n\n“And the wine, it was sour,” Tom Ash said."
)


def test_a_wrong_reading_does_not_stand_in_a_signatures_way() -> None:
    wrong = read(LETTERS, ["The soup was cold.", "The bread was not.", "And the wine, it was sour,"], "Tom Ash")
    together = union(LETTERS, [wrong], [("signature", signed) for signed in quotations(LETTERS)])
    assert sorted((quotation.text, words(quotation.source)) for quotation in together) == [
        ("And the wine, it was sour,", "Tom Ash"),
        ("The bread was not.", "Li Wen"),
        ("The soup was cold.", "Ada Ruiz"),
    ]


def test_a_right_reading_keeps_its_confidence() -> None:
    right = read(LETTERS, ["The soup was cold."], "Ada Ruiz")
    together = union(LETTERS, [right], [("signature", signed) for signed in quotations(LETTERS)])
    assert right in together
    assert len(together) == 2


def inside(text: str) -> list[Ruled]:
    """Return the quotations inside the first quoted region of a text."""
    all_regions = regions(text, paragraphs(text, 0, len(text)))
    return within(text, all_regions[0], [all_regions[number] for number in all_regions[0].children])


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("“My aunt used to say, ‘Eat your soup,’ and we did,” he said.", "My aunt", "used to say"),
        ("“So I was told, ‘Eat your soup,’” he said.", None, "was told"),
        ("“She was like, ‘Eat your soup,’” he said.", "She", "was like"),
        ("“He's like, ‘Eat your soup.’”", "He", "like"),
        ("“They'll say, ‘Eat your soup.’”", "They", "say"),
        ("“My aunt said, ‘Eat your soup.’”", "My aunt", "said"),
    ],
)
def test_a_quotation_in_a_quotation_has_its_own_speaker(text: str, source: str | None, cue: str) -> None:
    (rule, inner) = inside(text)[0]
    assert (rule, words(inner.source), words(inner.cue)) == ("inside", source, cue)
    assert inner.text.startswith("Eat your soup")


@pytest.mark.parametrize(
    "text",
    [
        "“It is easy to say, ‘Eat your soup,’ but who cooks,” he said.",
        "“We cannot say, ‘Eat your soup.’”",
        "“There is something like, ‘Eat your soup,’ over the door,” he said.",
    ],
)
def test_what_nobody_said_in_a_quotation_has_no_speaker(text: str) -> None:
    assert inside(text) == []


SOUP = "“The soup was cold and the bread, if it was bread, was older than the cook.”"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("An inspector from the county came to another conclusion:", "An inspector"),
        ("She then listed what was wrong that evening:", "She"),
        ("See the letters below:", None),
    ],
)
def test_a_line_with_a_colon_announces_the_quotation_under_it(line: str, source: str | None) -> None:
    text = f"{line}\n\n{SOUP}"
    spans = paragraphs(text, 0, len(text))
    row = items(text, (0, len(text)), regions(text, spans))
    ruled = passage(text, row, sentences(row, spans), spans)
    introduced = [quotation for rule, quotation in ruled if rule == "announced"]
    assert [(quotation.text, words(quotation.source)) for quotation in introduced] == [(SOUP[1:-1], source)]


@pytest.mark.parametrize(
    "piece", ["“A b c.” — D E ", "“A b c.”\n– D\n", "“A b c.” (D, 3)\n", "D: I see.\n\nWe do.\n\n"]
)
def test_the_rules_work_is_in_proportion_to_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begun = time.process_time()
        spans = paragraphs(text, 0, len(text))
        row = items(text, (0, len(text)), [region for region in regions(text, spans) if region.parent is None])
        passage(text, row, sentences(row, spans), spans)
        return time.process_time() - begun

    assert seconds(40_000) < 30 * max(seconds(4_000), 0.02)

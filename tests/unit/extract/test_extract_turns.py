"""Transcripts: the speaker of each paragraph, and the paragraphs that are the writer's own.

A turn is the paragraphs of one speaker up to the next speaker; its label is the name before the colon.
"""

import pytest

from worker.extract.marks.items import items
from worker.extract.marks.paragraphs import paragraphs
from worker.extract.marks.regions import regions
from worker.extract.marks.sentences import sentences
from worker.extract.quotation import Kind, Mention, Quotation
from worker.extract.rules.passage import passage
from worker.extract.union import union


def turns(text: str) -> list[Quotation]:
    spans = paragraphs(text, 0, len(text))
    outermost = [region for region in regions(text, spans) if region.parent is None]
    row = items(text, (0, len(text)), outermost)
    return [quotation for rule, quotation in passage(text, row, sentences(row, spans), spans) if rule == "turn"]


def labels_and_paragraphs(text: str) -> list[tuple[str, list[str]]]:
    """Return the label and the paragraphs of each turn."""
    return [
        (turn.source.text, [text[start:end] for start, end in turn.parts])
        for turn in turns(text)
        if turn.source is not None
    ]


@pytest.mark.parametrize("sign", [".", ":"])
def test_questions_and_answers_are_turns(sign: str) -> None:
    text = f"Live.\n\nQ{sign} Why now?\n\nA{sign} I had time. So I sang.\n\nQ{sign} And then?\n\nA{sign} Bed."
    assert labels_and_paragraphs(text) == [
        ("Q", ["Why now?"]),
        ("A", ["I had time. So I sang."]),
        ("Q", ["And then?"]),
        ("A", ["Bed."]),
    ]
    assert {turn.cue.text for turn in turns(text) if turn.cue is not None} == {sign}


def test_a_turn_of_a_letter_is_less_sure_than_one_of_a_name() -> None:
    lettered = turns("Q: Why now?\n\nA: I had time.\n\nQ: And then?\n\nA: Bed.")
    named = turns("IBSEN: Why now?\n\nWHITCOMB: I had time.\n\nIBSEN: And then?\n\nWHITCOMB: Bed.")
    assert {turn.confidence for turn in lettered} == {0.5}
    assert {turn.confidence for turn in named} == {0.8}


def test_questions_at_a_briefing_are_turns() -> None:
    text = "QUESTION: Is that all?\n\nMR. ODE: It is.\n\nQUESTION: Really?\n\nMR. ODE: Really."
    assert [label for label, _ in labels_and_paragraphs(text)] == ["QUESTION", "MR. ODE", "QUESTION", "MR. ODE"]


@pytest.mark.parametrize(
    "text",
    [
        "A. Brandt keeps goats.\n\nA. Brandt sells milk.\n\nA. Brandt has no cow.",  # initials
        "Ostrava: 1,204.\n\nBrno: 871.\n\nOstrava: 12.\n\nBrno: 9.",  # a table
        "Note: Closed on Mondays.\n\nPhoto: The old mill.\n\nNote: Bring boots.",
        "Vance: We will see. The mayor left.\n\nNobody spoke.",  # one label is no transcript
    ],
)
def test_what_only_looks_like_a_transcript_has_no_turns(text: str) -> None:
    assert turns(text) == []


TRANSCRIPT = "VANCE: Is the dam safe?\n\nODE: It is.{}VANCE: And the road?\n\nODE: Closed.{}"


@pytest.mark.parametrize(
    "more",
    ["And I would add that we checked it twice.", "Do you see the crane?", "You can walk on it.", "We have. Yes."],
)
def test_a_turn_goes_on_in_the_next_paragraph(more: str) -> None:
    text = TRANSCRIPT.format(f"\n\n{more}\n\n", "")
    assert labels_and_paragraphs(text)[1] == ("ODE", ["It is.", more])


@pytest.mark.parametrize(
    "other",
    [
        "The engineer paused and drank from a flask.",  # nothing in it is speech
        "“I know,” she said.",
        "“We know it well,” the mayor told us.",
        "Ode said we could look for ourselves.",
        "On the road to us",  # a heading
        "QWhat about us?",
        "(We hear applause.)",
        "US engineers came in MAY.",
    ],
)
def test_the_writer_is_not_given_to_a_speaker(other: str) -> None:
    text = TRANSCRIPT.format(f"\n\n{other}\n\n", "")
    assert labels_and_paragraphs(text)[1] == ("ODE", ["It is."])
    assert len(labels_and_paragraphs(text)) == 4


def test_stage_directions_are_stepped_over_and_narration_is_not() -> None:
    directed = TRANSCRIPT.format("\n\n[Applause]\n\nI thank you.\n\n", "")
    assert labels_and_paragraphs(directed)[1] == ("ODE", ["It is.", "I thank you."])
    narrated = TRANSCRIPT.format("\n\nA siren went off.\n\nI thank you.\n\n", "")
    assert labels_and_paragraphs(narrated)[1] == ("ODE", ["It is."])


@pytest.mark.parametrize(
    ("more", "is_turn"),
    [
        ("I will be there at six.", True),
        ("Nothing else? Thank you.", True),
        ("You can read the report here.", False),
        ("We have asked the ministry for a comment.", False),
        ("The interview ended at noon.", False),
    ],
)
def test_after_the_last_turn_the_writer_mostly_takes_over(more: str, is_turn: bool) -> None:
    text = TRANSCRIPT.format("\n\n", f"\n\n{more}")
    assert labels_and_paragraphs(text)[-1] == ("ODE", ["Closed.", more] if is_turn else ["Closed."])


def test_an_article_with_two_lines_of_dialogue_is_not_swallowed() -> None:
    column = "\n\n".join(f"We went on to house {number}, and I knocked." for number in range(40))
    text = f"VANCE: Is the dam safe?\n\nVANCE: Hello?\n\nODE: Yes.\n\n{column}\n\nVANCE: Good."
    assert len(labels_and_paragraphs(text)[2][1]) <= 13


def read(kind: Kind, text: str, content: str, source: str) -> Quotation:
    start, name = text.index(content), text.index(source)
    mention = Mention(source, name, name + len(source))
    return Quotation(kind, content, ((start, start + len(content)),), mention, None, 0.9)


def test_a_turn_takes_indirect_quotations_away_and_keeps_marked_ones() -> None:
    text = (
        "VANCE: Who says so?\n\nODE: My aunt said it rained. And the judge wrote, “Too wet.” So there.\n\nVANCE: Well."
    )
    indirect = read(Kind.INDIRECT, text, "it rained", "My aunt")
    direct = read(Kind.DIRECT, text, "Too wet.", "the judge")
    again = read(Kind.MIXED, text, "My aunt said it rained. And the judge wrote, “Too wet.” So there.", "ODE")
    ruled = [("turn", turn) for turn in turns(text)]
    assert len(ruled) == 3
    kept = union(text, [indirect, direct, again], ruled)
    assert direct in kept
    assert indirect not in kept
    assert again not in kept
    assert len(kept) == 4


def test_what_is_outside_of_the_turns_stays() -> None:
    text = "Rain fell, the mayor said.\n\nVANCE: Who says so?\n\nODE: Me.\n\nVANCE: Well."
    before = read(Kind.INDIRECT, text, "Rain fell", "the mayor")
    assert before in union(text, [before], [("turn", turn) for turn in turns(text)])


def test_labels_of_minutes_end_with_a_full_stop() -> None:
    text = (
        "The CHAIRMAN. The panel will come to order.\n\nMs. DELVECCHIO. Captain Young, how many were there?\n\n"
        "Captain YOUNG. Seventy-seven, ma'am.\n\nMr. HOLT of Utah. Will she yield?\n\nMs. DELVECCHIO. I will not."
    )
    assert [label for label, _ in labels_and_paragraphs(text)] == [
        *("The CHAIRMAN", "Ms. DELVECCHIO", "Captain YOUNG", "Mr. HOLT of Utah", "Ms. DELVECCHIO")
    ]


def test_labels_of_a_call_stand_on_lines_of_their_own() -> None:
    text = (
        "Shares fell.\n\nOperator\n\nA question.\n\nPriya Nandakumar -- Oakline Research -- Analyst\n\nIs it a pause?"
        "\n\nDale Whitcover -- Chief Executive Officer\n\nI would call it one.\n\nThe mower is fine.\n\n"
        "Priya Nandakumar -- Oakline Research -- Analyst\n\nThank you.\n\nOperator\n\nNo more.\n\nShares rose later."
    )
    assert labels_and_paragraphs(text) == [
        ("Priya Nandakumar", ["Is it a pause?"]),
        ("Dale Whitcover", ["I would call it one.", "The mower is fine."]),
        ("Priya Nandakumar", ["Thank you."]),
    ]
    assert turns("Ida Berg -- Oakline -- Analyst\n\nNo.\n\nTom Rell -- Barlow -- Analyst\n\nYes.") == []

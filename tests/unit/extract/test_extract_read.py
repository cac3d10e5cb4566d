"""The quotations of easy sentences, in both modes. The same text always gives the same quotations.

No sentence here is a borderline case. Tests do not cover hard sentences; `onrecord eval` measures them.
"""

import pytest

from worker.extract import Kind, Quotation, extract
from worker.extract.version import Mode

OPEN = "We will open the harbour on Monday"


def source(quotation: Quotation) -> str | None:
    """Return the words of the source, without the comma after it."""
    return None if quotation.source is None else quotation.source.text.strip(" ,:")


def cue(quotation: Quotation) -> str | None:
    return None if quotation.cue is None else quotation.cue.text.strip(" ,:")


QUOTED = [
    (f"“{OPEN},” Anna Berg said.", Kind.DIRECT, f"{OPEN},", "Anna Berg", "said"),
    (f'"{OPEN}," Anna Berg said.', Kind.DIRECT, f"{OPEN},", "Anna Berg", "said"),
    (f"“{OPEN},” said Anna Berg.", Kind.DIRECT, f"{OPEN},", "Anna Berg", "said"),
    (
        *(f"“{OPEN},” said Anna Berg, “and nobody will stop us.”", Kind.DIRECT),
        *(f"{OPEN}, and nobody will stop us.", "Anna Berg", "said"),
    ),
    (f"Anna Berg said: “{OPEN}. Nobody cares.”", Kind.DIRECT, f"{OPEN}. Nobody cares.", "Anna Berg", "said"),
    (f"Anna Berg said: “{OPEN}.\n\n“We stay.”", Kind.DIRECT, f"{OPEN}. We stay.", "Anna Berg", "said"),
    (
        *("Anna Berg said the plan was “a disgrace” and would fail.", Kind.MIXED),
        *("the plan was “a disgrace” and would fail", "Anna Berg", "said"),
    ),
]


@pytest.mark.parametrize(("text", "kind", "content", "speaker", "cue_words"), QUOTED)
@pytest.mark.parametrize("mode", Mode)
def test_quoted(mode: Mode, text: str, kind: Kind, content: str, speaker: str, cue_words: str) -> None:
    (quotation,) = extract(text, mode=mode)
    assert (quotation.kind, quotation.text.rstrip(".")) == (kind, content.rstrip("."))
    assert (source(quotation), cue(quotation)) == (speaker, cue_words)


INDIRECT = [
    ("The minister said that the harbour would open on Monday.", "The minister", "said"),
    ("According to the report, the harbour would open on Monday.", "the report", "According to"),
]


@pytest.mark.parametrize(("text", "speaker", "cue_words"), INDIRECT)
def test_indirect_in_full_mode(text: str, speaker: str, cue_words: str) -> None:
    (quotation,) = extract(text, mode=Mode.FULL)
    assert quotation.kind is Kind.INDIRECT
    assert quotation.text.removeprefix("that ") == "the harbour would open on Monday"
    assert (source(quotation), cue(quotation)) == (speaker, cue_words)


@pytest.mark.parametrize("text", [text for text, _, _ in INDIRECT])
def test_quoted_mode_finds_no_indirect_ones(text: str) -> None:
    assert extract(text, mode=Mode.QUOTED) == []
    together = f"{text} “{OPEN},” said Anna Berg."
    (quotation,) = extract(together, mode=Mode.QUOTED)
    assert quotation.kind is Kind.DIRECT


@pytest.mark.parametrize("mode", Mode)
def test_nested(mode: Mode) -> None:
    outer, inner = extract("“He told me, ‘Never come back,’ and left,” said Anna Berg.", mode=mode)
    assert (outer.kind, outer.text) == (Kind.DIRECT, "He told me, ‘Never come back,’ and left,")
    assert "Never come back," in inner.text
    assert (source(outer), source(inner)) == ("Anna Berg", "He")
    assert (outer.inside, inner.inside) == (None, 0)


@pytest.mark.parametrize("mode", Mode)
def test_the_last_of_several_paragraphs_names_the_speaker(mode: Mode) -> None:
    (quotation,) = extract(f"“{OPEN}.\n\n“Nobody will stop us,” said Anna Berg.", mode=mode)
    assert quotation.text == f"{OPEN}. Nobody will stop us,"
    assert source(quotation) == "Anna Berg"


def test_mentions_have_no_punctuation_at_their_ends() -> None:
    (first,), (second,) = extract(QUOTED[3][0]), extract(QUOTED[4][0])
    assert first.source is not None and second.cue is not None
    assert (first.source.text, second.cue.text) == ("Anna Berg", "said")


@pytest.mark.parametrize("text", ["", " \n\n ", "It rained in the night.", "Photo: Harbour, 2019"])
def test_nothing_said(text: str) -> None:
    for mode in Mode:
        assert extract(text, mode=mode) == []


def test_an_articles_quotations_do_not_depend_on_what_was_read_before() -> None:
    texts = [text for text, *_ in QUOTED] + [text for text, *_ in INDIRECT] + ["", "“" * 50]
    first = [extract(text) for text in texts]
    assert list(reversed([extract(text) for text in reversed(texts)])) == first
    assert [extract(text) for text in texts] == first


def test_offsets_count_in_the_text_where_the_body_begins_later() -> None:
    head = "Harbour news 🎉 – "
    for text, *_ in QUOTED[:3]:
        (alone,), (later,) = extract(text), extract(head + text, (len(head), len(head + text)))
        assert later.text == alone.text
        assert later.parts == tuple((start + len(head), end + len(head)) for start, end in alone.parts)


@pytest.mark.parametrize("sign", ["“”", '""', "«»", "„“"])
def test_marks_of_every_style_are_read(sign: str) -> None:
    (quotation,) = extract(f"{sign[0]}{OPEN},{sign[1]} said Anna Berg.")
    assert (quotation.kind, quotation.text, source(quotation)) == (Kind.DIRECT, f"{OPEN},", "Anna Berg")

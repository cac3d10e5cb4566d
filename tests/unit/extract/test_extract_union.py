"""The union of the quotations of the network (the reader) and of the rules, and quotations inside quotations."""

from hypothesis import given
from hypothesis import strategies as st

from worker.extract.building import joined
from worker.extract.nesting import nested
from worker.extract.quotation import Kind, Mention, Quotation, Span
from worker.extract.union import Cover, union


def quotation(*parts: Span, kind: Kind = Kind.DIRECT, confidence: float = 0.5) -> Quotation:
    return Quotation(kind, "", parts, None, None, confidence)


def test_rules_fill_in_where_nothing_was_read() -> None:
    read, new = quotation((0, 10)), quotation((20, 30))
    assert union("", [read], [("introduced", new)]) == [read, new]
    assert union("", [], [("introduced", new)]) == [new]


def test_rules_do_not_touch_what_was_read() -> None:
    read = quotation((0, 10), (40, 50))
    for touching in (quotation((9, 20)), quotation((0, 10)), quotation((2, 4)), quotation((20, 30), (45, 60))):
        assert union("", [read], [("introduced", touching)]) == [read]
    assert union("", [read], [("introduced", quotation((10, 40)))]) == [read, quotation((10, 40))]


def test_an_attribution_beside_a_quotation_adds_nothing() -> None:
    read = quotation((0, 10))
    assert union("", [read], [("beside", quotation((20, 30)))]) == [read]


def test_turns_are_kept_before_what_was_read_without_marks() -> None:
    turn = quotation((0, 50), kind=Kind.INDIRECT)
    indirect, quoted, mixed = (
        quotation((5, 9), kind=Kind.INDIRECT),
        quotation((10, 20)),
        quotation((21, 30), kind=Kind.MIXED),
    )
    across, elsewhere = quotation((45, 55)), quotation((60, 70), kind=Kind.INDIRECT)
    together = union("", [indirect, quoted, mixed, across, elsewhere], [("turn", turn)])
    assert len(together) == 4
    assert set(together) == {turn, quoted, mixed, elsewhere}


def quotation_by(source: str, start: int, *parts: Span, text: str = "") -> Quotation:
    return Quotation(Kind.DIRECT, text, parts, Mention(source, start, start + len(source)), None, 0.5)


def test_a_signature_goes_before_what_was_read_with_another_source() -> None:
    signed = quotation_by("Anna Berg", 12, (1, 10))
    assert union("", [], [("signature", signed)]) == [signed]
    assert union("", [quotation((1, 10))], [("signature", signed)]) == [signed]
    assert union("", [quotation_by("Carl Dahl", 40, (1, 10))], [("signature", signed)]) == [signed]


def test_a_signature_that_was_read_too_is_kept_as_it_was_read() -> None:
    read, signed = quotation_by("Ms. Anna Berg", 12, (1, 10)), quotation_by("Anna Berg", 16, (1, 10))
    assert union("", [read], [("signature", signed)]) == [read]


def test_of_what_was_read_over_several_signed_ones_the_unsigned_parts_are_left() -> None:
    text = "We a. And They. So Who i."
    read = quotation_by("Carl Dahl", 90, (0, 4), (10, 14), (19, 24), text="We a […] They […] Who i")
    (left, signed) = union(text, [read], [("signature", quotation_by("Anna Berg", 30, (10, 14)))])
    assert (left.parts, left.text) == (((0, 4), (19, 24)), "We a […] Who i")
    assert signed.parts == ((10, 14),)


def test_quotations_inside_quotations_are_kept() -> None:
    outer, inner = quotation((0, 50)), quotation((10, 20))
    assert union("", [outer], [("inside", inner)]) == [outer, inner]
    assert union("", [outer, inner], [("inside", quotation((10, 20), confidence=0.7))]) == [outer, inner]


def test_quoteds_know_the_smallest_that_holds_them() -> None:
    first, outer, inner, innermost = quotation((0, 5)), quotation((10, 90)), quotation((20, 60)), quotation((30, 40))
    together = nested([innermost, outer, first, inner])
    assert [(quoted.start, quoted.inside) for quoted in together] == [(0, None), (10, None), (20, 1), (30, 2)]


def test_neither_a_gap_nor_an_equal_stretch_holds_another() -> None:
    assert [quoted.inside for quoted in nested([quotation((0, 10), (30, 40)), quotation((15, 20))])] == [None, None]
    same = [quotation((0, 10)), quotation((0, 10), kind=Kind.MIXED)]
    assert [quoted.inside for quoted in nested(same)] == [None, None]


def test_the_same_quotation_is_kept_once() -> None:
    assert nested([quotation((0, 10)), quotation((0, 10))]) == [quotation((0, 10))]


STRETCHES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 15)).map(
        lambda start_and_length: (start_and_length[0], sum(start_and_length))
    ),
    max_size=8,
)


@given(STRETCHES, STRETCHES)
def test_cover_touches_what_shares_a_character(stretches: list[Span], parts: list[Span]) -> None:
    cover = Cover([quotation(stretch) for stretch in stretches])
    taken = {at for start, end in stretches for at in range(start, end)}
    for part in parts:
        assert cover.touches([part]) == bool(taken.intersection(range(*part)))
    assert cover.touches(parts) == any(cover.touches([part]) for part in parts)


@given(STRETCHES, STRETCHES)
def test_introduced_quotations_never_overlap_what_was_read(read: list[Span], ruled: list[Span]) -> None:
    kept = [quotation(stretch) for stretch in read]
    together = union("", kept, [("introduced", quotation(stretch, confidence=0.9)) for stretch in ruled])
    assert together[: len(kept)] == kept
    taken = {at for start, end in read for at in range(start, end)}
    for introduced in together[len(kept) :]:
        assert not taken.intersection(range(introduced.start, introduced.end))


@given(STRETCHES, STRETCHES, STRETCHES)
def test_texts_stay_true_to_their_parts(read: list[Span], signed: list[Span], turns: list[Span]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz" * 4
    taken = sorted(read)
    parts = [span for at, span in enumerate(taken) if all(before[1] <= span[0] for before in taken[:at])]
    whole = Quotation(Kind.DIRECT, joined(text, parts, None, None), tuple(parts), None, None, 0.5)
    ruled = [("signature", quotation_by("A", 99, span, text=text[span[0] : span[1]])) for span in signed]
    ruled += [("turn", quotation_by("A", 99, span, text=text[span[0] : span[1]])) for span in turns]
    for quoted in union(text, [whole] if parts else [], ruled):
        assert quoted.parts
        assert quoted.text == joined(text, quoted.parts, quoted.source, quoted.cue)

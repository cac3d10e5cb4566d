"""What watch-lists find: new quotations once, whatever happens to them later; and what they take back."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.deliveries.conftest import Desk
from worker.deliveries import courier, following, making
from worker.deliveries.making import Unusable, query_of
from worker.report.reading import reading
from worker.store import watch_lists

OPPOSED = "We strongly opposed this."
TOGETHER = "Together we stand."


def test_new_quotations_are_told_once(desk: Desk) -> None:
    lavrov = desk.watch(query_of(speaker="lavrov"))
    irna = desk.watch(query_of("stand -official", outlet="irna"), name="IRNA")
    desk.print_more()
    assert desk.deliveries(lavrov) == [("new", OPPOSED), ("new", TOGETHER)]
    assert desk.deliveries(irna) == [("new", TOGETHER)]
    before = desk.deliveries(lavrov)
    # As re-processing, a merge and a correction of the words leave it.
    desk.do("UPDATE quotes SET text = 'We opposed this.', denied = true WHERE id = :id", id=desk.numbers["opposed"])
    desk.do("UPDATE speakers SET name = 'S. Lavrov' WHERE id = :id", id=desk.numbers["lavrov"])
    merging = {"to": desk.numbers["lavrov"], "id": desk.numbers["bagheri"]}
    desk.do("UPDATE speakers SET merged_into = :to WHERE merged_into = :id", **merging)
    desk.do("UPDATE speakers SET merged_into = :to WHERE id = :id", **merging)
    told = [what for what, _ in desk.deliveries(lavrov)]
    assert told == ["new"] * 3, "a merge makes one more quotation Lavrov's, and tells no other one again"
    assert len(before) == 2


def test_only_articles_that_are_stored_later_are_told_of(desk: Desk) -> None:
    desk.print_more()
    listed = desk.watch(query_of(speaker="lavrov"))
    # As an extractor does that reads everything again: what is old stays old.
    desk.do("UPDATE quotes SET denied = true; UPDATE articles SET title = 'Another title'")
    desk.do("UPDATE quotes SET rejected = true")
    desk.do("UPDATE quotes SET rejected = false")
    assert desk.deliveries(listed) == []
    desk.do("UPDATE articles SET stored_at = now()")
    desk.do("UPDATE articles SET title = 'A third title'")
    assert desk.deliveries(listed) == [("new", OPPOSED), ("new", TOGETHER)]


def test_what_was_told_is_taken_back_and_may_come_again(desk: Desk) -> None:
    listed = desk.watch(query_of(speaker="lavrov"))
    desk.print_more()
    desk.do("UPDATE quotes SET rejected = true WHERE id = :id", id=desk.numbers["opposed"])
    desk.do("UPDATE articles SET title = 'Another title'")
    desk.do("UPDATE quotes SET rejected = false WHERE id = :id", id=desk.numbers["opposed"])
    assert [what for what, _ in desk.deliveries(listed)] == ["new", "new", "withdrawn", "new"]
    desk.do("DELETE FROM quote_speakers WHERE quote_id = :id", id=desk.numbers["joint"])
    assert [what for what, _ in desk.deliveries(listed)][4:] == ["withdrawn"], "somebody else said it"


def test_time_alone_takes_nothing_back(desk: Desk) -> None:
    listed = desk.watch(making.kept({"q": "opposed after:2024-01-01"}))
    desk.print_more()
    desk.do("UPDATE watch_lists SET query = :query", query=making.kept({"q": "opposed after:7d"}))
    desk.do("UPDATE articles SET title = 'Another title'")
    assert desk.deliveries(listed) == [("new", OPPOSED)], "a week has passed, and nothing was withdrawn"


def test_candidates_come_when_they_are_accepted(desk: Desk) -> None:
    listed = desk.watch(query_of("who said this"))
    desk.print_more()
    assert desk.deliveries(listed) == [("new", "Nobody knows who said this.")]
    desk.do("UPDATE quotes SET accepted = true WHERE confidence < 0.5")
    assert desk.deliveries(listed)[1:] == [("new", "who said this")]


def test_a_pause_loses_nothing_unless_it_is_wanted(desk: Desk) -> None:
    listed = desk.watch(query_of(speaker="lavrov"))
    with desk.engine.begin() as connection:
        watch_lists.pause(connection, listed)
    desk.print_more()
    assert desk.deliveries(listed) == []
    assert not desk.is_due()
    with desk.engine.begin() as connection:
        watch_list = watch_lists.numbered(connection, listed)
        assert watch_list is not None
        making.resume(connection, watch_list, skip=False)
    assert desk.is_due()
    desk.follow()
    assert len(desk.deliveries(listed)) == 2


def test_a_crash_before_the_end_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = desk.watch(query_of(speaker="lavrov"))
    with monkeypatch.context() as patch:
        patch.setattr(watch_lists, "follow", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.print_more()
    assert desk.deliveries(listed) == []
    desk.follow()
    desk.follow()
    assert len(desk.deliveries(listed)) == 2


def test_a_search_that_fails_keeps_no_other_list_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused, slow = desk.watch("q=talks", name="refused"), desk.watch("q=talks", name="slow")
    listed = desk.watch(query_of(speaker="lavrov"))
    desk.do("UPDATE watch_lists SET query = 'outlet=%00' WHERE id = :id", id=refused)
    found = following.found

    def found_late(*values: Any) -> Any:
        if values[2].id != slow:
            return found(*values)
        with reading(values[1], 0.01) as asking:
            return asking.rows("SELECT pg_sleep(60)")

    monkeypatch.setattr(following, "found", found_late)
    desk.print_more()
    assert desk.deliveries(listed) == [("new", OPPOSED), ("new", TOGETHER)]
    assert failures(desk) == {refused: courier.REFUSED}, "a moment's slowness pauses nothing"
    for _ in range(courier.MOST_SLOW - 1):
        desk.follow()
    assert failures(desk) == {refused: courier.REFUSED, slow: courier.TOO_SLOW}


def failures(desk: Desk) -> dict[int, str]:
    """Return why Onrecord paused watch-lists."""
    with desk.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, failure FROM watch_lists WHERE paused_at IS NOT NULL"))
        return {row.id: row.failure for row in rows}


def test_a_watch_list_that_could_never_tell_is_not_made(desk: Desk) -> None:
    for line in ("the", "!!!", "of speaker:lavrov"):
        with pytest.raises(Unusable, match="less common"):
            desk.watch(query_of(line))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "Say what to watch for"),
        ({"page": "2"}, "Say what to watch for"),
        ({"q": "talks", "candidates": "1"}, "not of candidates"),
        ({"q": "kind:loud"}, "is no kind"),
        ({"outlet": "\0"}, "Say what to watch for"),
    ],
)
def test_what_cannot_be_watched_for_gets_a_sentence(query: dict[str, str], said: str) -> None:
    with pytest.raises(Unusable, match=said):
        making.kept(query)

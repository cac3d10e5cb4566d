"""Compares changes with watch-lists: what is new to one, and what was told and is withdrawn, becomes a delivery.

A watch-list goes through the changes by number. Of each quotation that changed, only what holds now counts: does the
search of the watch-list find it? The rows of deliveries say whether it was told before. So reading an article again,
or joining two speakers, tells nothing twice; and if this is interrupted, it is done again with the same result.

Articles that were stored before the watch-list was made are never new to it. So a new extractor that reads all of them
again tells nothing of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine

from worker.deliveries.making import search_of_list
from worker.report.reading import Reading, reading
from worker.report.search import Search
from worker.report.search_line import Unreadable
from worker.store import changes, watch_lists
from worker.store.changes import Change
from worker.store.watch_lists import Told, ToTell, WatchList

MOST_CHANGES = 1_000
"""Compare at most so many changes in one transaction."""
SECONDS = 60.0
"""PostgreSQL may look for matches for so many seconds in one transaction."""


def follow(engine: Engine, reader: Engine, watch_list_id: int) -> bool:
    """Compare the next changes with a watch-list; return whether there may be more of them.

    The watch-list is locked meanwhile, so its deliveries are numbered in the order of the changes.
    """
    with engine.begin() as connection:
        watch_list = watch_lists.hold(connection, watch_list_id)
        if watch_list is None:
            return False
        changed = changes.after(connection, watch_list.followed_to, MOST_CHANGES)
        if not changed:
            return False
        try:
            search = search_of_list(watch_list.query)
        except Unreadable as error:  # made by a release that understood another language
            watch_lists.pause(connection, watch_list.id, f"Its search cannot be read any more: {error}")
            return False
        watch_lists.deliver(connection, watch_list.id, found(connection, reader, watch_list, search, changed))
        watch_lists.follow(connection, watch_list.id, changed[-1].change_id)
    return len(changed) == MOST_CHANGES


def found(
    connection: Connection, reader: Engine, watch_list: WatchList, search: Search, changed: Sequence[Change]
) -> list[ToTell]:
    """Return what there is to tell about the quotations that changed, in the order of their last changes."""
    last = {change.quote_id: change for change in changed if change.quote_id is not None}
    if not last:
        return []
    told = watch_lists.last_words(connection, watch_list.id, last)
    with reading(reader, SECONDS) as asking:
        matching = those_that_match(asking, replace(search, stored_after=watch_list.made_at), last)
        # Time alone withdraws nothing: a search for the last seven days does not take back what it told before.
        known = [number for number in told if told[number].what == "new" and number not in matching]
        still = those_that_match(asking, without_days(search), known) if known else set()
    return list(differences(last, told, matching, still))


def differences(
    last: Mapping[int, Change], told: Mapping[int, Told], matching: set[int], still: set[int]
) -> Iterable[ToTell]:
    """Yield what differs between what was told and what matches now."""
    for change in sorted(last.values(), key=lambda change: change.change_id):
        number = change.quote_id
        assert number is not None
        was_told = number in told and told[number].what == "new"
        if number in matching and not was_told:
            yield ToTell("new", number, change.article_id, change.change_id)
        elif was_told and number not in matching | still:
            yield ToTell("withdrawn", number, told[number].article_id, change.change_id)


def those_that_match(asking: Reading, search: Search, numbers: Iterable[int]) -> set[int]:
    """Return those of the quotations that the search finds, and that reports show."""
    statement, values = replace(search, among=sorted(numbers)).resolved(asking).numbers()
    return {row["quote_id"] for row in asking.rows(statement, **values)}


def without_days(search: Search) -> Search:
    """Return a search for quotations of any day."""
    return replace(search, since=None, until=None, line=replace(search.line, after=None, before=None))

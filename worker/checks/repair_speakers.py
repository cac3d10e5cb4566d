"""Repairs of speakers and of decisions that are not in force; each function takes the ids of rows that were wrong."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from worker.decisions import quotes as quote_decisions
from worker.dedupe import statements
from worker.speakers.across import moving, unlisting
from worker.speakers.across.repair import rekey
from worker.speakers.within.resolution import EntityKind
from worker.store import corrections, decisions, lists
from worker.store import speakers as rows
from worker.store.checking import mending


def flatten(connection: Connection, speakers: Sequence[int]) -> None:
    """Merge each speaker into the end of its chain; of a circle, the speaker with the lowest id becomes the root."""
    merges = mending.merges(connection)
    roots = {speaker: _end(merges, speaker) for speaker in speakers if speaker in merges}
    _set_roots(connection, roots)


def _end(merges: dict[int, int], speaker: int) -> int:
    passed: list[int] = []
    while speaker in merges and speaker not in passed:
        passed.append(speaker)
        speaker = merges[speaker]
    return min(passed[passed.index(speaker) :]) if speaker in passed else speaker


def merge_again(connection: Connection, decision_ids: Sequence[int]) -> None:
    """Carry out merges that are in force, but whose speakers are apart."""
    for decision_id in decision_ids:
        pair = mending.merged_pair(connection, decision_id)
        if pair is not None and pair[0] != pair[1]:
            root, target = pair
            _set_roots(connection, dict.fromkeys(rows.family(connection, root), target))


def part(connection: Connection, speakers: Sequence[int]) -> None:
    """Make speakers, about whose merge no decision is in force, speakers of their own."""
    _set_roots(connection, {speaker: speaker for speaker in speakers})


def _set_roots(connection: Connection, roots: dict[int, int]) -> None:
    # First clear the old roots, then set the new ones: a root must not be merged itself, not even for a moment.
    for speaker in roots:
        rows.set_root(connection, speaker, None)
    for speaker, root in roots.items():
        if speaker != root:
            rows.set_root(connection, speaker, root)
    rows.rename_by_use(connection, {*roots, *roots.values()})
    moving.settle_statements(connection, roots)


def end_imports(connection: Connection, decision_ids: Sequence[int]) -> None:
    """Take rows of lists away whose imports are not in force any more; `unlisting.finish` takes what is left."""
    unlisting.take(connection, lists.of_decisions(connection, decision_ids, unlisting.MOST))


def decide_again(connection: Connection, quotes: Sequence[int]) -> None:
    """Carry out the decisions about the articles of some quotations again, and nothing beside them."""
    mending.run(connection, mending.REMOVE_BESIDE_CHOICE, quotes)
    for article_id in mending.found(connection, mending.ARTICLES_OF_QUOTES, quotes):
        quote_decisions.carry_out_again(connection, article_id)
    statements.refresh(connection, quotes)


def put_back(connection: Connection, quotes: Sequence[int]) -> None:
    """Give quotations the speakers that the machine had found, since no decision about them is in force any more."""
    for quote_id in quotes:
        decision_id = mending.latest_undone(connection, quote_id)
        decision = decisions.get(connection, decision_id) if decision_id is not None else None
        if decision is not None:
            quote_decisions.put_back(connection, decision)


def show_again(connection: Connection, quotes: Sequence[int]) -> None:
    """Let reports show quotations that nobody rejects any more."""
    for quote_id in quotes:
        corrections.set_rejected(connection, quote_id, False)


def hide_again(connection: Connection, quotes: Sequence[int]) -> None:
    """Show quotations that nobody accepts any more only if their confidence reaches the floor."""
    for quote_id in quotes:
        corrections.set_accepted(connection, quote_id, False)


def count_names(connection: Connection, speakers: Sequence[int]) -> None:
    """Count again how many articles use each form of some speakers' names; add the forms that are missing."""
    mending.run(connection, mending.COUNT_NAMES, speakers)
    mending.run(connection, mending.ADD_NAMES, speakers)
    rows.rename_by_use(connection, speakers)
    make_keys(connection, speakers)


def remove_names(connection: Connection, speakers: Sequence[int]) -> None:
    """Delete the forms of some speakers' names that no quotation uses, with the keys made from them."""
    mending.run(connection, mending.REMOVE_UNUSED_NAMES, speakers)
    make_keys(connection, speakers)


def make_keys(connection: Connection, speakers: Collection[int]) -> None:
    """Make the keys of some speakers again, by which their names are found."""
    for speaker, kind in mending.kinds(connection, speakers).items():
        rekey(connection, [speaker], EntityKind(kind))

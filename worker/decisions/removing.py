"""One step of a removal: what has some marks is deleted, with every word that nothing else carries."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from worker.dedupe import statements
from worker.speakers.across.repair import rekey
from worker.speakers.within.resolution import EntityKind
from worker.store import forgetting, marks, outcome, stories, unused, versions
from worker.store import speakers as speaker_rows
from worker.store.forgetting import CarryingDocument
from worker.store.marks import Mark
from worker.store.unused import Form

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(slots=True)
class Removed:
    """What one step removed: how many marks it went through, the articles, and the number of emptied documents.

    The files that held these documents are in the state `split` now, and must be settled.
    """

    marks: int = 0
    articles: list[int] = field(default_factory=list)
    documents: int = 0
    large_stories: set[int] = field(default_factory=set)


def remove_some(connection: Connection, decision: int, most: int) -> Removed:
    """Remove what has any of up to `most` marks of a decision. The caller's transaction must hold the decision lock."""
    marked = marks.left(connection, decision, most, "document", "text")
    if not marked:
        return Removed()
    removed = _remove_documents(connection, decision, forgetting.documents_with(connection, marked))
    marks.removed(connection, decision, marked)
    removed.marks = len(marked)
    return removed


def remove_uncarried_names(connection: Connection, most: int) -> int:
    """Delete up to `most` names that no quote carries, left by earlier releases; return how many forms were deleted.

    The caller's transaction must hold the decision lock.
    """
    forms = unused.uncarried(connection, most)
    if forms:
        _remove_names(connection, set(), forms)
    return len(forms)


def _remove_documents(connection: Connection, decision: int, documents: Sequence[CarryingDocument]) -> Removed:
    if not documents:
        return Removed()
    ids = [document.id for document in documents]
    touched = {document.article_id for document in documents if document.article_id is not None}
    # Files are locked before articles, as `outcome.settle` does.
    outcome.reopen(connection, forgetting.files_holding(connection, ids, touched))
    outlets = set(forgetting.empty_documents(connection, ids))
    gone = forgetting.uncarried(connection, touched)
    kept = touched - {article.id for article in gone}
    outlets.update(forgetting.pass_on(connection, kept))
    versions.hide_unheld(connection, kept)
    large = set[int]()
    if gone:
        _remove_articles(connection, [article.id for article in gone])
        large = stories.shrink(connection, [(article.story_id, article.sketch) for article in gone])
        # A text that a copy carries is not marked, so that the copy may arrive again.
        texts = {Mark("text", article.canonical_hash) for article in gone}
        marks.add(connection, decision, texts, removed=True)
    outlets.update(article.outlet_id for article in gone if article.outlet_id is not None)
    forgetting.remove_outlets(connection, outlets)
    return Removed(0, [article.id for article in gone], len(ids), large)


def _remove_articles(connection: Connection, articles: Collection[int]) -> None:
    """Delete articles, and the names, roles and statements that nothing else carries."""
    used = unused.names_in(connection, articles)
    names = {name.name for name in used} | unused.earlier_names_in(connection, articles)
    printed = forgetting.statements_of(connection, articles)
    words = {word for text in unused.texts(connection, articles) for word in WORD.findall(text.lower())}
    forgetting.remove_articles(connection, articles)
    statements.reword(connection, printed)
    unused.discount(connection, used)
    _remove_names(connection, {name.speaker_id for name in used}, unused.uncarried_forms(connection, names))
    _rekey(connection, unused.remove_roles(connection, names, words))


def _remove_names(connection: Connection, speakers: set[int], forms: Collection[Form]) -> None:
    """Delete these forms, and the speakers without any form or quote."""
    unused.remove_forms(connection, forms)
    left = speakers | {form.speaker_id for form in forms}
    left -= unused.remove_speakers(connection, left)
    unused.remove_names_in_decisions(connection, {form.name for form in forms})
    lost_a_form = {form.speaker_id for form in forms} & left
    _rekey(connection, lost_a_form)
    unused.rename_merged(connection, lost_a_form, {form.name for form in forms})
    speaker_rows.rename_by_use(connection, left)


def _rekey(connection: Connection, speakers: Collection[int]) -> None:
    """Make the keys of speakers again from the forms and roles that they still have."""
    for kind in EntityKind:
        of_kind = [speaker.id for speaker in unused.kinds(connection, speakers) if speaker.kind == kind.value]
        rekey(connection, of_kind, kind)

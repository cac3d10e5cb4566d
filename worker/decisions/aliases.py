"""An alias that a person gives a speaker: a list of one row, with which the machine joins as with any imported list.

Quotations under the alias become the speaker's, those that are stored and those that come. The decision is an import,
so undoing it takes the alias away again. Names of a list hold although nobody is quoted under them yet.
"""

from sqlalchemy import Connection

from worker.decisions import importing
from worker.decisions.list_file import ListedRow, listed_name
from worker.decisions.names import same
from worker.store import called_speakers, decisions, lists
from worker.store import forms as form_rows
from worker.store import speakers as speaker_rows
from worker.store.decisions import Undecidable


def add(connection: Connection, speaker_id: int, alias: str, *, who: str, reason: str) -> int:
    """Decide that an alias is a name of a speaker; return the decision's id.

    Raise `Undecidable` if it is one already, or if the speaker's own name does not say which speaker is meant.
    """
    speaker = speaker_rows.speaker(connection, speaker_id)
    if speaker is None:
        raise Undecidable(f"There is no speaker {speaker_id}; `onrecord speakers list` shows them.")
    root = speaker.root
    shown = (speaker_rows.speaker(connection, root) or speaker).name
    alias = listed_name(alias)
    forms = [form for member in speaker_rows.family(connection, root) for form in _forms(connection, member)]
    if any(same(form.name, alias) for form in forms):
        raise Undecidable(f"{alias} is a name of {shown} already.")
    if len(called_speakers.called(connection, shown, None)) > 1:
        raise Undecidable(f"Several speakers are called {shown}; rename this one, so that its name says who is meant.")
    row = _row(connection, shown, alias, forms)
    decision = decisions.record(connection, "import", who=who, reason=reason, value={"name": alias}, speaker_id=root)
    done = importing.import_rows(connection, importing.prepare([row]), "", who=who, reason=reason, into=decision)
    if not done.rows:
        raise Undecidable(f"{alias} is a name of {shown} already.")
    return decision


def _forms(connection: Connection, speaker_id: int) -> list[form_rows.StoredForm]:
    return form_rows.whole_forms_of(connection, speaker_id)


def _row(connection: Connection, shown: str, alias: str, forms: list[form_rows.StoredForm]) -> ListedRow:
    """Return the row of a list that says it: about whom earlier lists know, if they know the speaker."""
    listed = next((form.listed for form in forms if form.listed is not None), None)
    known = lists.about(connection, listed) if listed is not None else None
    name = known.name if known else shown
    used = max(forms, key=lambda form: form.articles, default=None)
    others = [] if used is None or any(same(form.name, name) for form in forms) else [used.name]
    return ListedRow(1, name, (alias, *others), known.role if known else None, known.qid if known else None)

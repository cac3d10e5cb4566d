"""The forms of speakers' names: their roles, in how many articles they are, and the keys by which they are found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, text

from worker.store.db import many_rows
from worker.store.db.many_rows import numbers

ROLES = 64
"""Keep at most this many roles of one form."""

FORM = """n.speaker_id, n.name, s.kind, n.roles, n.articles, coalesce(s.merged_into, s.id) AS root, n.listed_id"""
# Each row is looked up by its key, which `OFFSET 0` makes sure of: it keeps an inner query by itself. A plan that is
# made while the tables are small would read a whole one instead, and a session keeps its plans
# (`worker.store.db.engine`).
FORMS_UNDER_KEYS = text(
    f"""
    SELECT DISTINCT {FORM}
    FROM unnest(CAST(:keys AS text[])) AS k(key)
    CROSS JOIN LATERAL (
        SELECT array_agg(speaker_id) AS ids FROM (
            SELECT speaker_id FROM speaker_keys WHERE speaker_keys.key = k.key LIMIT :rows) capped) f
    CROSS JOIN unnest(f.ids) AS found (id)
    CROSS JOIN LATERAL (SELECT * FROM speaker_names WHERE speaker_id = found.id AND status = 'joined' OFFSET 0) n
    CROSS JOIN LATERAL (SELECT * FROM speakers WHERE id = found.id OFFSET 0) s
    WHERE cardinality(f.ids) < :rows
    ORDER BY n.speaker_id, n.name
    """
)
FORMS_NAMED = text(
    f"""
    SELECT {FORM}
    FROM speaker_names n CROSS JOIN LATERAL (SELECT * FROM speakers WHERE id = n.speaker_id OFFSET 0) s
    WHERE n.name = ANY(CAST(:names AS text[])) AND n.status = 'joined'
    ORDER BY n.speaker_id
    """
)
FORMS_LISTED = text(
    f"""
    SELECT {FORM}
    FROM speaker_names n JOIN speakers s ON s.id = n.speaker_id
    WHERE n.listed_id = ANY(CAST(:listed AS bigint[])) AND n.status = 'joined'
    ORDER BY n.speaker_id, n.name LIMIT :rows
    """
)
FORMS_OF = text(
    f"""
    SELECT {FORM} FROM speaker_names n JOIN speakers s ON s.id = n.speaker_id
    WHERE n.speaker_id = :speaker AND n.status = 'joined' ORDER BY n.name
    """
)
# A form whose quotes are still being moved belongs to the target already (`worker.store.moves`).
FORMS_USED = text(
    """
    SELECT DISTINCT coalesce(m.target, s.speaker_id) AS speaker_id, s.name
    FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id
    LEFT JOIN form_moves m ON m.source = s.speaker_id AND m.name = s.name
    WHERE q.article_id = :article AND q.current
    """
)

ADD_FORMS = many_rows.adding(
    "speaker_names",
    *("speaker_id bigint", "name text", "evidence text", "confidence float", "roles jsonb", "listed_id bigint"),
    on_conflict="""ON CONFLICT (speaker_id, name, status)
        DO UPDATE SET listed_id = excluded.listed_id WHERE speaker_names.listed_id IS NULL""",
)
COUNT_FORMS = many_rows.adding(
    "speaker_names",
    *("speaker_id bigint", "name text", "evidence text", "confidence float", "articles integer"),
    on_conflict="ON CONFLICT (speaker_id, name, status) DO UPDATE SET articles = speaker_names.articles + 1",
)
# The rows are locked in one order, so that two articles with the same names do not wait for each other.
DISCOUNT_FORMS = text(
    """
    WITH used AS (
        SELECT n.id FROM unnest(CAST(:speakers AS bigint[]), CAST(:names AS text[])) AS u (speaker_id, name)
        JOIN speaker_names n ON n.speaker_id = u.speaker_id AND n.name = u.name AND n.status = 'joined'
        ORDER BY n.speaker_id, n.name FOR NO KEY UPDATE OF n)
    UPDATE speaker_names n SET articles = greatest(n.articles - 1, 0) FROM used WHERE n.id = used.id
    """
)
RECOUNT = text(
    """
    UPDATE speaker_names SET articles = (
        SELECT count(DISTINCT q.article_id) FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id AND q.current
        WHERE s.speaker_id = :speaker AND s.name = :name)
    WHERE speaker_id = :speaker AND name = :name AND status = 'joined'
      AND NOT EXISTS (SELECT FROM form_moves WHERE target = :speaker AND form_moves.name = :name)
    """
)
SET_ROLES = text(
    """
    UPDATE speaker_names n SET roles = r.roles
    FROM json_to_recordset(CAST(:rows AS json)) AS r (speaker_id bigint, name text, roles jsonb)
    WHERE n.speaker_id = r.speaker_id AND n.name = r.name AND n.status = 'joined'
    """
)

ADD_KEYS = text(
    """
    INSERT INTO speaker_keys (key, speaker_id)
    SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:speakers AS bigint[])) ON CONFLICT DO NOTHING
    """
)
KEEP_KEYS = text("""DELETE FROM speaker_keys WHERE speaker_id = :speaker AND key <> ALL(CAST(:keys AS text[]))""")

MOVE_FORM = text(
    """
    WITH moved AS (
        DELETE FROM speaker_names WHERE speaker_id = :speaker AND name = :name AND status = 'joined'
        RETURNING name, articles, evidence, confidence, roles, listed_id)
    INSERT INTO speaker_names (speaker_id, name, articles, evidence, confidence, roles, listed_id)
    SELECT :target, name, articles, evidence, confidence, roles, listed_id FROM moved
    ON CONFLICT (speaker_id, name, status) DO UPDATE SET articles = speaker_names.articles + excluded.articles
    """
)


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form of a speaker's name as stored; `root` is the id of the speaker's root.

    `listed` is the id in `listed_speakers` of the person or body that has this form as a name in an imported list.
    """

    speaker_id: int
    name: str
    kind: str
    roles: frozenset[str]
    articles: int
    root: int
    listed: int | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A form that is to be stored, and the evidence that it belongs to its speaker."""

    form: StoredForm
    evidence: str
    confidence: float


def forms_under_keys(connection: Connection, keys: Collection[str], most: int) -> list[StoredForm]:
    """Return the forms of all speakers stored under any of the keys; ignore a key of more than `most` speakers."""
    if not keys:
        return []
    rows = connection.execute(FORMS_UNDER_KEYS, {"keys": sorted(keys), "rows": most + 1})
    return [_form(row) for row in rows]


def forms_named(connection: Connection, names: Collection[str]) -> list[StoredForm]:
    """Return the forms that are spelled exactly as one of these names, in order of their speakers' ids."""
    if not names:
        return []
    return [_form(row) for row in connection.execute(FORMS_NAMED, {"names": list(names)})]


def forms_listed(connection: Connection, listed: Collection[int], most: int) -> list[StoredForm]:
    """Return up to `most` forms that are names of these speakers of imported lists, in order of their speakers' ids."""
    if not listed:
        return []
    rows = connection.execute(FORMS_LISTED, {"listed": numbers(sorted(listed)), "rows": most})
    return [_form(row) for row in rows]


def _form(row: Row[int, str, str, list[str], int, int, int | None]) -> StoredForm:
    speaker_id, name, kind, roles, articles, root, listed = row
    return StoredForm(speaker_id, name, kind, frozenset(roles), articles, root, listed)


def forms_of(connection: Connection, speaker_id: int) -> list[str]:
    """Return every joined form of a speaker's name, in alphabetical order."""
    return [form.name for form in whole_forms_of(connection, speaker_id)]


def whole_forms_of(connection: Connection, speaker_id: int) -> list[StoredForm]:
    """Return every joined form of a speaker's name with its roles, in alphabetical order."""
    return [_form(row) for row in connection.execute(FORMS_OF, {"speaker": speaker_id})]


def forms_used(connection: Connection, article_id: int) -> set[tuple[int, str]]:
    """Return the (speaker, form) pairs of an article's current quotes."""
    return {(row.speaker_id, row.name) for row in connection.execute(FORMS_USED, {"article": article_id})}


def add_forms(connection: Connection, joined: Sequence[Joined]) -> None:
    """Store forms of speakers' names. Of a form that is stored already, only whose name it is in a list is added."""
    rows = [
        {
            "speaker_id": join.form.speaker_id,
            "name": join.form.name,
            "evidence": join.evidence,
            "confidence": join.confidence,
            "roles": sorted(join.form.roles)[:ROLES],
            "listed_id": join.form.listed,
        }
        for join in joined
    ]
    many_rows.add(connection, ADD_FORMS, rows)


def add_roles(connection: Connection, roles: Mapping[StoredForm, Collection[str]]) -> None:
    """Add roles to forms, but not to a form that would then have more than `ROLES`."""
    united = {form: sorted(form.roles.union(added)) for form, added in roles.items()}
    grown = {form: of_form for form, of_form in united.items() if len(form.roles) < len(of_form) <= ROLES}
    set_roles(connection, grown)


def set_roles(connection: Connection, roles: Mapping[StoredForm, Collection[str]]) -> None:
    """Make these the only roles of each form."""
    rows = [
        {"speaker_id": form.speaker_id, "name": form.name, "roles": sorted(of_form)} for form, of_form in roles.items()
    ]
    many_rows.add(connection, SET_ROLES, rows)


def add_keys(connection: Connection, keys: Collection[tuple[str, int]]) -> None:
    """Store (key, speaker) pairs, by which speakers are found; pairs that are stored already stay."""
    if keys:
        words, speakers = zip(*sorted(keys), strict=True)
        connection.execute(ADD_KEYS, {"keys": [*words], "speakers": [*speakers]})


def set_keys(connection: Connection, speaker_id: int, keys: Collection[str]) -> None:
    """Make these the only keys by which a speaker is found."""
    connection.execute(KEEP_KEYS, {"speaker": speaker_id, "keys": sorted(keys)})
    add_keys(connection, {(key, speaker_id) for key in keys})


def move_form(connection: Connection, name: str, source: int, target: int) -> None:
    """Move a form from speaker `source` to `target`, but not the quotes stored under it.

    From then on, articles with this form find `target`. `worker.speakers.across.moving` moves the quotes.
    """
    connection.execute(MOVE_FORM, {"speaker": source, "target": target, "name": name})


def count(connection: Connection, used: Collection[tuple[int, str]]) -> None:
    """Count one article more for each (speaker, form)."""
    rows = [
        {"speaker_id": speaker_id, "name": name, "evidence": "given by a person", "confidence": 1.0, "articles": 1}
        for speaker_id, name in sorted(used)
    ]
    many_rows.add(connection, COUNT_FORMS, rows)


def recount(connection: Connection, speaker_id: int, name: str) -> None:
    """Count again how many articles use a form of a speaker's name, unless quotes are still being moved to it.

    The time grows with the number of quotes under the form.
    """
    connection.execute(RECOUNT, {"speaker": speaker_id, "name": name})


def discount(connection: Connection, used: Collection[tuple[int, str]]) -> None:
    """Count one article fewer for each (speaker, form)."""
    if used:
        speakers, names = zip(*sorted(used), strict=True)
        connection.execute(DISCOUNT_FORMS, {"speakers": [*speakers], "names": [*names]})

"""Rows of imported lists of speakers, the names in them, and the stored forms that are such names.

A *listed speaker* is one person or body of the lists, whether it is quoted or not; several rows may be about it. A row
stays until its import is undone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from worker.store.db import many_rows
from worker.store.db.many_rows import numbers

CLAIMS = text(
    """
    SELECT n.key, n.name, r.listed_id, r.role, r.valid_from, r.valid_to
    FROM list_names n JOIN list_rows r ON r.id = n.row_id
    WHERE n.key = ANY(CAST(:keys AS text[]))
    ORDER BY r.id, n.name
    """
)
IN_FORCE = text("""SELECT digest FROM list_rows WHERE digest = ANY(CAST(:digests AS bytea[]))""")
ADD_LISTED = text(
    """
    INSERT INTO listed_speakers (identity, name, qid)
    SELECT identity, name, qid FROM ROWS FROM (
        json_to_recordset(CAST(:rows AS json)) AS (identity text, name text, qid text)
    ) WITH ORDINALITY AS r (identity, name, qid, place)
    ORDER BY place
    ON CONFLICT (identity) DO NOTHING
    """
)
LISTED = text("""SELECT identity, id FROM listed_speakers WHERE identity = ANY(CAST(:identities AS text[]))""")
ROW = ("line", "listed_id", "name", "role", "valid_from", "valid_to", "digest")
ADD_ROWS = text(
    """
    INSERT INTO list_rows (decision_id, line, listed_id, name, role, valid_from, valid_to, digest)
    SELECT :decision, line, listed_id, name, role, valid_from, valid_to, decode(digest, 'hex') FROM ROWS FROM (
        json_to_recordset(CAST(:rows AS json))
            AS (line int, listed_id bigint, name text, role text, valid_from date, valid_to date, digest text)
    ) WITH ORDINALITY AS r (line, listed_id, name, role, valid_from, valid_to, digest, place)
    ORDER BY place
    RETURNING id
    """
)
ADD_NAMES = many_rows.adding(
    "list_names",
    *("row_id bigint", "key text", "name text"),
    on_conflict="ON CONFLICT DO NOTHING",
)
ROWS = """id = ANY(CAST(:rows AS bigint[]))"""
ROLES_OF = text(f"""SELECT listed_id, role FROM list_rows WHERE {ROWS} AND role IS NOT NULL""")
KEYS_OF = text("""SELECT DISTINCT key FROM list_names WHERE row_id = ANY(CAST(:rows AS bigint[]))""")
LISTED_OF = text(f"""SELECT DISTINCT listed_id FROM list_rows WHERE {ROWS} ORDER BY listed_id""")
REMOVE_ROWS = text(f"""DELETE FROM list_rows WHERE {ROWS}""")
OF_DECISIONS = text(
    """SELECT id FROM list_rows WHERE decision_id = ANY(CAST(:decisions AS bigint[])) ORDER BY id LIMIT :most"""
)
OF_UNDONE = text(
    """
    SELECT r.id FROM decisions u JOIN list_rows r ON r.decision_id = u.undoes
    ORDER BY r.decision_id, r.listed_id LIMIT :most
    """
)
NAME_AGAIN = text(
    """
    UPDATE listed_speakers l SET name = r.name
    FROM (SELECT DISTINCT ON (listed_id) listed_id, name FROM list_rows
          WHERE listed_id = ANY(CAST(:listed AS bigint[])) ORDER BY listed_id, id) r
    WHERE r.listed_id = l.id AND l.name <> r.name
    """
)
REMOVE_LISTED = text(
    """
    DELETE FROM listed_speakers l
    WHERE l.id = ANY(CAST(:listed AS bigint[])) AND NOT EXISTS (SELECT FROM list_rows r WHERE r.listed_id = l.id)
    """
)
ABOUT = text(
    """
    SELECT r.name, r.role, l.qid FROM list_rows r JOIN listed_speakers l ON l.id = r.listed_id
    WHERE r.listed_id = :listed ORDER BY r.id LIMIT 1
    """
)
FORMS_UNDER = text(
    """
    SELECT DISTINCT n.speaker_id, n.name, s.kind, n.listed_id, r.id AS root, r.name AS shown
    FROM unnest(CAST(:keys AS text[])) AS u (key)
    JOIN speaker_keys k ON k.key = u.key
    JOIN speaker_names n ON n.speaker_id = k.speaker_id AND n.status = 'joined'
    JOIN speakers s ON s.id = n.speaker_id
    JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
    ORDER BY n.speaker_id, n.name
    """
)
DAYS = text(
    """
    SELECT s.quote_id, CAST(a.published_at AT TIME ZONE 'UTC' AS date) AS day
    FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id JOIN articles a ON a.id = q.article_id
    WHERE s.speaker_id = :speaker AND s.name = :name AND NOT s.by_hand
    ORDER BY s.quote_id LIMIT :most
    """
)
TAG = text(
    """
    UPDATE speaker_names n SET listed_id = r.listed_id
    FROM json_to_recordset(CAST(:rows AS json)) AS r (speaker_id bigint, name text, listed_id bigint)
    WHERE n.speaker_id = r.speaker_id AND n.name = r.name AND n.status = 'joined'
    """
)
ADD_FORM = text(
    """
    INSERT INTO speaker_names (speaker_id, name, evidence, confidence, roles, listed_id)
    SELECT :target, name, evidence, confidence, roles, CAST(:listed AS bigint) FROM speaker_names
    WHERE speaker_id = :source AND name = :name AND status = 'joined'
    ON CONFLICT (speaker_id, name, status) DO NOTHING
    """
)


class About(NamedTuple):
    """Whom the rows of lists are about: name, role and QID of the first row in force."""

    name: str
    role: str | None
    qid: str | None


class Claim(NamedTuple):
    """One row of a list claims a name: which name, for whom, with which role, and on which days (UTC)."""

    key: str
    name: str
    listed: int
    role: str | None
    first_day: date | None
    last_day: date | None

    @property
    def is_bounded(self) -> bool:
        """True if the claim does not hold on all days."""
        return self.first_day is not None or self.last_day is not None

    def holds(self, day: date | None) -> bool:
        """True if the claim holds on a day; on an unknown day, only a claim without bounds holds."""
        if day is None:
            return not self.is_bounded
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


class NamedForm(NamedTuple):
    """A stored form of a speaker's name, the listed speaker whose name it is (None: nobody's), and the speaker's root.

    `shown` is the name under which reports show the root.
    """

    speaker_id: int
    name: str
    kind: str
    listed: int | None
    root: int
    shown: str


class DatedQuote(NamedTuple):
    """A quote, and the day on which its article was published; None: not known."""

    id: int
    day: date | None


def claims(connection: Connection, keys: Collection[str]) -> list[Claim]:
    """Return what rows of lists claim the names with these keys, in order of the rows."""
    if not keys:
        return []
    return [Claim(*row) for row in connection.execute(CLAIMS, {"keys": sorted(keys)})]


def in_force(connection: Connection, digests: Collection[bytes]) -> set[bytes]:
    """Return those of the digests of rows that are stored."""
    return {bytes(digest) for digest in connection.execute(IN_FORCE, {"digests": [*digests]}).scalars()}


def add_listed(connection: Connection, listed: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Store listed speakers (`identity`, `name`, `qid`) that are not stored yet; return the id of each identity."""
    many_rows.add(connection, ADD_LISTED, listed)
    identities = sorted({row["identity"] for row in listed})
    return {row.identity: row.id for row in connection.execute(LISTED, {"identities": identities})}


def add_rows(connection: Connection, decision: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Store rows of an import; return their ids in the same order."""
    picked = [{key: row[key] for key in ROW} for row in rows]
    values = {"decision": decision, "rows": many_rows.as_json(picked)}
    return sorted(connection.execute(ADD_ROWS, values).scalars()) if rows else []


def add_names(connection: Connection, names: Sequence[Mapping[str, Any]]) -> None:
    """Store names of rows (`row_id`, `key`, `name`)."""
    many_rows.add(connection, ADD_NAMES, names)


def of_decisions(connection: Connection, decisions: Collection[int], most: int) -> list[int]:
    """Return up to so many rows that these decisions imported."""
    values = {"decisions": numbers(decisions), "most": most}
    return list(connection.execute(OF_DECISIONS, values).scalars())


def of_undone(connection: Connection, most: int) -> list[int]:
    """Return up to so many rows of imports that were undone; those about one listed speaker follow each other."""
    return list(connection.execute(OF_UNDONE, {"most": most}).scalars())


def keys_of(connection: Connection, rows: Collection[int]) -> list[str]:
    """Return the keys of all names of some rows."""
    return sorted(connection.execute(KEYS_OF, {"rows": numbers(rows)}).scalars())


def listed_of(connection: Connection, rows: Collection[int]) -> list[int]:
    """Return the listed speakers that some rows are about."""
    return list(connection.execute(LISTED_OF, {"rows": numbers(rows)}).scalars())


def remove(connection: Connection, rows: Collection[int]) -> None:
    """Delete rows, and the listed speakers about whom no other row is.

    The forms that were names of a deleted listed speaker are nobody's name afterwards.
    """
    listed = numbers(listed_of(connection, rows))
    connection.execute(REMOVE_ROWS, {"rows": numbers(rows)})
    connection.execute(NAME_AGAIN, {"listed": listed})
    connection.execute(REMOVE_LISTED, {"listed": listed})


def roles_of(connection: Connection, rows: Collection[int]) -> dict[int, set[str]]:
    """Return the roles that some rows give each listed speaker."""
    roles: dict[int, set[str]] = {}
    for row in connection.execute(ROLES_OF, {"rows": numbers(rows)}):
        roles.setdefault(row.listed_id, set()).add(row.role)
    return roles


def forms_under(connection: Connection, keys: Collection[str]) -> list[NamedForm]:
    """Return all forms of the speakers that are stored under these keys."""
    return [NamedForm(*row) for row in connection.execute(FORMS_UNDER, {"keys": sorted(keys)})]


def days(connection: Connection, form: NamedForm, most: int) -> list[DatedQuote]:
    """Return up to `most` quotes under a form, without those whose speaker a person chose."""
    values = {"speaker": form.speaker_id, "name": form.name, "most": most}
    return [DatedQuote(*row) for row in connection.execute(DAYS, values)]


def tag(connection: Connection, forms: Mapping[NamedForm, int | None]) -> None:
    """Store whose name each form is."""
    rows = [{"speaker_id": form.speaker_id, "name": form.name, "listed_id": listed} for form, listed in forms.items()]
    many_rows.add(connection, TAG, rows)


def copy_form(connection: Connection, form: NamedForm, target: int, listed: int | None) -> None:
    """Give another speaker the same form, as a name of this listed speaker; its articles are not counted yet."""
    values = {"source": form.speaker_id, "target": target, "name": form.name, "listed": listed}
    connection.execute(ADD_FORM, values)


def about(connection: Connection, listed: int) -> About | None:
    """Return whom the rows of a listed speaker are about; None if no row of it is in force."""
    row = connection.execute(ABOUT, {"listed": listed}).first()
    return About(*row) if row else None

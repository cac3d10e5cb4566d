"""Names that nothing carries any more, after articles were forgotten: forms, roles, keys and speakers are deleted.

A form is *carried* by a quote, current or not, that is stored under it. A speaker is used if a quote is stored under
it, or if another speaker was merged into it.
"""

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, text

from worker.store.db.many_rows import numbers
from worker.store.decided import DECIDED, NEEDED
from worker.store.decisions import LIVE

SAMPLE = 100
"""Look for a word of a role in at most this many of the other articles that use the form."""

NAMES_IN = text(
    """
    SELECT s.speaker_id, s.name, count(DISTINCT q.article_id) FILTER (WHERE q.current) AS articles
    FROM quotes q JOIN quote_speakers s ON s.quote_id = q.id
    WHERE q.article_id = ANY(CAST(:articles AS bigint[]))
    GROUP BY s.speaker_id, s.name ORDER BY s.speaker_id, s.name
    """
)
# Names that a quote had before it was read again, or before a person corrected it.
EARLIER_NAMES_IN = text(
    """
    SELECT jsonb_array_elements_text(h.old -> 'speakers') FROM quotes q JOIN quote_history h ON h.quote_id = q.id
    WHERE q.article_id = ANY(CAST(:articles AS bigint[])) AND jsonb_typeof(h.old) = 'object'
    UNION
    SELECT value ->> 'name' FROM decisions
    WHERE article_id = ANY(CAST(:articles AS bigint[])) AND kind = 'set_speaker' AND value ? 'name'
    UNION
    SELECT jsonb_array_elements(value -> 'machine' -> 'speakers') ->> 'name' FROM decisions
    WHERE article_id = ANY(CAST(:articles AS bigint[])) AND jsonb_typeof(value -> 'machine' -> 'speakers') = 'array'
    """
)
DISCOUNT = text(
    """
    UPDATE speaker_names n SET articles = greatest(n.articles - u.articles, 0)
    FROM unnest(CAST(:speakers AS bigint[]), CAST(:names AS text[]), CAST(:articles AS int[]))
        AS u (speaker_id, name, articles)
    WHERE n.speaker_id = u.speaker_id AND n.name = u.name AND n.status = 'joined' AND u.articles > 0
    """
)
# A form stays if a decision about a quotation of an article that is still stored needs it.
UNCARRIED_FORMS = text(
    f"""
    SELECT n.speaker_id, n.name FROM speaker_names n
    WHERE n.name = ANY(CAST(:names AS text[])) AND n.status = 'joined' AND n.articles = 0
      AND NOT EXISTS (SELECT FROM quote_speakers q WHERE q.speaker_id = n.speaker_id AND q.name = n.name)
      AND NOT ({NEEDED})
    """
)
REMOVE_FORMS = text(
    """
    DELETE FROM speaker_names n
    USING unnest(CAST(:speakers AS bigint[]), CAST(:names AS text[])) AS u (speaker_id, name)
    WHERE n.speaker_id = u.speaker_id AND n.name = u.name AND n.status = 'joined'
    """
)
REMOVE_PROPOSALS = text(
    """
    DELETE FROM speaker_names
    WHERE status = 'proposed' AND name = ANY(CAST(:names AS text[]))
      AND (speaker_id = ANY(CAST(:speakers AS bigint[])) OR other_id = ANY(CAST(:speakers AS bigint[])))
    """
)
ROOTS = text("""SELECT DISTINCT coalesce(merged_into, id) FROM speakers WHERE id = ANY(CAST(:speakers AS bigint[]))""")
REMOVE_SPEAKERS = text(
    """
    DELETE FROM speakers s
    WHERE s.id = ANY(CAST(:speakers AS bigint[]))
      AND NOT EXISTS (SELECT FROM quote_speakers q WHERE q.speaker_id = s.id)
      AND NOT EXISTS (SELECT FROM speaker_names n WHERE n.speaker_id = s.id AND n.status = 'joined')
      AND NOT EXISTS (SELECT FROM speakers m WHERE m.merged_into = s.id)
    RETURNING s.id
    """
)
# The keys stay in the values, so that a decision without words can still be read and undone.
REMOVE_WORDS_ABOUT = text(
    """
    UPDATE decisions
    SET value = value || CASE kind WHEN 'rename' THEN '{"name": ""}' ELSE '{"names": [], "others": []}' END::jsonb
    WHERE speaker_id = ANY(CAST(:speakers AS bigint[])) AND kind IN ('rename', 'split')
    """
)
STILL_STORED = text(
    """SELECT DISTINCT name FROM speaker_names WHERE name = ANY(CAST(:names AS text[])) AND status = 'joined'"""
)
REMOVE_NAMES = text(
    """
    UPDATE decisions
    SET value = value || jsonb_build_object(
        'names', (value -> 'names') - CAST(:names AS text[]), 'others', (value -> 'others') - CAST(:names AS text[]))
    WHERE kind = 'split' AND (jsonb_exists_any(value -> 'names', CAST(:names AS text[]))
                              OR jsonb_exists_any(value -> 'others', CAST(:names AS text[])))
    """
)
# A speaker that is merged into another one keeps a name of its own.
RENAME_MERGED = text(
    """
    UPDATE speakers s SET name = best.name
    FROM (SELECT DISTINCT ON (n.speaker_id) n.speaker_id, n.name FROM speaker_names n
          WHERE n.speaker_id = ANY(CAST(:speakers AS bigint[])) AND n.status = 'joined'
          ORDER BY n.speaker_id, n.articles DESC, char_length(n.name) DESC, n.name COLLATE "C") best
    WHERE s.id = best.speaker_id AND s.merged_into IS NOT NULL AND NOT s.named_by_hand
      AND s.name = ANY(CAST(:names AS text[]))
    """
)
SPEAKERS = text("""SELECT id, kind FROM speakers WHERE id = ANY(CAST(:speakers AS bigint[])) ORDER BY id""")

# Earlier releases left such forms behind. A form that a person split from another one stays, so that the split holds.
UNCARRIED = text(
    f"""
    SELECT n.speaker_id, n.name FROM speaker_names n
    WHERE n.status = 'joined' AND n.articles = 0
      AND NOT EXISTS (SELECT FROM quote_speakers q WHERE q.speaker_id = n.speaker_id AND q.name = n.name)
      AND n.speaker_id NOT IN ({DECIDED})
      AND NOT EXISTS (
        SELECT FROM decisions d
        WHERE d.kind = 'split' AND {LIVE}
          AND (jsonb_exists(d.value -> 'names', n.name) OR jsonb_exists(d.value -> 'others', n.name)))
    ORDER BY n.speaker_id, n.name LIMIT :limit
    """
)
TEXTS = text("""SELECT text FROM articles WHERE id = ANY(CAST(:articles AS bigint[]))""")
ROLES_OF = text(
    """
    SELECT speaker_id, name, roles FROM speaker_names
    WHERE name = ANY(CAST(:names AS text[])) AND status = 'joined' AND roles <> '[]'
    """
)
# `others` is made once for each form, so that a text is lowered once, and not for each word.
NOT_IN_OTHERS = text(
    """
    SELECT form.speaker_id, form.name, lost.word
    FROM (
        SELECT speaker_id, name, array_agg(word) AS words
        FROM unnest(CAST(:speakers AS bigint[]), CAST(:names AS text[]), CAST(:words AS text[]))
            AS u (speaker_id, name, word)
        GROUP BY speaker_id, name) form
    CROSS JOIN LATERAL (
        WITH others AS MATERIALIZED (
            SELECT lower(a.text) AS lowered
            FROM (
                SELECT DISTINCT article_id FROM (
                    SELECT q.article_id FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id
                    WHERE s.speaker_id = form.speaker_id AND s.name = form.name LIMIT :sample) sample) other
            JOIN articles a ON a.id = other.article_id)
        SELECT word FROM unnest(form.words) AS w (word)
        WHERE NOT EXISTS (SELECT FROM others o WHERE position(w.word IN o.lowered) > 0)) lost
    """
)
SET_ROLES = text(
    """
    UPDATE speaker_names SET roles = CAST(:roles AS jsonb)
    WHERE speaker_id = :speaker AND name = :name AND status = 'joined'
    """
)


class NameInUse(NamedTuple):
    """A form under which quotes are stored, and how many of the articles use it in quotes that readers see."""

    speaker_id: int
    name: str
    articles: int


class Form(NamedTuple):
    """A form of a speaker's name."""

    speaker_id: int
    name: str


class SpeakerOfKind(NamedTuple):
    """A speaker's id and kind."""

    id: int
    kind: str


def names_in(connection: Connection, articles: Collection[int]) -> list[NameInUse]:
    """Return the forms under which the quotes of some articles are stored."""
    return [NameInUse(*row) for row in connection.execute(NAMES_IN, {"articles": numbers(articles)})]


def earlier_names_in(connection: Connection, articles: Collection[int]) -> set[str]:
    """Return the names that the quotes of some articles had earlier: read by an older extractor, or corrected."""
    return set(connection.execute(EARLIER_NAMES_IN, {"articles": numbers(articles)}).scalars())


def uncarried(connection: Connection, limit: int) -> list[Form]:
    """Return up to `limit` forms that no quote carries, and about whose speakers nobody has decided."""
    return [Form(*row) for row in connection.execute(UNCARRIED, {"limit": limit})]


def uncarried_forms(connection: Connection, names: Collection[str]) -> list[Form]:
    """Return those forms with one of these names that no quote carries, and that no decision in force needs."""
    return [Form(*row) for row in connection.execute(UNCARRIED_FORMS, {"names": sorted(names)})]


def texts(connection: Connection, articles: Collection[int]) -> list[str]:
    """Return the texts of articles."""
    return list(connection.execute(TEXTS, {"articles": numbers(articles)}).scalars())


def discount(connection: Connection, names: Collection[NameInUse]) -> None:
    """Count for each form as many articles fewer as used it."""
    if names:
        speakers, forms, articles = zip(*names, strict=True)
        connection.execute(DISCOUNT, {"speakers": [*speakers], "names": [*forms], "articles": [*articles]})


def remove_forms(connection: Connection, forms: Collection[Form]) -> None:
    """Delete forms, and the proposals because of them."""
    if forms:
        speakers, names = zip(*forms, strict=True)
        connection.execute(REMOVE_FORMS, {"speakers": [*speakers], "names": [*names]})
        values = {"names": sorted(set(names)), "speakers": numbers(set(speakers))}
        connection.execute(REMOVE_PROPOSALS, values)


def remove_speakers(connection: Connection, speakers: Collection[int]) -> set[int]:
    """Delete those of the speakers, and of their roots, that are not used; return the deleted speakers.

    The words in the decisions about them are deleted, too.
    """
    roots = set(connection.execute(ROOTS, {"speakers": numbers(speakers)}).scalars())
    removed: set[int] = set()
    for _ in range(2):  # first the speakers that were merged into another one, then those others
        removed.update(connection.execute(REMOVE_SPEAKERS, {"speakers": numbers({*speakers, *roots})}).scalars())
    connection.execute(REMOVE_WORDS_ABOUT, {"speakers": numbers(removed)})
    return removed


def remove_names_in_decisions(connection: Connection, names: Iterable[str]) -> None:
    """Delete from the splits by people those of the names that no speaker has any more."""
    stored = set(connection.execute(STILL_STORED, {"names": [*names]}).scalars())
    if lost := sorted({*names} - stored):
        connection.execute(REMOVE_NAMES, {"names": lost})


def rename_merged(connection: Connection, speakers: Collection[int], names: Collection[str]) -> None:
    """Rename those of the speakers that were merged into another one and are still called by one of these names."""
    connection.execute(RENAME_MERGED, {"speakers": numbers(speakers), "names": sorted(names)})


def kinds(connection: Connection, speakers: Collection[int]) -> list[SpeakerOfKind]:
    """Return the kinds of speakers; speakers that do not exist are left out."""
    return [SpeakerOfKind(*row) for row in connection.execute(SPEAKERS, {"speakers": numbers(speakers)})]


def remove_roles(connection: Connection, names: Collection[str], words: Collection[str]) -> set[int]:
    """Delete the roles of forms with these names that only the removed articles can have given.

    Return the speakers that lost a role; keys are made from roles, too.

    `names` are all names that the quotes of these articles ever had, and `words` the words of their texts.

    Nothing tells which article gave a role. So a role goes if one of its words stands in the removed articles, and in
    none of the other articles that use the form. If these are many, only some of them are read; a role that is deleted
    though another article gives it only makes later joins a little less certain.
    """
    rows = connection.execute(ROLES_OF, {"names": sorted(names)}).all()
    suspect = [
        (row.speaker_id, row.name, word)
        for row in rows
        for word in {word for role in row.roles for word in role.split()}.intersection(words)
    ]
    if not suspect:
        return set()
    speakers, forms, sought = zip(*suspect, strict=True)
    values = {"speakers": [*speakers], "names": [*forms], "words": [*sought], "sample": SAMPLE}
    lost: dict[Form, set[str]] = {}
    for row in connection.execute(NOT_IN_OTHERS, values):
        lost.setdefault(Form(row.speaker_id, row.name), set()).add(row.word)
    poorer: set[int] = set()
    for row in rows:
        gone = lost.get(Form(row.speaker_id, row.name), set())
        kept = [role for role in row.roles if gone.isdisjoint(role.split())]
        if len(kept) < len(row.roles):
            values = {"roles": json.dumps(kept), "speaker": row.speaker_id, "name": row.name}
            connection.execute(SET_ROLES, values)
            poorer.add(row.speaker_id)
    return poorer

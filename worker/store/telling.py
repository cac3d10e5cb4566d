"""Numbers the changes of what `report.quotes` shows: compares what it shows now with what was told last.

Whatever changes what it shows leaves a mark in its own transaction (the triggers of migration 0023). One process at a
time takes marks, compares the marked quotes with `told_quotes`, and appends the differences to `changes`. It holds a
lock until it has committed, so the numbers become visible in their order, and none is left out: a transaction that
commits late has a mark that becomes visible late, too, and its changes get later numbers.

A batch is small, and it locks no row that an article or a decision needs.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, Engine, text

from worker.store.changes import latest
from worker.store.db.locks import Lock, hold, try_to_hold
from worker.store.db.many_rows import numbers

ARTICLES = 200
"""Deal with at most so many marks of articles in one batch; a new article has two, of its quotes and their speakers."""
SPEAKERS = 100
"""Look at at most so many marked speakers in one batch."""
QUOTES = 1_000
"""Compare at most so many quotes of marked speakers, or of everything, in one batch."""
RESTORED_JUMP = 1_000_000_000
"""After a restore the numbers go on so much higher than in the backup.

Followers may have seen changes that are newer than the backup. So none of their numbers comes again.
"""

WHAT = ("words", "speaker", "source", "cue", "place", "article")
"""What the digests of a quote are of, in their order; each has eight bytes."""

# The columns are those of `report.quotes`, and so are the conditions. Numbers and times are written in a way that no
# setting of the session changes.
SHOWN = """
SELECT q.id AS quote_id, q.article_id, spoken.ids AS speaker_ids, q.statement_id, spoken.by_hand,
       substr(sha256(convert_to(CAST(json_build_array(q.kind, q.text) AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(coalesce(spoken.names, ''), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(q.source_text, CASE WHEN q.source_kind = 'unnamed'
                                                                             THEN q.speaks_for END)
                                        AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(q.cue, q.denied) AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(q.parts AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(a.title, o.name, a.url, extract(epoch FROM a.published_at))
                                        AS text), 'UTF8')), 1, 8) AS digests
FROM quotes q
JOIN articles a ON a.id = q.article_id AND a.current
LEFT JOIN outlets o ON o.id = a.outlet_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(r.id ORDER BY qs.position, r.name), '{}') AS ids,
           string_agg(r.name, ' & ' ORDER BY qs.position, r.name) AS names,
           coalesce(bool_or(qs.by_hand), false) AS by_hand
    FROM quote_speakers qs
    JOIN speakers s ON s.id = qs.speaker_id
    JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
    WHERE qs.quote_id = q.id) spoken
WHERE q.current AND NOT q.rejected
  AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
"""
"""The quotes that `report.quotes` shows, with the digests of what it shows."""

# Two speakers became one if the one that was told is not there any more: it is merged, or it has no form of a name.
# (Its quotes may follow later, in batches.) Two statements became one if the one that was told is not there.
TELL = text(
    f"""
    WITH shown AS ({SHOWN} AND q.id = ANY(CAST(:quotes AS bigint[]))),
    told AS (SELECT * FROM told_quotes WHERE quote_id = ANY(CAST(:quotes AS bigint[]))),
    compared AS (
        SELECT coalesce(n.quote_id, t.quote_id) AS quote_id, coalesce(n.article_id, t.article_id) AS article_id,
               t.quote_id IS NULL AS is_new, n.quote_id IS NULL AS is_gone, n.by_hand,
               n.digests, n.speaker_ids, n.statement_id,
               t.speaker_ids AS speakers_told, t.statement_id AS statement_told,
               CASE WHEN n.quote_id IS NULL OR t.quote_id IS NULL THEN '{{}}'
                    ELSE array_remove(ARRAY[
                        CASE WHEN substr(n.digests, 1, 8) <> substr(t.digests, 1, 8) THEN 'words' END,
                        CASE WHEN substr(n.digests, 9, 8) <> substr(t.digests, 9, 8)
                               OR n.speaker_ids <> t.speaker_ids THEN 'speaker' END,
                        CASE WHEN substr(n.digests, 17, 8) <> substr(t.digests, 17, 8) THEN 'source' END,
                        CASE WHEN substr(n.digests, 25, 8) <> substr(t.digests, 25, 8) THEN 'cue' END,
                        CASE WHEN substr(n.digests, 33, 8) <> substr(t.digests, 33, 8) THEN 'place' END,
                        CASE WHEN substr(n.digests, 41, 8) <> substr(t.digests, 41, 8) THEN 'article' END,
                        CASE WHEN n.statement_id IS DISTINCT FROM t.statement_id THEN 'statement' END], NULL)
               END AS what
        FROM shown n FULL JOIN told t ON t.quote_id = n.quote_id),
    differing AS (
        SELECT c.*, CASE WHEN is_new THEN 'added' WHEN is_gone THEN 'removed'
                         WHEN what <@ ARRAY['speaker', 'statement'] AND NOT by_hand
                          AND (speaker_ids <> speakers_told OR NOT 'speaker' = ANY (what))
                          AND cardinality(speaker_ids) = cardinality(speakers_told)
                          AND (statement_told IS NULL OR statement_id IS NOT NULL)
                          AND NOT EXISTS (
                              SELECT FROM unnest(speakers_told) AS was (id) JOIN speakers s ON s.id = was.id
                              JOIN speaker_names f ON f.speaker_id = s.id AND f.status = 'joined'
                              WHERE was.id <> ALL (speaker_ids) AND s.merged_into IS NULL)
                          AND NOT EXISTS (
                              SELECT FROM statements s
                              WHERE s.id = statement_told AND s.id IS DISTINCT FROM c.statement_id)
                         THEN 'joined' ELSE 'changed' END AS kind
        FROM compared c WHERE is_new OR is_gone OR what <> '{{}}'),
    forgotten AS (DELETE FROM told_quotes t USING differing d WHERE t.quote_id = d.quote_id AND d.is_gone),
    kept AS (
        INSERT INTO told_quotes (quote_id, article_id, speaker_ids, statement_id, digests)
        SELECT quote_id, article_id, speaker_ids, statement_id, digests FROM differing WHERE NOT is_gone
        ON CONFLICT (quote_id) DO UPDATE
        SET speaker_ids = excluded.speaker_ids, statement_id = excluded.statement_id, digests = excluded.digests)
    INSERT INTO changes (change_id, kind, quote_id, article_id, what, speaker_ids, speakers_before, statement_id,
                         statement_before)
    SELECT :latest + row_number() OVER (ORDER BY is_gone DESC, article_id, quote_id), kind, quote_id, article_id, what,
           CASE WHEN is_gone THEN speakers_told ELSE speaker_ids END,
           CASE WHEN NOT is_new AND NOT is_gone AND speaker_ids <> speakers_told THEN speakers_told END,
           CASE WHEN is_gone THEN statement_told ELSE statement_id END,
           CASE WHEN NOT is_new AND NOT is_gone AND statement_id IS DISTINCT FROM statement_told THEN statement_told END
    FROM differing
    """
)

MARKED_ARTICLES = text(
    """
    SELECT id, article_id FROM change_marks WHERE article_id IS NOT NULL ORDER BY id LIMIT :most
    """
)
WIDE_MARKS = text(
    """
    SELECT id, speaker_id, after_quote FROM change_marks WHERE article_id IS NULL ORDER BY id LIMIT :most
    """
)
QUOTES_OF_ARTICLES = text(
    """
    SELECT id FROM quotes WHERE article_id = ANY(CAST(:articles AS bigint[])) AND current
    UNION
    SELECT quote_id FROM told_quotes WHERE article_id = ANY(CAST(:articles AS bigint[]))
    """
)
QUOTES_OF_SPEAKER = text(
    """
    SELECT quote_id FROM quote_speakers WHERE speaker_id = :speaker AND quote_id > :after ORDER BY quote_id LIMIT :most
    """
)
ALL_QUOTES = text(
    """
    (SELECT id FROM quotes WHERE id > :after ORDER BY id LIMIT :most)
    UNION
    (SELECT quote_id FROM told_quotes WHERE quote_id > :after ORDER BY quote_id LIMIT :most)
    ORDER BY 1 LIMIT :most
    """
)
PASS = text("""UPDATE change_marks SET after_quote = :quote WHERE id = :id""")
TAKE_AWAY = text("""DELETE FROM change_marks WHERE id = ANY(CAST(:marks AS bigint[]))""")
IS_NUMBERED = text("""SELECT to_regclass('public.changes') IS NOT NULL""")
TELL_OF_RESTORE = text("""INSERT INTO changes (change_id, kind) VALUES (:number, 'restored')""")


class Told(NamedTuple):
    """What a batch did: how many marks it dealt with, and how many changes it numbered."""

    marks: int
    changes: int


def tell_some(connection: Connection) -> Told | None:
    """Deal with a batch of marks in the caller's transaction; None if another process does, or if nothing is marked.

    The caller commits at once. Marked articles come first, so a large speaker does not keep new articles waiting.
    """
    if not try_to_hold(connection, Lock.CHANGES):
        return None
    marked = connection.execute(MARKED_ARTICLES, {"most": ARTICLES}).all()
    done = [row.id for row in marked]
    articles = numbers({row.article_id for row in marked})
    quotes = set(connection.execute(QUOTES_OF_ARTICLES, {"articles": articles}).scalars()) if marked else set()
    wide = connection.execute(WIDE_MARKS, {"most": SPEAKERS}).all()
    if not wide and not marked:
        return None
    room = QUOTES
    for mark in wide:
        some = _some_of(connection, mark.speaker_id, mark.after_quote, room)
        quotes.update(some)
        if len(some) == room:
            connection.execute(PASS, {"id": mark.id, "quote": some[-1]})
            break
        room -= len(some)
        done.append(mark.id)
    changes = 0
    if quotes:
        values = {"quotes": numbers(quotes), "latest": latest(connection)}
        changes = connection.execute(TELL, values).rowcount
    connection.execute(TAKE_AWAY, {"marks": numbers(done)})
    return Told(len(done), changes)


def tell(engine: Engine, going_on: Callable[[], bool] = lambda: True) -> int:
    """Deal with all marks, in batches, until none is left or `going_on()` is false; return the number of changes.

    If another process does it, return at once.
    """
    changes = 0
    while going_on():
        with engine.begin() as connection:
            told = tell_some(connection)
        if told is None:
            break
        changes += told.changes
    return changes


def _some_of(connection: Connection, speaker_id: int | None, after: int, most: int) -> list[int]:
    """Return the next quotes of a speaker, or of all (None), at most `most`, in order."""
    values = {"speaker": speaker_id, "after": after, "most": most}
    return list(connection.execute(ALL_QUOTES if speaker_id is None else QUOTES_OF_SPEAKER, values).scalars())


def last_if_any(connection: Connection) -> int:
    """Return the number of the last change; 0 if the tables are of a release that numbers none."""
    return latest(connection) if connection.execute(IS_NUMBERED).scalar_one() else 0


def tell_of_restore(connection: Connection, last_before: int) -> None:
    """Number a change that says that a backup was restored, far above every number that a follower may have seen.

    `last_before` is the last number in the database that the backup replaces.
    """
    hold(connection, Lock.CHANGES)
    last = max(latest(connection), last_before)
    connection.execute(TELL_OF_RESTORE, {"number": last + RESTORED_JUMP})

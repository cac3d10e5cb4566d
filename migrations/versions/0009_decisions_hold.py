"""What people decide is kept right by the tables: no chain of merges, no second speaker beside a person's choice

Also new: the rows that are locked for surnames (before: advisory locks, which a reader could hold), and the two tables
of moves that a decision about a large speaker leaves to be finished in batches.

Stored rows that break the new constraints are repaired first. The counts of forms, and the owners of statements, are
repaired only for the speakers that this touches.

Revision: 0009, after 0008
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MERGED = """
SELECT s.id, s.merged_into,
       coalesce((SELECT max(d.id) FROM decisions d WHERE d.kind = 'merge' AND d.speaker_id = s.id), 0) AS decision
FROM speakers s WHERE s.merged_into IS NOT NULL
"""
SET_ROOT = """UPDATE speakers SET merged_into = :root WHERE id = :id"""
TO_SETTLE = """INSERT INTO speakers_to_settle (speaker_id) VALUES (:id) ON CONFLICT DO NOTHING"""

# Of several speakers on a quote about which a person decided, the person's choice stays; of several choices the latest.
CHOSEN = """
CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
SELECT DISTINCT ON (h.quote_id) h.quote_id, h.speaker_id
FROM quote_speakers h
LEFT JOIN decisions d ON d.quote_id = h.quote_id AND d.kind = 'set_speaker' AND d.value ->> 'name' = h.name
    AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
WHERE h.by_hand AND (h.position <> 0 OR EXISTS (
    SELECT FROM quote_speakers o WHERE o.quote_id = h.quote_id AND o.speaker_id <> h.speaker_id))
ORDER BY h.quote_id, d.id DESC NULLS LAST, h.speaker_id
"""
SECOND = """
CREATE TEMPORARY TABLE second ON COMMIT DROP AS
SELECT s.quote_id, s.speaker_id, s.name FROM quote_speakers s JOIN chosen c USING (quote_id)
WHERE s.speaker_id <> c.speaker_id
"""
REMOVE_SECOND = """
DELETE FROM quote_speakers s USING second x WHERE s.quote_id = x.quote_id AND s.speaker_id = x.speaker_id
"""
CHOSEN_FIRST = """
UPDATE quote_speakers s SET position = 0 FROM chosen c
WHERE s.quote_id = c.quote_id AND s.speaker_id = c.speaker_id AND s.position <> 0
"""
RECOUNT = """
UPDATE speaker_names n SET articles = (
    SELECT count(DISTINCT q.article_id) FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id AND q.current
    WHERE s.speaker_id = n.speaker_id AND s.name = n.name)
WHERE n.status = 'joined' AND (n.speaker_id IN (SELECT speaker_id FROM second)
    OR n.speaker_id IN (SELECT speaker_id FROM chosen))
"""
SETTLE_CHOSEN = """
INSERT INTO speakers_to_settle (speaker_id) SELECT DISTINCT speaker_id FROM chosen ON CONFLICT DO NOTHING
"""
RENUMBER = """
UPDATE quote_speakers s SET position = r.position FROM (
    SELECT quote_id, speaker_id, row_number() OVER (PARTITION BY quote_id ORDER BY position, speaker_id) - 1 AS position
    FROM quote_speakers WHERE quote_id IN (
        SELECT quote_id FROM quote_speakers
        GROUP BY quote_id HAVING min(position) > 0 OR count(*) > count(DISTINCT position))) r
WHERE s.quote_id = r.quote_id AND s.speaker_id = r.speaker_id AND s.position <> r.position
"""
# Until now a decision kept only the name of the speaker that a person chose.
NAME_BY_NUMBER = """
UPDATE decisions d SET speaker_id = h.speaker_id FROM quote_speakers h
WHERE d.kind = 'set_speaker' AND d.speaker_id IS NULL AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
  AND h.quote_id = d.quote_id AND h.by_hand AND h.name = d.value ->> 'name'
"""
ONLY_BY_NAME = """UPDATE decisions SET speaker_id = NULL WHERE kind = 'set_speaker'"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "surname_locks",
        sa.Column(
            "id", sa.Integer(), autoincrement=False, nullable=False, comment="What the surname's hash leaves over."
        ),
        sa.PrimaryKeyConstraint("id", name="pk_surname_locks"),
        comment="Rows that are only locked: two articles with one surname are stored one after the other.",
    )
    op.execute("INSERT INTO surname_locks (id) SELECT generate_series(0, 16383)")
    op.create_table(
        "form_moves",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("name", sa.Text(), nullable=False, comment="The form; it belongs to the target already."),
        sa.Column("source", sa.BigInteger(), nullable=False, comment="The speaker that still has quotes under it."),
        sa.Column("target", sa.BigInteger(), nullable=False, comment="The speaker that is to have them."),
        sa.Column(
            "after_quote", sa.BigInteger(), server_default="0", nullable=False, comment="Quotes up to this are moved."
        ),
        sa.ForeignKeyConstraint(["source"], ["speakers.id"], name="fk_form_moves_source", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target"], ["speakers.id"], name="fk_form_moves_target", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_form_moves"),
        sa.UniqueConstraint("source", "name", name="uq_form_moves_source_name"),
        sa.CheckConstraint("source <> target", name="ck_form_moves_target"),
        comment="Forms of large speakers whose quotes a decision left to be moved in batches; usually empty.",
    )
    op.create_table(
        "speakers_to_settle",
        sa.Column("speaker_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="The speaker."),
        sa.Column(
            "after_quote", sa.BigInteger(), server_default="0", nullable=False, comment="Quotes up to this are done."
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name="fk_speakers_to_settle_speaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("speaker_id", name="pk_speakers_to_settle"),
        comment="Large speakers whose statements are to go to their present owner, in batches; usually empty.",
    )
    repair_merges()
    for statement in (CHOSEN, SECOND, REMOVE_SECOND, CHOSEN_FIRST, RENUMBER, RECOUNT, SETTLE_CHOSEN, NAME_BY_NUMBER):
        op.execute(statement)
    op.add_column(
        "speakers",
        sa.Column(
            "is_root",
            sa.Boolean(),
            sa.Computed("merged_into IS NULL", persisted=True),
            nullable=True,
            comment="Whether it is merged into no other speaker.",
        ),
    )
    op.add_column(
        "speakers",
        sa.Column(
            "into_root",
            sa.Boolean(),
            sa.Computed("true", persisted=True),
            nullable=True,
            comment="Always true, so that a foreign key can ask that `merged_into` is a root.",
        ),
    )
    op.create_unique_constraint("uq_speakers_id_is_root", "speakers", ["id", "is_root"])
    op.drop_constraint("fk_speakers_merged_into", "speakers", type_="foreignkey")
    op.create_foreign_key(
        "fk_speakers_merged_into", "speakers", "speakers", ["merged_into", "into_root"], ["id", "is_root"]
    )
    op.drop_constraint("pk_quote_speakers", "quote_speakers", type_="primary")
    op.create_primary_key("pk_quote_speakers", "quote_speakers", ["quote_id", "position"])
    op.create_unique_constraint("uq_quote_speakers_speaker_id_quote_id", "quote_speakers", ["speaker_id", "quote_id"])
    op.drop_index("ix_quote_speakers_speaker_id", table_name="quote_speakers")
    op.create_check_constraint("alone", "quote_speakers", "NOT by_hand OR position = 0")


def repair_merges() -> None:
    """Let each merged speaker point to a root; a circle is opened where its latest decision closed it."""
    rows = {row.id: row for row in op.get_bind().execute(sa.text(MERGED))}
    into = {speaker: row.merged_into for speaker, row in rows.items()}
    for speaker in sorted(into):
        passed: list[int] = []
        while into.get(speaker) is not None and speaker not in passed:
            passed.append(speaker)
            speaker = into[speaker]
        if speaker in passed:  # a circle
            circle = passed[passed.index(speaker) :]
            into[max(circle, key=lambda member: (rows[member].decision, member))] = None
    for speaker in sorted(rows):
        root = speaker
        while into.get(root) is not None:
            root = into[root]
        if root != rows[speaker].merged_into:
            write(SET_ROOT, [{"id": speaker, "root": root if root != speaker else None}])
            write(TO_SETTLE, [{"id": speaker}])


def write(statement: str, rows: Iterable[dict[str, int | None]]) -> None:
    """Run a statement for each row."""
    for row in rows:
        op.get_bind().execute(sa.text(statement), row)


def downgrade() -> None:
    """Take the change back; the repaired rows stay repaired."""
    op.drop_constraint("ck_quote_speakers_alone", "quote_speakers")
    op.create_index("ix_quote_speakers_speaker_id", "quote_speakers", ["speaker_id"], unique=False)
    op.drop_constraint("uq_quote_speakers_speaker_id_quote_id", "quote_speakers", type_="unique")
    op.drop_constraint("pk_quote_speakers", "quote_speakers", type_="primary")
    op.create_primary_key("pk_quote_speakers", "quote_speakers", ["quote_id", "speaker_id"])
    op.drop_constraint("fk_speakers_merged_into", "speakers", type_="foreignkey")
    op.create_foreign_key("fk_speakers_merged_into", "speakers", "speakers", ["merged_into"], ["id"])
    op.drop_constraint("uq_speakers_id_is_root", "speakers", type_="unique")
    op.drop_column("speakers", "into_root")
    op.drop_column("speakers", "is_root")
    op.execute(ONLY_BY_NAME)
    op.drop_table("speakers_to_settle")
    op.drop_table("form_moves")
    op.drop_table("surname_locks")

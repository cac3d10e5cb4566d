"""Marks of what people had forgotten in a table of their own, without words; leftovers of earlier releases go

Revision: 0010, after 0009

The step down cannot restore the name of a forgotten outlet, since only its hash is kept: articles that arrive from this
outlet later are stored again. Everything else that was forgotten stays forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# `removed` stays false, so that the next removal looks for rows that earlier releases left behind.
TO_ROWS = (
    """
    INSERT INTO forgotten (hash, kind, decision_id)
    SELECT decode(h, 'hex'), 'document', d.id FROM decisions d, jsonb_array_elements_text(d.value -> 'documents') h
    WHERE d.kind = 'forget' AND jsonb_typeof(d.value -> 'documents') = 'array' AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO forgotten (hash, kind, decision_id)
    SELECT decode(d.value ->> 'canonical_hash', 'hex'), 'text', d.id FROM decisions d
    WHERE d.kind = 'forget' AND d.value ? 'canonical_hash' AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
    """,
    """
    INSERT INTO forgotten (hash, kind, decision_id)
    SELECT sha256(convert_to('outlet:' || (d.value ->> 'outlet'), 'UTF8')), 'outlet', d.id FROM decisions d
    WHERE d.kind = 'forget' AND d.value ? 'outlet' AND NOT EXISTS (SELECT FROM decisions u WHERE u.undoes = d.id)
    """,
    """
    UPDATE decisions
    SET value = (value - 'documents' - 'canonical_hash') || CASE WHEN value ? 'outlet' THEN jsonb_build_object(
        'outlet', encode(sha256(convert_to('outlet:' || (value ->> 'outlet'), 'UTF8')), 'hex')) ELSE '{}' END
    WHERE kind = 'forget'
    """,
)

# What earlier releases left of forgotten articles.
LEFTOVERS = (
    """UPDATE documents SET raw = NULL WHERE reason = 'forgotten' AND raw IS NOT NULL""",
    """
    UPDATE decisions d SET value = value - 'text' - 'machine' - 'name'
    WHERE d.article_id IS NOT NULL AND d.kind <> 'forget'
      AND NOT EXISTS (SELECT FROM articles a WHERE a.id = d.article_id)
    """,
    """DELETE FROM statements s WHERE NOT EXISTS (SELECT FROM quotes q WHERE q.statement_id = s.id)""",
    """DELETE FROM statement_keys k WHERE NOT EXISTS (SELECT FROM statements s WHERE s.id = k.statement_id)""",
)

TO_VALUES = (
    """
    UPDATE decisions d SET value = d.value || jsonb_build_object('documents', m.hashes)
    FROM (SELECT decision_id, jsonb_agg(encode(hash, 'hex')) AS hashes FROM forgotten WHERE kind = 'document'
          GROUP BY decision_id) m
    WHERE m.decision_id = d.id
    """,
    """
    UPDATE decisions d SET value = d.value || jsonb_build_object('canonical_hash', encode(m.hash, 'hex'))
    FROM forgotten m WHERE m.decision_id = d.id AND m.kind = 'text' AND d.value ? 'of'
    """,
    """
    INSERT INTO decisions (kind, value, who, reason, decided_at)
    SELECT 'forget', jsonb_build_object('of', d.id, 'canonical_hash', encode(m.hash, 'hex')), d.who, d.reason,
           d.decided_at
    FROM forgotten m JOIN decisions d ON d.id = m.decision_id
    WHERE m.kind = 'text' AND NOT d.value ? 'of'
    """,
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "forgotten",
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the bytes, of the canonical text, or of an outlet's key.",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="document, text, outlet or file."),
        sa.Column("decision_id", sa.BigInteger(), nullable=False, comment="The decision to forget it."),
        sa.Column(
            "removed",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether everything with this hash was removed.",
        ),
        sa.CheckConstraint("kind IN ('document', 'text', 'outlet', 'file')", name="ck_forgotten_kind"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_forgotten_decision_id"),
        sa.PrimaryKeyConstraint("hash", "kind", "decision_id", name="pk_forgotten"),
        comment="Hashes of what people had forgotten: nothing with such a hash is stored. No words are kept.",
    )
    op.create_index("ix_forgotten_decision_id", "forgotten", ["decision_id"])
    op.create_index("ix_forgotten_left", "forgotten", ["decision_id", "hash"], postgresql_where=sa.text("NOT removed"))
    op.add_column(
        "files",
        sa.Column(
            "forgotten_by",
            sa.BigInteger(),
            nullable=True,
            comment="The decision to forget it, made before its content was known.",
        ),
    )
    for statement in (*TO_ROWS, *LEFTOVERS):
        op.execute(statement)
    op.drop_index("ix_decisions_forgotten", "decisions")


def downgrade() -> None:
    """Take the change back."""
    for statement in TO_VALUES:
        op.execute(statement)
    op.create_index(
        "ix_decisions_forgotten",
        "decisions",
        ["value"],
        postgresql_using="gin",
        postgresql_ops={"value": "jsonb_path_ops"},
        postgresql_where=sa.text("kind = 'forget'"),
    )
    op.drop_column("files", "forgotten_by")
    op.drop_table("forgotten")

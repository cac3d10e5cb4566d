"""Lists of speakers that people import: their rows, the names in them, and the forms of names that they explain

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

from worker.report import views

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# "accept" comes with 0018.
KINDS = (
    *("merge", "split", "rename", "set_speaker", "no_speaker", "reject", "accept", "restore", "forget"),
    *("import", "undo"),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "listed_speakers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column(
            "identity",
            sa.Text(),
            nullable=False,
            comment="What makes two rows mean one: the QID; without one, name and role.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="The name for reports: that of the first row in force."),
        sa.Column("qid", sa.Text(), nullable=True, comment="The number at Wikidata, such as Q42; null: not given."),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_speakers")),
        sa.UniqueConstraint("identity", name=op.f("uq_listed_speakers_identity")),
        comment="People and bodies of the lists that people imported, whether they are quoted or not.",
    )
    op.create_table(
        "list_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("decision_id", sa.BigInteger(), nullable=False, comment="The import."),
        sa.Column(
            "line", sa.Integer(), nullable=False, comment="The line of the file in which the row begins, from 1."
        ),
        sa.Column("listed_id", sa.BigInteger(), nullable=False, comment="The person or body."),
        sa.Column("name", sa.Text(), nullable=False, comment="The name for reports."),
        sa.Column("role", sa.Text(), nullable=True, comment="The role as the list gives it; null: not given."),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="The first day on which role and names hold."),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="The last day on which role and names hold."),
        sa.Column(
            "digest",
            sa.LargeBinary(),
            nullable=False,
            comment="A hash of the row's values: the same row is stored once.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_rows")),
        sa.UniqueConstraint("digest", name=op.f("uq_list_rows_digest")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_list_rows_decision_id")),
        sa.ForeignKeyConstraint(["listed_id"], ["listed_speakers.id"], name=op.f("fk_list_rows_listed_id")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_list_rows_valid")),
        comment="Rows of the lists that people imported; a row goes when its import is undone.",
    )
    op.create_index("ix_list_rows_decision_id", "list_rows", ["decision_id"])
    op.create_index("ix_list_rows_listed_id", "list_rows", ["listed_id"])
    op.create_table(
        "list_names",
        sa.Column("row_id", sa.BigInteger(), nullable=False, comment="The row."),
        sa.Column("key", sa.Text(), nullable=False, comment="The folded whole name of a person or of a body."),
        sa.Column("name", sa.Text(), nullable=False, comment="The name as the list gives it."),
        sa.PrimaryKeyConstraint("row_id", "key", "name", name=op.f("pk_list_names")),
        sa.ForeignKeyConstraint(["row_id"], ["list_rows.id"], name=op.f("fk_list_names_row_id"), ondelete="CASCADE"),
        comment="Names and aliases in the rows of imported lists, with the keys by which they are found.",
    )
    op.create_index("ix_list_names_key", "list_names", ["key"])
    op.add_column(
        "speaker_names",
        sa.Column(
            "listed_id",
            sa.BigInteger(),
            nullable=True,
            comment="The speaker of imported lists that has this form as a name.",
        ),
    )
    op.create_foreign_key(
        "fk_speaker_names_listed_id", "speaker_names", "listed_speakers", ["listed_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(
        "ix_speaker_names_listed_id",
        "speaker_names",
        ["listed_id"],
        postgresql_where=sa.text("listed_id IS NOT NULL"),
    )
    _set_kinds(KINDS)


def downgrade() -> None:
    """Take the change back. The imports are deleted; speakers that they joined stay one until they are read again."""
    views.drop(op.get_bind())
    op.execute("DELETE FROM decisions WHERE undoes IN (SELECT id FROM decisions WHERE kind = 'import')")
    op.drop_index("ix_speaker_names_listed_id", table_name="speaker_names")
    op.drop_constraint("fk_speaker_names_listed_id", "speaker_names", type_="foreignkey")
    op.drop_column("speaker_names", "listed_id")
    for table in ("list_names", "list_rows", "listed_speakers"):
        op.drop_table(table)
    op.execute("DELETE FROM decisions WHERE kind = 'import'")
    _set_kinds(tuple(kind for kind in KINDS if kind != "import"))


def _set_kinds(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_decisions_kind"), "decisions", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_decisions_kind"), "decisions", f"kind IN ({listed})")

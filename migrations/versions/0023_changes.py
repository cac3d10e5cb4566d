"""The changes of what readers see, by number, and the triggers that mark what may have changed

* `changes`: what changed in report.quotes, numbered. `told_quotes`: what was told last. `change_marks`: what is to be
  compared.
* Triggers of `quotes`, `quote_speakers`, `articles`, `speakers` and `confidence_floor` write the marks. So every
  transaction that may change what readers see leaves a mark, whatever code, or whoever by hand, sends it.

What is shown now counts as told: followers begin with the last number, and read report.quotes once.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from worker.report import views

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIGINTS = postgresql.ARRAY(sa.BigInteger())

# The functions run with the rights and the search path of whoever writes, so tables are named with their schema. A
# statement that changes many rows calls its function once.
FUNCTIONS = """
CREATE FUNCTION public.mark_articles_of_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (article_id) SELECT DISTINCT article_id FROM touched;
    RETURN NULL;
END $$;
CREATE FUNCTION public.mark_articles_of_attributions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (article_id)
    SELECT DISTINCT q.article_id FROM touched t JOIN public.quotes q ON q.id = t.quote_id;
    RETURN NULL;
END $$;
CREATE FUNCTION public.mark_article() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (article_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION public.mark_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (speaker_id)
    SELECT id FROM public.speakers WHERE id = NEW.id OR merged_into = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION public.mark_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks DEFAULT VALUES;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER mark_inserted AFTER INSERT ON quotes REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_quotes();
CREATE TRIGGER mark_updated AFTER UPDATE ON quotes REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_quotes();
CREATE TRIGGER mark_deleted AFTER DELETE ON quotes REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_quotes();
CREATE TRIGGER mark_inserted AFTER INSERT ON quote_speakers REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_attributions();
CREATE TRIGGER mark_updated AFTER UPDATE ON quote_speakers REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_attributions();
CREATE TRIGGER mark_deleted AFTER DELETE ON quote_speakers REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_articles_of_attributions();
CREATE TRIGGER mark_updated AFTER UPDATE OF current, title, outlet_id, url, published_at ON articles FOR EACH ROW
    WHEN ((OLD.current, OLD.title, OLD.outlet_id, OLD.url, OLD.published_at)
          IS DISTINCT FROM (NEW.current, NEW.title, NEW.outlet_id, NEW.url, NEW.published_at))
    EXECUTE FUNCTION public.mark_article();
CREATE TRIGGER mark_updated AFTER UPDATE OF name, merged_into ON speakers FOR EACH ROW
    WHEN ((OLD.name, OLD.merged_into) IS DISTINCT FROM (NEW.name, NEW.merged_into))
    EXECUTE FUNCTION public.mark_speaker();
CREATE TRIGGER mark_changed AFTER INSERT OR UPDATE OR DELETE ON confidence_floor
    FOR EACH STATEMENT EXECUTE FUNCTION public.mark_everything();
"""
TOLD = """
INSERT INTO told_quotes (quote_id, article_id, speaker_ids, statement_id, digests)
SELECT q.id, q.article_id, spoken.ids, q.statement_id,
       substr(sha256(convert_to(CAST(json_build_array(q.kind, q.text) AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(coalesce(spoken.names, ''), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(q.source_text, CASE WHEN q.source_kind = 'unnamed'
                                                                             THEN q.speaks_for END)
                                        AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(q.cue, q.denied) AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(q.parts AS text), 'UTF8')), 1, 8)
       || substr(sha256(convert_to(CAST(json_build_array(a.title, o.name, a.url, extract(epoch FROM a.published_at))
                                        AS text), 'UTF8')), 1, 8)
FROM quotes q
JOIN articles a ON a.id = q.article_id AND a.current
LEFT JOIN outlets o ON o.id = a.outlet_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(r.id ORDER BY qs.position, r.name), '{}') AS ids,
           string_agg(r.name, ' & ' ORDER BY qs.position, r.name) AS names
    FROM quote_speakers qs
    JOIN speakers s ON s.id = qs.speaker_id
    JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
    WHERE qs.quote_id = q.id) spoken
WHERE q.current AND NOT q.rejected
  AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
"""


def upgrade() -> None:
    """Apply the change."""
    _make_changes()
    _make_told_quotes()
    _make_marks()
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)
    op.execute(TOLD)


def downgrade() -> None:
    """Take the change back. The numbers are lost; followers of a later upgrade begin anew."""
    views.drop(op.get_bind())
    op.execute("DROP TRIGGER mark_changed ON confidence_floor")
    for table in ("quotes", "quote_speakers"):
        for event in ("inserted", "updated", "deleted"):
            op.execute(f"DROP TRIGGER mark_{event} ON {table}")
    for table in ("articles", "speakers"):
        op.execute(f"DROP TRIGGER mark_updated ON {table}")
    for name in (
        *("mark_articles_of_quotes", "mark_articles_of_attributions", "mark_article", "mark_speaker"),
        "mark_everything",
    ):
        op.execute(f"DROP FUNCTION {name}()")
    for table in ("change_marks", "told_quotes", "changes"):
        op.drop_table(table)


def _make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column(
            "change_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Number of the change; later changes have higher numbers.",
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was numbered.",
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="added, changed, removed, joined; or restored, from a backup."
        ),
        sa.Column("quote_id", sa.BigInteger(), nullable=True, comment="The quote; null: all of them (restored)."),
        sa.Column("article_id", sa.BigInteger(), nullable=True, comment="Its article."),
        sa.Column(
            "what",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Of changed and joined: words, speaker, source, cue, place, article, statement.",
        ),
        sa.Column(
            "speaker_ids",
            BIGINTS,
            server_default="{}",
            nullable=False,
            comment="Its speakers, after merges; of removed: those it had.",
        ),
        sa.Column(
            "speakers_before", BIGINTS, nullable=True, comment="The speakers that it had before; null: the same."
        ),
        sa.Column("statement_id", sa.BigInteger(), nullable=True, comment="Its statement; of removed: the one it had."),
        sa.Column(
            "statement_before",
            sa.BigInteger(),
            nullable=True,
            comment="The statement that it had before; null: the same.",
        ),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_changes")),
        sa.CheckConstraint(
            "kind IN ('added', 'changed', 'removed', 'joined', 'restored')", name=op.f("ck_changes_kind")
        ),
        sa.CheckConstraint(
            "(quote_id IS NULL) = (kind = 'restored') AND (article_id IS NULL) = (kind = 'restored')",
            name=op.f("ck_changes_about"),
        ),
        comment="What changed in report.quotes, numbered in the order in which readers could see it.",
    )


def _make_told_quotes() -> None:
    op.create_table(
        "told_quotes",
        sa.Column("quote_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="The quote."),
        sa.Column("article_id", sa.BigInteger(), nullable=False, comment="Its article."),
        sa.Column("speaker_ids", BIGINTS, nullable=False, comment="Its speakers, after merges."),
        sa.Column("statement_id", sa.BigInteger(), nullable=True, comment="Its statement."),
        sa.Column(
            "digests",
            sa.LargeBinary(),
            nullable=False,
            comment="Eight bytes each for words, speaker, source, cue, place and article.",
        ),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_told_quotes")),
        comment="The quotes that readers were told of and not told away, with digests of what they showed.",
    )
    op.create_index("ix_told_quotes_article_id", "told_quotes", ["article_id"])


def _make_marks() -> None:
    op.create_table(
        "change_marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Number of the row."),
        sa.Column("article_id", sa.BigInteger(), nullable=True, comment="The article whose quotes are to be compared."),
        sa.Column("speaker_id", sa.BigInteger(), nullable=True, comment="The speaker whose quotes are to be compared."),
        sa.Column(
            "after_quote",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Of a speaker and of everything: the quotes up to this one are compared.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_marks")),
        sa.CheckConstraint("article_id IS NULL OR speaker_id IS NULL", name=op.f("ck_change_marks_one")),
        comment="What may show otherwise than readers were told; usually empty.",
    )

"""The trigger of `quote_speakers` looks each quote up by its key

A session plans the query of a trigger once. While `quotes` was small, the plan read the whole table for each article,
and went on with that until the table was analysed.

Revision: 0029, after 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# `OFFSET 0` keeps the inner query by itself, so each quote is looked up by its key.
BY_KEY = """
CREATE OR REPLACE FUNCTION public.mark_articles_of_attributions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (article_id)
    SELECT DISTINCT q.article_id FROM touched t
    CROSS JOIN LATERAL (SELECT article_id FROM public.quotes WHERE id = t.quote_id OFFSET 0) q;
    RETURN NULL;
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION public.mark_articles_of_attributions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change_marks (article_id)
    SELECT DISTINCT q.article_id FROM touched t JOIN public.quotes q ON q.id = t.quote_id;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Apply the change."""
    op.execute(BY_KEY)


def downgrade() -> None:
    """Take the change back."""
    op.execute(BEFORE)

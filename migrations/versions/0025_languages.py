"""Quotations are indexed by the rules of their own language, and without accents

* `quotes.language` repeats the language of the article, and `quotes.search` is made with it.
* `ix_articles_language` finds the languages that are in use.
* A text search configuration for each language, in the schema `report` (`worker.store.languages`). They take accents
  away with the extension `unaccent`, which is made if our user may. It stays when the change is taken back.

The table `quotes` is rewritten once, with all its indexes: nothing is read from it and nothing stored meanwhile. With
100,000 quotations this took 6 to 13 s on two shared and busy cores, so count on one to two minutes for each million.

Revision: 0025, after 0024
"""

import logging

import sqlalchemy as sa
from alembic import op

from worker.report import views
from worker.store import languages

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

log = logging.getLogger("onrecord.migrations")

# A rewriting may look at other tables only in a function. One ALTER TABLE rewrites the table once.
LANGUAGE_OF = """
CREATE FUNCTION public.language_of(article bigint) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT language FROM public.articles WHERE id = article $$
"""
REWRITE = """
ALTER TABLE quotes
    DROP COLUMN search,
    ALTER COLUMN language TYPE text USING public.language_of(article_id),
    ADD COLUMN search tsvector GENERATED ALWAYS AS (public.quote_words(language, text)) STORED
"""
BACK = """
ALTER TABLE quotes
    DROP COLUMN search,
    DROP COLUMN language,
    ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, text)) STORED
"""


def upgrade() -> None:
    """Apply the change."""
    connection = op.get_bind()
    views.drop(connection)
    op.execute("SET LOCAL statement_timeout = 0")
    languages.make(connection)
    if not languages.folds(connection):
        log.warning(
            "the extension unaccent is missing, so the search tells é from e; `onrecord doctor` says what to do"
        )
    connection.exec_driver_sql(languages.FUNCTIONS, execution_options={"no_parameters": True})
    op.create_index("ix_articles_language", "articles", ["language"])
    op.add_column("quotes", sa.Column("language", sa.Text(), nullable=True))
    op.execute(LANGUAGE_OF)
    op.execute(REWRITE)
    op.execute("DROP FUNCTION public.language_of(bigint)")
    op.execute("COMMENT ON COLUMN quotes.language IS 'ISO 639-1 code of the article''s language.'")
    op.execute("COMMENT ON COLUMN quotes.search IS 'Words by the rules of that language, for searching.'")
    op.create_index("ix_quotes_search", "quotes", ["search"], postgresql_using="gin")
    op.execute("ANALYZE quotes")  # or the planner knows nothing about the words, until autovacuum comes


def downgrade() -> None:
    """Take the change back: every quotation is indexed as English."""
    connection = op.get_bind()
    views.drop(connection)
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute(BACK)
    op.execute("COMMENT ON COLUMN quotes.search IS 'Words, for searching.'")
    op.create_index("ix_quotes_search", "quotes", ["search"], postgresql_using="gin")
    op.drop_index("ix_articles_language", table_name="articles")
    op.execute(languages.REMOVE_FUNCTIONS)
    languages.remove(connection)

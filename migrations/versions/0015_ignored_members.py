"""Members of a file that are no articles (a picture in a zip) count as ignored, and no longer as quarantined

Files that hold such members are counted again. One that was to be archived or deleted then leaves its folder.

Revision: 0015, after 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IGNORED = "('forgotten', 'no_article', 'not_regular', 'pattern', 'symlink', 'unsupported_type', 'vanished')"
COUNT_AGAIN = """
UPDATE files f
SET members_quarantined = m.quarantined,
    reason = CASE WHEN f.state = 'quarantined' THEN m.reason END,
    message = CASE WHEN m.quarantined = f.members THEN m.message
                   WHEN m.quarantined > 0
                   THEN m.quarantined || ' of ' || f.members || ' members are quarantined; '
                        || '`onrecord files --members --state quarantined` lists them.' END
FROM (
    SELECT file_id, count(*) FILTER (WHERE is_quarantined) AS quarantined,
           (array_agg(reason ORDER BY is_quarantined DESC, position) FILTER (WHERE reason IS NOT NULL))[1] AS reason,
           (array_agg(message ORDER BY is_quarantined DESC, position) FILTER (WHERE reason IS NOT NULL))[1] AS message
    FROM (
        SELECT fd.file_id, fd.position, coalesce(fd.reason, d.reason) AS reason,
               coalesce(fd.message, d.message) AS message,
               CASE WHEN d.id IS NOT NULL THEN d.state = 'quarantined' ELSE {refused} END AS is_quarantined
        FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
        WHERE fd.file_id IN (SELECT file_id FROM file_documents WHERE document_id IS NULL AND reason IN {ignored})
    ) places GROUP BY 1) m
WHERE f.id = m.file_id AND f.members_quarantined <> m.quarantined
  AND (f.state IN ('stored', 'duplicate') OR (f.state = 'quarantined' AND m.quarantined > 0))
"""
NOTHING_QUARANTINED = """
UPDATE files f SET state = 'ignored', members_quarantined = 0,
    (reason, message) = (
        SELECT coalesce(fd.reason, d.reason), coalesce(fd.message, d.message)
        FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
        WHERE fd.file_id = f.id ORDER BY fd.position LIMIT 1)
WHERE f.state = 'quarantined' AND f.members > 0
  AND EXISTS (SELECT FROM file_documents fd WHERE fd.file_id = f.id)
  AND NOT EXISTS (
    SELECT FROM file_documents fd LEFT JOIN documents d ON d.id = fd.document_id
    WHERE fd.file_id = f.id AND NOT CASE WHEN d.id IS NOT NULL THEN d.state = 'ignored'
                                         ELSE fd.reason IN {ignored} END)
"""
QUARANTINED_AGAIN = """
UPDATE files f SET state = 'quarantined'
WHERE f.state = 'ignored' AND f.members > 0 AND EXISTS (
    SELECT FROM file_documents fd WHERE fd.file_id = f.id AND fd.document_id IS NULL AND fd.reason IN {ignored})
"""


def upgrade() -> None:
    """Apply the change."""
    op.execute(COUNT_AGAIN.format(ignored=IGNORED, refused=f"fd.reason NOT IN {IGNORED}"))
    op.execute(NOTHING_QUARANTINED.format(ignored=IGNORED))


def downgrade() -> None:
    """Count these members as quarantined again."""
    op.execute(QUARANTINED_AGAIN.format(ignored=IGNORED))
    op.execute(COUNT_AGAIN.format(ignored=IGNORED, refused="true"))

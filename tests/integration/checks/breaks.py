"""For each question: SQL that makes rows which the question must find."""

PETRA = "(SELECT id FROM speakers WHERE name = 'Petra Holt')"
ADNAN = "(SELECT id FROM speakers WHERE name LIKE 'Adnan%')"
BANK = "(SELECT id FROM speakers WHERE name = 'Bank of Norway')"
OLGA = "(SELECT id FROM speakers WHERE name = 'Olga Berg')"
BRIDGE = "(SELECT id FROM quotes WHERE text LIKE 'We will repair%')"
WATER = "(SELECT id FROM quotes WHERE text LIKE 'The water%')"
RATES = "(SELECT id FROM quotes WHERE text LIKE 'Rates%')"
FIRST = "(SELECT min(id) FROM articles)"
LAST = "(SELECT max(id) FROM articles)"
ADD_RUN = f"""
    WITH run AS (
        INSERT INTO reprocess_runs (version_id, selection, state, total)
        SELECT min(id), 'all', 'done', 1 FROM extractor_versions RETURNING id)
    INSERT INTO reprocess_items (run_id, article_id, state, claimed_by) SELECT id, {FIRST}, """
ADD_DOCUMENT = """
    WITH one AS (INSERT INTO documents (sha256, media_type, raw, state, reason, finished_at)
                 VALUES (sha256('new'), 'text/plain', 'new', {}) RETURNING id)
    INSERT INTO file_documents (file_id, position, document_id) SELECT (SELECT min(id) FROM files), 1, id FROM one
"""
MERGE = "INSERT INTO decisions (kind, speaker_id, value, who, reason) SELECT 'merge', {}, {}, 'Ida', 'one person'"
FORGET = """
    WITH d AS (INSERT INTO decisions (kind, value, who, reason) VALUES ('forget', '{{}}', 'Ida', 'asked for it')
               RETURNING id)
    INSERT INTO forgotten (hash, kind, decision_id, removed) SELECT {}, '{}', (SELECT id FROM d), true FROM """

BREAKS: dict[str, tuple[str, ...]] = {
    "file-members": ("UPDATE files SET members = members + 1",),
    "file-counts": ("UPDATE files SET members_stored = members_stored + 1",),
    "file-open-member": (ADD_DOCUMENT.format("'waiting', NULL, NULL"),),
    "file-without-member": (
        "INSERT INTO files (inbox_id, path, shown, state, members) SELECT id, 'a', 'a', 'split', 2 FROM inboxes",
    ),
    "file-state": ("UPDATE files SET state = 'duplicate'",),
    "document-in-no-file": ("DELETE FROM file_documents",),
    "file-claimed": ("UPDATE files SET claimed_by = 1",),
    "document-claimed": ("UPDATE documents SET claimed_by = 1",),
    "rereading-claimed": (f"{ADD_RUN} 'done', 1 FROM run",),
    "rereading-after-end": (f"{ADD_RUN} 'waiting', NULL FROM run",),
    "article-without-source": (f"DELETE FROM article_sources WHERE article_id = {FIRST}",),
    "article-without-stored-document": (f"UPDATE documents SET state = 'duplicate' WHERE article_id = {FIRST}",),
    "article-empty": (f"UPDATE articles SET body_end = body_start WHERE id = {FIRST}",),
    "source-of-another-article": (f"UPDATE article_sources SET article_id = {LAST} WHERE article_id = {FIRST}",),
    "document-without-source": ("DELETE FROM article_sources",),
    "document-without-bytes": ("UPDATE documents SET raw = NULL",),
    "document-bytes-changed": (f"UPDATE documents SET raw = raw || 'x' WHERE article_id = {FIRST}",),
    "article-without-extraction": (f"UPDATE extractions SET current = false WHERE article_id = {FIRST}",),
    "article-hidden": (f"UPDATE articles SET current = false WHERE id = {FIRST}",),
    "item-newest": (
        "WITH i AS (INSERT INTO items (key) VALUES (sha256('item')) RETURNING id)"
        " INSERT INTO item_versions (document_id, item_id, withdrawn)"
        " SELECT (SELECT min(id) FROM documents), id, false FROM i",
    ),
    "article-withdrawn-but-shown": (
        "WITH i AS (INSERT INTO items (key, newest) SELECT sha256('item'), min(id) FROM documents RETURNING id, newest)"
        " INSERT INTO item_versions (document_id, item_id, withdrawn) SELECT newest, id, true FROM i",
    ),
    "story-without-article": (
        "WITH s AS (INSERT INTO stories DEFAULT VALUES RETURNING id)"
        " INSERT INTO fingerprints (hash, story_id) SELECT 42, id FROM s",
    ),
    "fingerprint-without-story": ("INSERT INTO fingerprints (hash, story_id) VALUES (42, 99999)",),
    "fingerprint-without-article": ("INSERT INTO fingerprints (hash, story_id) SELECT 42, min(id) FROM stories",),
    "story-without-fingerprint": ("DELETE FROM fingerprints WHERE story_id = (SELECT min(id) FROM stories)",),
    "forgotten-but-stored": (FORGET.format("canonical_hash", "text") + f"articles WHERE id = {FIRST}",),
    "forgotten-outlet-but-stored": (
        FORGET.format("sha256(convert_to('outlet:' || key, 'UTF8'))", "outlet") + "outlets",
    ),
    "forgotten-but-kept": (ADD_DOCUMENT.format("'ignored', 'forgotten', now()"),),
    "quote-of-old-extraction": (
        "WITH old AS (INSERT INTO extractions (article_id, version_id, current, quotes, milliseconds)"
        f" SELECT {FIRST}, min(id), false, 0, 1 FROM extractor_versions RETURNING id)"
        f" UPDATE quotes SET extraction_id = (SELECT id FROM old) WHERE id = {BRIDGE}",
    ),
    "extraction-count": ("UPDATE extractions SET quotes = quotes + 1",),
    "quote-in-another-language": (f"UPDATE quotes SET language = 'eo' WHERE id = {BRIDGE}",),
    "quote-inside-old-quote": (f"UPDATE quotes SET inside = {WATER} WHERE id = {BRIDGE}",),
    "quote-inside-itself": (f"UPDATE quotes SET inside = id WHERE id = {BRIDGE}",),
    "quote-without-statement": (f"UPDATE quotes SET statement_id = NULL WHERE id = {BRIDGE}",),
    "statement-of-another-speaker": (
        f"UPDATE statements SET owner = {BANK} WHERE owner = {PETRA}",
        f"UPDATE statement_keys SET owner = {BANK} WHERE owner = {PETRA}",
    ),
    "statement-without-quote": (f"INSERT INTO statements (owner, text) SELECT {PETRA}, 'Left over'",),
    "statement-with-other-words": ("UPDATE statements SET text = 'Made up by nobody'",),
    "statement-without-speaker": (f"UPDATE statements SET owner = 99999 WHERE owner = {PETRA}",),
    "statement-without-story": ("UPDATE statements SET owner = -99999 WHERE owner < 0",),
    "statement-without-key": (f"DELETE FROM statement_keys WHERE owner = {PETRA}",),
    "key-without-statement": (f"INSERT INTO statement_keys (owner, hash, statement_id) SELECT {PETRA}, 42, 99999",),
    "key-of-another-speaker": (f"UPDATE statement_keys SET owner = {BANK} WHERE owner = {PETRA}",),
    "merged-twice": (
        f"UPDATE speakers SET merged_into = {ADNAN} WHERE id = {BANK}",
        f"UPDATE speakers SET merged_into = {BANK} WHERE id = {ADNAN}",
    ),
    "merge-not-in-force": (MERGE.format(ADNAN, f"jsonb_build_object('into', {PETRA})"),),
    "merged-without-decision": (f"UPDATE speakers SET merged_into = {PETRA} WHERE id = {ADNAN}",),
    "list-without-import": (
        "WITH listed AS (INSERT INTO listed_speakers (identity, name) VALUES ('Q1', 'Petra Holt') RETURNING id)"
        " INSERT INTO list_rows (decision_id, line, listed_id, name, digest)"
        " SELECT (SELECT min(id) FROM decisions WHERE kind = 'no_speaker'), 2, id, 'Petra Holt', 'x' FROM listed",
    ),
    "name-count": ("UPDATE speaker_names SET articles = articles + 1",),
    "name-missing": (f"DELETE FROM speaker_names WHERE speaker_id = {PETRA}",),
    "speaker-without-key": (f"DELETE FROM speaker_keys WHERE speaker_id = {PETRA}",),
    "speaker-beside-choice": (
        "INSERT INTO quote_speakers (quote_id, speaker_id, position, name, evidence, confidence)"
        f" SELECT {WATER}, {ADNAN}, 1, 'Adnan Dhiyab al-Sarraf', 'full name', 0.9",
    ),
    "choice-not-in-force": (f"DELETE FROM quote_speakers WHERE quote_id = {WATER}",),
    "no-speaker-not-in-force": (
        "INSERT INTO quote_speakers (quote_id, speaker_id, name, evidence, confidence)"
        f" SELECT {RATES}, {BANK}, 'Bank of Norway', 'full name', 0.9",
    ),
    "choice-without-decision": (
        "INSERT INTO decisions (kind, undoes, who, reason)"
        " SELECT 'undo', id, 'Ida', 'not so' FROM decisions WHERE kind = 'set_speaker'",
    ),
    "rejection-not-in-force": ("UPDATE quotes SET rejected = false WHERE rejected",),
    "acceptance-not-in-force": ("UPDATE quotes SET accepted = false WHERE accepted",),
    "accepted-without-decision": (f"UPDATE quotes SET accepted = true WHERE id = {BRIDGE}",),
    "rejected-without-decision": (f"UPDATE quotes SET rejected = true WHERE id = {BRIDGE}",),
    "undoing-undone": (
        "WITH undoing AS (INSERT INTO decisions (kind, undoes, who, reason)"
        " SELECT 'undo', min(id), 'Ida', 'not so' FROM decisions WHERE kind = 'no_speaker' RETURNING id)"
        " INSERT INTO decisions (kind, undoes, who, reason) SELECT 'undo', id, 'Ida', 'so after all' FROM undoing",
    ),
    "quote-untold": ("DELETE FROM change_marks",),
    "proposal-without-speaker": (
        "INSERT INTO speaker_names (speaker_id, name, status, evidence, confidence)"
        f" SELECT {PETRA}, 'P. Holt', 'proposed', 'initial', 0.5",
    ),
    "speaker-without-quote": (
        "WITH s AS (INSERT INTO speakers (name, kind) VALUES ('Nobody Now', 'person') RETURNING id)"
        " INSERT INTO speaker_names (speaker_id, name, evidence, confidence) SELECT id, 'Nobody Now', 'a', 1 FROM s",
    ),
    "name-without-quote": (
        "INSERT INTO speakers (name, kind) VALUES ('Olga Berg', 'person')",
        "INSERT INTO quote_speakers (quote_id, speaker_id, position, name, evidence, confidence)"
        f" SELECT {BRIDGE}, {OLGA}, 1, 'Olga Berg', 'full name', 0.9",
        f"INSERT INTO speaker_names (speaker_id, name, evidence, confidence) SELECT {OLGA}, 'O. Berg', 'initial', 0.9",
    ),
    "index-invalid": ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_quotes_search'::regclass",),
    "constraint-not-checked": ("ALTER TABLE quotes ADD CONSTRAINT short CHECK (length(text) < 10) NOT VALID",),
    "reader-sees-tables": (
        "GRANT USAGE ON SCHEMA public TO onrecord_reader",
        "GRANT SELECT ON decisions TO onrecord_reader",
    ),
    "reader-misses-views": ("REVOKE SELECT ON report.quotes FROM onrecord_reader",),
    "quote-place": (f"UPDATE quotes SET text = 'We will never repair it.' WHERE id = {BRIDGE}",),
    "article-hash": (f"UPDATE articles SET canonical_hash = sha256('other') WHERE id = {FIRST}",),
    "article-sketch": (f"UPDATE articles SET sketch = '{{1,2,3}}' WHERE id = {FIRST}",),
}
"""By the name of a question; it must find at least the rows that these statements change."""

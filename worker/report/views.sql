-- The schema `report`: each view with its comments, and the search over quotes.
--
-- worker/report/views.py drops all of it and runs this file whenever the database holds another version.
-- Scalar subqueries in a select list cost nothing in queries that do not name the column.
--
-- A quote is *shown* if a person accepted it, or if its confidence reaches the floor: the one row of
-- `confidence_floor`. A query reads that row once. Where there is no row, the floor is 0.5.

CREATE VIEW report.files (inbox, file, state, reason, message, sha256, size, members, members_stored,
    members_duplicate, members_quarantined, duplicate_of, attempts, first_seen, finished_at, current) AS
SELECT i.name, f.shown, f.state, f.reason, f.message, encode(f.sha256, 'hex'), f.size,
       f.members, f.members_stored, f.members_duplicate, f.members_quarantined,
       (SELECT o.shown FROM files o WHERE o.id = f.duplicate_of), f.attempt, f.first_seen, f.finished_at, f.current
FROM files f JOIN inboxes i ON i.id = f.inbox_id;

COMMENT ON VIEW report.files IS
    'One row a content seen at a path: everything that was ever dropped, and what became of it.';
COMMENT ON COLUMN report.files.inbox IS 'The folder it was dropped in.';
COMMENT ON COLUMN report.files.file IS 'Path below the folder; bytes that are not UTF-8 as \xNN.';
COMMENT ON COLUMN report.files.state IS 'waiting, reading, split, stored, duplicate, quarantined or ignored.';
COMMENT ON COLUMN report.files.reason IS 'Reason code of a quarantined or ignored file.';
COMMENT ON COLUMN report.files.message IS 'What happened and what to do.';
COMMENT ON COLUMN report.files.sha256 IS 'SHA-256 of its bytes, in hexadecimal.';
COMMENT ON COLUMN report.files.size IS 'Bytes.';
COMMENT ON COLUMN report.files.members IS 'Articles and refused members found in it.';
COMMENT ON COLUMN report.files.members_stored IS 'Members that gave a new article.';
COMMENT ON COLUMN report.files.members_duplicate IS 'Members whose text was there already.';
COMMENT ON COLUMN report.files.members_quarantined IS 'Members that are quarantined.';
COMMENT ON COLUMN report.files.duplicate_of IS 'The first file with the same bytes or text.';
COMMENT ON COLUMN report.files.attempts IS 'How often it was claimed; 1,000 more if it was open when a backup was restored.';
COMMENT ON COLUMN report.files.first_seen IS 'When it was first noticed.';
COMMENT ON COLUMN report.files.finished_at IS 'When it reached its terminal state.';
COMMENT ON COLUMN report.files.current IS 'The newest content at this path; false: an older version of the file.';

CREATE VIEW report.members (inbox, file, member, position, state, reason, message, article_id) AS
SELECT i.name, f.shown, fd.member, fd.position,
       coalesce(d.state, CASE WHEN fd.reason IN ('forgotten', 'no_article', 'not_regular', 'pattern', 'symlink',
           'unsupported_type', 'vanished') THEN 'ignored' ELSE 'quarantined' END),
       coalesce(fd.reason, d.reason), coalesce(fd.message, d.message), d.article_id
FROM file_documents fd
JOIN files f ON f.id = fd.file_id
JOIN inboxes i ON i.id = f.inbox_id
LEFT JOIN documents d ON d.id = fd.document_id;

COMMENT ON VIEW report.members IS 'One row an article (or refused member) at its place in a file.';
COMMENT ON COLUMN report.members.inbox IS 'The folder.';
COMMENT ON COLUMN report.members.file IS 'The file.';
COMMENT ON COLUMN report.members.member IS 'The member''s name in it: a path, or a line number; null: the file itself.';
COMMENT ON COLUMN report.members.position IS 'Its place in the file, from 0.';
COMMENT ON COLUMN report.members.state IS 'waiting, working, stored, duplicate, quarantined or ignored.';
COMMENT ON COLUMN report.members.reason IS 'Reason code of a member that gave no article.';
COMMENT ON COLUMN report.members.message IS 'What happened and what to do.';
COMMENT ON COLUMN report.members.article_id IS 'The article it gave or joined.';

CREATE VIEW report.articles (article_id, title, text, body_start, body_end, outlet, url, published_at,
    date_source, language, licence, story_id, sources, first_file, stored_at, warnings, authors, section, wire,
    identifier) AS
SELECT a.id, a.title, a.text, a.body_start, a.body_end, o.name, a.url, a.published_at, a.date_source,
       a.language, a.licence, a.story_id,
       (SELECT count(*) FROM article_sources s WHERE s.article_id = a.id),
       (SELECT f.shown FROM article_sources s
          JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
         WHERE s.article_id = a.id ORDER BY f.id LIMIT 1),
       a.stored_at, a.warnings, a.authors,
       (SELECT s.section FROM article_sources s WHERE s.article_id = a.id AND s.section IS NOT NULL
         ORDER BY s.document_id LIMIT 1),
       (SELECT s.wire FROM article_sources s WHERE s.article_id = a.id AND s.wire IS NOT NULL
         ORDER BY s.document_id LIMIT 1),
       (SELECT s.identifier FROM article_sources s WHERE s.article_id = a.id AND s.identifier IS NOT NULL
         ORDER BY s.document_id LIMIT 1)
FROM articles a LEFT JOIN outlets o ON o.id = a.outlet_id
WHERE a.current;

COMMENT ON VIEW report.articles IS 'One row a distinct text.';
COMMENT ON COLUMN report.articles.article_id IS 'Number of the article.';
COMMENT ON COLUMN report.articles.title IS 'Headline.';
COMMENT ON COLUMN report.articles.text IS 'The text as decoded; offsets count its code points.';
COMMENT ON COLUMN report.articles.body_start IS 'Where the body starts, after title, by-line and dateline.';
COMMENT ON COLUMN report.articles.body_end IS 'Where the body ends, before the trailer.';
COMMENT ON COLUMN report.articles.outlet IS 'Publisher, as first found.';
COMMENT ON COLUMN report.articles.url IS 'Address, as first found.';
COMMENT ON COLUMN report.articles.published_at IS 'When it was published; null when the article does not say.';
COMMENT ON COLUMN report.articles.date_source IS 'Where the date was found; ''no zone'': read as UTC.';
COMMENT ON COLUMN report.articles.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN report.articles.licence IS 'The licence sentence it carries.';
COMMENT ON COLUMN report.articles.story_id IS 'Near-duplicates share a story.';
COMMENT ON COLUMN report.articles.sources IS 'Documents that carried this text.';
COMMENT ON COLUMN report.articles.first_file IS 'The first file it came in.';
COMMENT ON COLUMN report.articles.stored_at IS 'When it was stored.';
COMMENT ON COLUMN report.articles.warnings IS
    'What reading the file had to mend, guess or leave out; empty: nothing.';
COMMENT ON COLUMN report.articles.authors IS 'Authors, as first found.';
COMMENT ON COLUMN report.articles.section IS 'Section of the paper, of the first source that names one.';
COMMENT ON COLUMN report.articles.wire IS
    'News agency that the text is from (''AP''), by dateline, id, by-line, credit or rights; null: the outlet''s own.';
COMMENT ON COLUMN report.articles.identifier IS
    'Id that an agency or a database gave it, of the first source that has one; report.sources has all.';

CREATE VIEW report.sources (article_id, outlet, url, title, authors, published_at, date_source, inbox, file,
    member, format, identifier, revision, section, wire) AS
SELECT s.article_id, o.name, s.url, s.title, s.authors, s.published_at, s.date_source, i.name, f.shown,
       fd.member, s.format, s.identifier, s.revision, s.section, s.wire
FROM article_sources s
JOIN articles a ON a.id = s.article_id AND a.current
JOIN file_documents fd ON fd.document_id = s.document_id
JOIN files f ON f.id = fd.file_id
JOIN inboxes i ON i.id = f.inbox_id
LEFT JOIN outlets o ON o.id = s.outlet_id;

COMMENT ON VIEW report.sources IS 'One row a place an article was found in; exact syndication keeps every outlet.';
COMMENT ON COLUMN report.sources.article_id IS 'The article.';
COMMENT ON COLUMN report.sources.outlet IS 'Publisher found there.';
COMMENT ON COLUMN report.sources.url IS 'Address found there.';
COMMENT ON COLUMN report.sources.title IS 'Headline found there.';
COMMENT ON COLUMN report.sources.authors IS 'Authors found there.';
COMMENT ON COLUMN report.sources.published_at IS 'Date found there.';
COMMENT ON COLUMN report.sources.date_source IS 'Where the date was found; ''no zone'': read as UTC.';
COMMENT ON COLUMN report.sources.inbox IS 'The folder.';
COMMENT ON COLUMN report.sources.file IS 'The file, by its path below the folder.';
COMMENT ON COLUMN report.sources.member IS 'Its place in the file: a path, or a line number; null: the file itself.';
COMMENT ON COLUMN report.sources.format IS
    'Database that it was exported from (''Nexis Uni''), else the format it came in (''HTML page'').';
COMMENT ON COLUMN report.sources.identifier IS 'Id that an agency or a database gave it there.';
COMMENT ON COLUMN report.sources.revision IS 'Number or time of this version of the agency''s item.';
COMMENT ON COLUMN report.sources.section IS 'Section of the paper, as named there.';
COMMENT ON COLUMN report.sources.wire IS 'News agency that it is from, as far as it says so there.';

CREATE VIEW report.withdrawals (identifier, revision, what, title, outlet, article_id, reported, inbox, file, member,
    by_revision, by_inbox, by_file, by_member, at) AS
SELECT s.identifier, v.revision, CASE WHEN n.withdrawn THEN 'withdrawn' ELSE 'replaced' END, s.title, o.name,
       d.article_id, coalesce((SELECT a.current FROM articles a WHERE a.id = d.article_id), false), i.name, f.shown,
       fd.member, n.revision, b.inbox, b.file, b.member, nd.finished_at
FROM item_versions v
JOIN items t ON t.id = v.item_id
JOIN item_versions n ON n.document_id = t.newest AND (n.withdrawn OR n.document_id <> v.document_id)
JOIN documents d ON d.id = v.document_id
JOIN documents nd ON nd.id = n.document_id
JOIN file_documents fd ON fd.document_id = d.id
JOIN files f ON f.id = fd.file_id
JOIN inboxes i ON i.id = f.inbox_id
LEFT JOIN article_sources s ON s.document_id = d.id
LEFT JOIN outlets o ON o.id = s.outlet_id
LEFT JOIN LATERAL (
    SELECT bi.name AS inbox, bf.shown AS file, bd.member FROM file_documents bd
      JOIN files bf ON bf.id = bd.file_id JOIN inboxes bi ON bi.id = bf.inbox_id
     WHERE bd.document_id = n.document_id ORDER BY bf.id, bd.position LIMIT 1) b ON true
WHERE d.state IN ('stored', 'duplicate');

COMMENT ON VIEW report.withdrawals IS
    'One row a version of an agency''s item that the reports leave out: the agency withdrew the item, or replaced it.';
COMMENT ON COLUMN report.withdrawals.identifier IS 'Id of the item, as this version gives it.';
COMMENT ON COLUMN report.withdrawals.revision IS 'Number or time of this version; null: it has none.';
COMMENT ON COLUMN report.withdrawals.what IS
    'withdrawn: the agency withdrew the item; replaced: the reports show a later version.';
COMMENT ON COLUMN report.withdrawals.title IS 'Headline of this version.';
COMMENT ON COLUMN report.withdrawals.outlet IS 'Publisher named in this version.';
COMMENT ON COLUMN report.withdrawals.article_id IS 'Article with the text of this version.';
COMMENT ON COLUMN report.withdrawals.reported IS
    'Whether that article is in the reports all the same, because another source has the same text.';
COMMENT ON COLUMN report.withdrawals.inbox IS 'Folder of this version.';
COMMENT ON COLUMN report.withdrawals.file IS 'File of this version.';
COMMENT ON COLUMN report.withdrawals.member IS 'Its place in the file; null: the file itself.';
COMMENT ON COLUMN report.withdrawals.by_revision IS 'Revision of the newest version, which withdraws or replaces it.';
COMMENT ON COLUMN report.withdrawals.by_inbox IS 'Folder of the newest version.';
COMMENT ON COLUMN report.withdrawals.by_file IS 'File of the newest version.';
COMMENT ON COLUMN report.withdrawals.by_member IS 'Its place in that file; null: the file itself.';
COMMENT ON COLUMN report.withdrawals.at IS 'When the newest version was stored.';

CREATE VIEW report.versions (item_id, identifier, revision, what, article_id, reported, title, outlet, inbox, file,
    member, at) AS
SELECT v.item_id, s.identifier, v.revision,
       CASE WHEN v.withdrawn THEN 'withdrawal' WHEN n.withdrawn THEN 'withdrawn'
            WHEN t.newest = v.document_id THEN 'newest' ELSE 'replaced' END,
       d.article_id, coalesce((SELECT a.current FROM articles a WHERE a.id = d.article_id), false), s.title, o.name,
       i.name, f.shown, fd.member, d.finished_at
FROM item_versions v
JOIN items t ON t.id = v.item_id
JOIN item_versions n ON n.document_id = t.newest
JOIN documents d ON d.id = v.document_id
JOIN file_documents fd ON fd.document_id = d.id
JOIN files f ON f.id = fd.file_id
JOIN inboxes i ON i.id = f.inbox_id
LEFT JOIN article_sources s ON s.document_id = d.id
LEFT JOIN outlets o ON o.id = s.outlet_id
WHERE d.state IN ('stored', 'duplicate');

COMMENT ON VIEW report.versions IS 'One row a place at which a version of an agency''s item was found.';
COMMENT ON COLUMN report.versions.item_id IS 'Number of the item; all its versions share it.';
COMMENT ON COLUMN report.versions.identifier IS 'Id of the item, as this version gives it.';
COMMENT ON COLUMN report.versions.revision IS 'Number or time of this version; null: it has none.';
COMMENT ON COLUMN report.versions.what IS
    'newest: the reports show it; replaced, withdrawn: they do not; withdrawal: it withdraws the item.';
COMMENT ON COLUMN report.versions.article_id IS 'Article with the text of this version.';
COMMENT ON COLUMN report.versions.reported IS 'Whether that article is in the reports.';
COMMENT ON COLUMN report.versions.title IS 'Headline of this version.';
COMMENT ON COLUMN report.versions.outlet IS 'Publisher named in this version.';
COMMENT ON COLUMN report.versions.inbox IS 'Folder of this version.';
COMMENT ON COLUMN report.versions.file IS 'File of this version.';
COMMENT ON COLUMN report.versions.member IS 'Its place in the file; null: the file itself.';
COMMENT ON COLUMN report.versions.at IS 'When it was stored.';

CREATE VIEW report.quote_speakers (quote_id, speaker_id, speaker, position, named, evidence, confidence,
    by_hand) AS
SELECT qs.quote_id, r.id, r.name, qs.position, qs.name, qs.evidence, qs.confidence, qs.by_hand
FROM quote_speakers qs
JOIN speakers s ON s.id = qs.speaker_id
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
    AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
JOIN articles a ON a.id = q.article_id AND a.current;

COMMENT ON VIEW report.quote_speakers IS 'One row a speaker of a current quote; a joint source has several.';
COMMENT ON COLUMN report.quote_speakers.quote_id IS 'The quote.';
COMMENT ON COLUMN report.quote_speakers.speaker_id IS 'The speaker, after merges.';
COMMENT ON COLUMN report.quote_speakers.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.quote_speakers.position IS 'Order in a joint source, from 0.';
COMMENT ON COLUMN report.quote_speakers.named IS 'The full name in that article.';
COMMENT ON COLUMN report.quote_speakers.evidence IS 'The rule that decided.';
COMMENT ON COLUMN report.quote_speakers.confidence IS 'How sure that rule is, 0 to 1.';
COMMENT ON COLUMN report.quote_speakers.by_hand IS 'Decided by a person.';

CREATE VIEW report.all_quotes (quote_id, kind, quote, speaker, source_text, source_kind, cue, confidence,
    article_id, title, outlet, url, published_at, inbox, file, start_char, end_char, statement_id, story_id,
    extractor, extracted_at, denied, accepted, context_before, context_after, language, authors, link, wire, by_hand,
    section, speaks_for) AS
SELECT q.id, q.kind, q.text,
       (SELECT string_agg(r.name, ' & ' ORDER BY qs.position, r.name)
          FROM quote_speakers qs JOIN speakers s ON s.id = qs.speaker_id
          JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
         WHERE qs.quote_id = q.id),
       q.source_text, q.source_kind, q.cue, q.confidence, a.id, a.title, o.name, a.url, a.published_at,
       (SELECT i.name FROM article_sources s
          JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
          JOIN inboxes i ON i.id = f.inbox_id WHERE s.article_id = a.id
         ORDER BY (f.current AND f.missing_since IS NULL AND f.after_done_at IS NULL) DESC, f.id LIMIT 1),
       (SELECT f.shown FROM article_sources s
          JOIN file_documents fd ON fd.document_id = s.document_id JOIN files f ON f.id = fd.file_id
         WHERE s.article_id = a.id
         ORDER BY (f.current AND f.missing_since IS NULL AND f.after_done_at IS NULL) DESC, f.id LIMIT 1),
       q.start_char, q.end_char, q.statement_id, a.story_id, CASE WHEN q.added THEN 'a person' ELSE v.name END,
       e.extracted_at,
       q.denied, q.accepted,
       CASE WHEN q.context_start IS NOT NULL THEN
           substr(a.text, greatest(q.context_start, q.start_char - 300) + 1, least(q.start_char - q.context_start, 300))
       END,
       CASE WHEN q.context_end IS NOT NULL THEN
           substr(a.text, q.end_char + 1, least(q.context_end - q.end_char, 300))
       END,
       a.language, a.authors,
       -- As https://wicg.github.io/scroll-to-text-fragment/ says: the first part whole, or its first and last words with a
       -- comma between. Whole words must stand in one block of the page, so what goes over lines is never written whole,
       -- and the first words are of the first line. Words of letters, digits and ._~ stay as they are; of others,
       -- each other character is encoded.
       (SELECT split_part(a.url, ':~:', 1) || CASE WHEN strpos(split_part(a.url, ':~:', 1), '#') = 0 THEN '#' ELSE '' END
               || ':~:text='
               || replace(string_agg(
                      CASE WHEN word ~ '^[A-Za-z0-9._~]+$' THEN word WHEN word = E'\n' THEN ','
                           ELSE (SELECT string_agg(
                                     CASE WHEN sign ~ '[A-Za-z0-9._~]' THEN sign
                                          ELSE regexp_replace(
                                              upper(encode(convert_to(sign, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END,
                                     '' ORDER BY number)
                                 FROM string_to_table(word, NULL) WITH ORDINALITY AS c (sign, number)) END,
                      '%20' ORDER BY place), '%20,%20', ',')
          FROM (SELECT btrim(left(q.text, q.parts[2] - q.start_char), E' \t\r\n') AS said) p
          CROSS JOIN string_to_table(
              CASE WHEN length(said) <= 60 AND said !~ '[\n\r]' THEN regexp_replace(said, '\s+', ' ', 'g')
                   ELSE regexp_replace(substring(left(said, 100) from '^\S+(?:[^\S\n\r]+\S+){0,4}'), '\s+', ' ', 'g')
                        || E' \n '
                        || regexp_replace(substring(right(said, 100) from '\S+(?:[^\S\n\r]+\S+){0,4}$'), '\s+', ' ', 'g')
                   END, ' ')
              WITH ORDINALITY AS r (word, place)),
       (SELECT s.wire FROM article_sources s WHERE s.article_id = a.id AND s.wire IS NOT NULL
         ORDER BY s.document_id LIMIT 1),
       q.added OR q.read_as IS NOT NULL,
       (SELECT s.section FROM article_sources s WHERE s.article_id = a.id AND s.section IS NOT NULL
         ORDER BY s.document_id LIMIT 1),
       CASE WHEN q.source_kind = 'unnamed' THEN q.speaks_for END
FROM quotes q
JOIN articles a ON a.id = q.article_id
JOIN extractions e ON e.id = q.extraction_id
JOIN extractor_versions v ON v.id = e.version_id
LEFT JOIN outlets o ON o.id = a.outlet_id
WHERE q.current AND NOT q.rejected AND a.current;

CREATE VIEW report.quotes AS
SELECT q.* FROM report.all_quotes q
WHERE q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5);

CREATE VIEW report.candidates AS
SELECT q.* FROM report.all_quotes q
WHERE NOT q.accepted AND q.confidence < coalesce((SELECT least_confidence FROM confidence_floor), 0.5);

COMMENT ON VIEW report.quotes IS 'One row a shown quote: who said what, where and when.';
COMMENT ON COLUMN report.quotes.quote_id IS 'Number of the quote; kept by re-processing while the quotation stays.';
COMMENT ON COLUMN report.quotes.kind IS 'direct, mixed or indirect.';
COMMENT ON COLUMN report.quotes.quote IS 'The words; parts of an interrupted quotation joined by a space.';
COMMENT ON COLUMN report.quotes.speaker IS
    'Canonical name; null when unknown or unnamed; joint ones joined by '' & ''.';
COMMENT ON COLUMN report.quotes.source_text IS 'The words in the article that name the source (''the minister'').';
COMMENT ON COLUMN report.quotes.source_kind IS 'person, body, unnamed or none.';
COMMENT ON COLUMN report.quotes.cue IS 'The reporting words (''said'').';
COMMENT ON COLUMN report.quotes.confidence IS 'How sure the extractor is, 0 to 1.';
COMMENT ON COLUMN report.quotes.article_id IS 'The article.';
COMMENT ON COLUMN report.quotes.title IS 'Its headline.';
COMMENT ON COLUMN report.quotes.outlet IS 'Its publisher.';
COMMENT ON COLUMN report.quotes.url IS 'Its address.';
COMMENT ON COLUMN report.quotes.published_at IS 'When it was published; null when the article does not say.';
COMMENT ON COLUMN report.quotes.inbox IS 'The folder of the earliest file that is still there.';
COMMENT ON COLUMN report.quotes.file IS 'That file''s path below its folder.';
COMMENT ON COLUMN report.quotes.start_char IS 'First code point in the article''s text, from 0.';
COMMENT ON COLUMN report.quotes.end_char IS 'After the last code point.';
COMMENT ON COLUMN report.quotes.statement_id IS 'The same thing said shares a statement, wherever it was printed.';
COMMENT ON COLUMN report.quotes.story_id IS 'Near-duplicates share a story.';
COMMENT ON COLUMN report.quotes.extractor IS 'The extractor that found it; ''a person'': none reads it.';
COMMENT ON COLUMN report.quotes.extracted_at IS 'When it was extracted.';
COMMENT ON COLUMN report.quotes.denied IS
    'The cue turns the sense: denied, refused, never said. The source did not say this.';
COMMENT ON COLUMN report.quotes.accepted IS
    'A person said that it is a quotation, or who said it; shown whatever its confidence is.';
COMMENT ON COLUMN report.quotes.context_before IS
    'The text before it, from the start of the sentence before; at most 300 code points.';
COMMENT ON COLUMN report.quotes.context_after IS
    'The text after it, to the end of the sentence after; at most 300 code points.';
COMMENT ON COLUMN report.quotes.language IS 'ISO 639-1 code of the article''s language.';
COMMENT ON COLUMN report.quotes.authors IS 'The article''s authors.';
COMMENT ON COLUMN report.quotes.link IS
    'The address with a text fragment: a browser goes to the words; null without an address.';
COMMENT ON COLUMN report.quotes.wire IS 'News agency that the text is from (''AP''); null: the outlet''s own.';
COMMENT ON COLUMN report.quotes.by_hand IS 'A person marked these words: they were missed, or began or ended elsewhere.';
COMMENT ON COLUMN report.quotes.section IS 'Section of the paper, of the first source that names one.';
COMMENT ON COLUMN report.quotes.speaks_for IS
    'The body or person, as the article names it, for whom an unnamed source speaks or works: ''a spokesman for …''.';

COMMENT ON VIEW report.candidates IS
    'One row a quote whose confidence is below the floor; `onrecord quotes accept ID` shows it in quotes.';
COMMENT ON VIEW report.all_quotes IS 'The rows of quotes and of candidates together.';

CREATE VIEW report.statements (statement_id, statement, speaker, quotes, articles, stories, outlets,
    first_day, last_day, cues, denied) AS
SELECT st.id, regexp_replace(st.text, '^¬ ', ''), -- the sign says that it was denied
       (SELECT r.name FROM speakers s JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
         WHERE s.id = st.owner),
       count(*), count(DISTINCT q.article_id), count(DISTINCT a.story_id),
       (SELECT count(DISTINCT s.outlet_id) FROM article_sources s WHERE s.article_id = ANY (array_agg(a.id))),
       min(coalesce(a.published_at, a.stored_at)), max(coalesce(a.published_at, a.stored_at)),
       array_remove(array_agg(DISTINCT q.cue), NULL), count(*) FILTER (WHERE q.denied)
FROM statements st
JOIN quotes q ON q.statement_id = st.id AND q.current AND NOT q.rejected
    AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
JOIN articles a ON a.id = q.article_id AND a.current
GROUP BY st.id;

COMMENT ON VIEW report.statements IS 'One row a thing said, wherever it was printed.';
COMMENT ON COLUMN report.statements.statement_id IS 'Number of the statement.';
COMMENT ON COLUMN report.statements.statement IS 'Its words, as first stored; said and denied are two statements.';
COMMENT ON COLUMN report.statements.speaker IS 'Canonical name; null for a source without a name.';
COMMENT ON COLUMN report.statements.quotes IS 'Times printed.';
COMMENT ON COLUMN report.statements.articles IS 'Articles that print it.';
COMMENT ON COLUMN report.statements.stories IS 'Stories that print it.';
COMMENT ON COLUMN report.statements.outlets IS 'Outlets that print it, exact syndication included.';
COMMENT ON COLUMN report.statements.first_day IS 'First printed (publication date, else when stored).';
COMMENT ON COLUMN report.statements.last_day IS 'Last printed.';
COMMENT ON COLUMN report.statements.cues IS 'The reporting words of its quotes (''said'', ''denied'').';
COMMENT ON COLUMN report.statements.denied IS 'Times printed as something that the source denied or did not say.';

CREATE VIEW report.speakers (speaker_id, speaker, kind, quotes, statements, articles, names, first_day,
    last_day, qid, role) AS
SELECT r.id, r.name, r.kind, count(DISTINCT q.id), count(DISTINCT q.statement_id),
       count(DISTINCT q.article_id),
       (SELECT array_agg(DISTINCT n.name ORDER BY n.name) FROM speaker_names n
          JOIN speakers m ON m.id = n.speaker_id
         WHERE coalesce(m.merged_into, m.id) = r.id AND n.status = 'joined' AND n.articles > 0),
       min(coalesce(a.published_at, a.stored_at)), max(coalesce(a.published_at, a.stored_at)),
       (SELECT l.qid FROM speaker_names n JOIN listed_speakers l ON l.id = n.listed_id
         WHERE n.speaker_id IN (SELECT r.id UNION ALL SELECT m.id FROM speakers m WHERE m.merged_into = r.id)
           AND n.status = 'joined' AND l.qid IS NOT NULL
         ORDER BY l.id LIMIT 1),
       (SELECT string_agg(DISTINCT w.role, '; ' ORDER BY w.role)
          FROM speaker_names n JOIN list_rows w ON w.listed_id = n.listed_id
         WHERE n.speaker_id IN (SELECT r.id UNION ALL SELECT m.id FROM speakers m WHERE m.merged_into = r.id)
           AND n.status = 'joined')
FROM quote_speakers qs
JOIN speakers s ON s.id = qs.speaker_id
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
    AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
JOIN articles a ON a.id = q.article_id AND a.current
GROUP BY r.id;

COMMENT ON VIEW report.speakers IS 'One row a speaker with at least one current quote.';
COMMENT ON COLUMN report.speakers.speaker_id IS 'Number of the speaker.';
COMMENT ON COLUMN report.speakers.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.speakers.kind IS 'person or body.';
COMMENT ON COLUMN report.speakers.quotes IS 'Quotes printed.';
COMMENT ON COLUMN report.speakers.statements IS 'Statements said.';
COMMENT ON COLUMN report.speakers.articles IS 'Articles that quote the speaker.';
COMMENT ON COLUMN report.speakers.names IS 'Every form of the name seen, in candidates, too.';
COMMENT ON COLUMN report.speakers.first_day IS 'First quoted (publication date, else when stored).';
COMMENT ON COLUMN report.speakers.last_day IS 'Last quoted.';
COMMENT ON COLUMN report.speakers.qid IS 'Number at Wikidata, from an imported list; null: none given.';
COMMENT ON COLUMN report.speakers.role IS 'Roles from imported lists, divided by semicolons; null: none given.';

CREATE VIEW report.speaker_names (speaker_id, speaker, name, status, other_id, other, articles, evidence,
    confidence) AS
SELECT r.id, r.name, n.name, n.status, p.id, p.name, n.articles,
       CASE WHEN n.listed_id IS NULL THEN n.evidence ELSE 'a name in an imported list' END, n.confidence
FROM speaker_names n
JOIN speakers s ON s.id = n.speaker_id
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
LEFT JOIN (speakers o JOIN speakers p ON p.id = coalesce(o.merged_into, o.id)) ON o.id = n.other_id;

COMMENT ON VIEW report.speaker_names IS
    'One row a form of a speaker''s name, with the reason it was joined; also joins that are only proposed.';
COMMENT ON COLUMN report.speaker_names.speaker_id IS 'The speaker, after merges.';
COMMENT ON COLUMN report.speaker_names.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.speaker_names.name IS 'This form of it; null for a refused join.';
COMMENT ON COLUMN report.speaker_names.status IS 'joined, proposed, or refused by a person.';
COMMENT ON COLUMN report.speaker_names.other_id IS 'Of a proposed join: the speaker that may be the same.';
COMMENT ON COLUMN report.speaker_names.other IS 'That speaker''s canonical name.';
COMMENT ON COLUMN report.speaker_names.articles IS 'Articles that use this form; candidates count, too.';
COMMENT ON COLUMN report.speaker_names.evidence IS 'Why it was joined or proposed.';
COMMENT ON COLUMN report.speaker_names.confidence IS 'How sure that is, 0 to 1.';

CREATE VIEW report.speaker_aliases (speaker_id, alias, decision_id, by_list) AS
SELECT DISTINCT r.id, a.name, w.decision_id, NOT jsonb_exists(d.value, 'name')
FROM speaker_names n
JOIN speakers s ON s.id = n.speaker_id
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
JOIN list_rows w ON w.listed_id = n.listed_id
JOIN list_names a ON a.row_id = w.id AND a.name <> w.name
JOIN decisions d ON d.id = w.decision_id
WHERE n.status = 'joined';

COMMENT ON VIEW report.speaker_aliases IS
    'One row a name that a person, or an imported list, gives a speaker, whether anybody is quoted under it or not.';
COMMENT ON COLUMN report.speaker_aliases.speaker_id IS 'The speaker, after merges.';
COMMENT ON COLUMN report.speaker_aliases.alias IS 'The name.';
COMMENT ON COLUMN report.speaker_aliases.decision_id IS 'The decision that gives it; undoing it takes the name away.';
COMMENT ON COLUMN report.speaker_aliases.by_list IS 'Whether an imported list gives it, with other names.';

CREATE VIEW report.speaker_days (day, speaker, quotes, statements) AS
SELECT (coalesce(a.published_at, a.stored_at) AT TIME ZONE 'UTC')::date, r.name,
       count(DISTINCT q.id), count(DISTINCT q.statement_id)
FROM quote_speakers qs
JOIN speakers s ON s.id = qs.speaker_id
JOIN speakers r ON r.id = coalesce(s.merged_into, s.id)
JOIN quotes q ON q.id = qs.quote_id AND q.current AND NOT q.rejected
    AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
JOIN articles a ON a.id = q.article_id AND a.current
GROUP BY 1, r.id;

COMMENT ON VIEW report.speaker_days IS 'One row a speaker and day.';
COMMENT ON COLUMN report.speaker_days.day IS 'Day of publication, else of storing, in UTC.';
COMMENT ON COLUMN report.speaker_days.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.speaker_days.quotes IS 'Quotes printed that day.';
COMMENT ON COLUMN report.speaker_days.statements IS 'Statements said.';

CREATE VIEW report.outlets (outlet_id, outlet, articles, quotes, statements, first_day, last_day) AS
SELECT o.id, o.name, count(DISTINCT a.id), count(DISTINCT q.id), count(DISTINCT q.statement_id),
       min(coalesce(s.published_at, a.stored_at)), max(coalesce(s.published_at, a.stored_at))
FROM outlets o
JOIN article_sources s ON s.outlet_id = o.id
JOIN articles a ON a.id = s.article_id AND a.current
LEFT JOIN quotes q ON q.article_id = a.id AND q.current AND NOT q.rejected
    AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5))
GROUP BY o.id;

COMMENT ON VIEW report.outlets IS 'One row a publisher, counting every place its copies were found.';
COMMENT ON COLUMN report.outlets.outlet_id IS 'Number of the outlet.';
COMMENT ON COLUMN report.outlets.outlet IS 'Its name.';
COMMENT ON COLUMN report.outlets.articles IS 'Articles it printed.';
COMMENT ON COLUMN report.outlets.quotes IS 'Quotes it printed.';
COMMENT ON COLUMN report.outlets.statements IS 'Statements it printed.';
COMMENT ON COLUMN report.outlets.first_day IS 'First article (publication date, else when stored).';
COMMENT ON COLUMN report.outlets.last_day IS 'Last article.';

CREATE VIEW report.languages (language) AS
WITH RECURSIVE found (code) AS (
    (SELECT language FROM articles WHERE language IS NOT NULL ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT a.language FROM articles a WHERE a.language > f.code ORDER BY a.language LIMIT 1)
    FROM found f WHERE f.code IS NOT NULL)
SELECT code FROM found WHERE code IS NOT NULL;

COMMENT ON VIEW report.languages IS 'One row a language that articles are written in; what has no language counts as ''en''.';
COMMENT ON COLUMN report.languages.language IS 'ISO 639-1 code.';

CREATE FUNCTION report.queries(words text) RETURNS TABLE (language text, query tsquery)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    -- What is to be left out is left out whatever its accents are, so then there is one way only.
    SELECT l.language,
           CASE WHEN folded = stemmed OR strpos(CAST(folded AS text), '!') > 0 THEN folded ELSE folded || stemmed END
    FROM (SELECT language FROM report.languages UNION SELECT 'en') l
    CROSS JOIN websearch_to_tsquery(report.words_of(l.language), words) folded
    CROSS JOIN websearch_to_tsquery(report.stems_of(l.language), words) stemmed
$$;
COMMENT ON FUNCTION report.queries(text) IS 'The query for these words by the rules of each language in use.';
REVOKE ALL ON FUNCTION report.queries(text) FROM PUBLIC;

-- A quote is asked for by the rules of its own language: all queries together are one query for the index. Languages
-- whose queries are the same share one. `quotes.search` names its language, which is asked for unless all languages have
-- the same query; beside what is to be left out, the index needs it.
CREATE FUNCTION report.asked(words text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH own AS MATERIALIZED (SELECT language, CAST(query AS text) AS query, numnode(query) > 0 AS asks
                                FROM report.queries(words))
    SELECT CAST(coalesce(string_agg(
               CASE WHEN sharing = (SELECT count(*) FROM own) AND strpos(query, '!') = 0 THEN query
                    ELSE format('(%s) & (%s)', query, languages) END, ' | '), '') AS tsquery)
    FROM (SELECT query, string_agg(quote_literal('§' || language), ' | ') AS languages, count(*) AS sharing
            FROM own WHERE asks GROUP BY query) g
$$;
COMMENT ON FUNCTION report.asked(text) IS
    'The query for quotes with these words, in every language in use, for `words @@ (SELECT report.asked(…))`.';
REVOKE ALL ON FUNCTION report.asked(text) FROM PUBLIC;

-- Readers have no right to the table, so this function runs with its owner's rights. PostgreSQL computes every column of
-- such a function for every row; `search` is a function that it puts into the query, so only what is asked for is
-- computed. The queries are made once. A quote is ranked by the query of its own language alone.
CREATE FUNCTION report.matching(words text) RETURNS TABLE (quote_id bigint, rank real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH asked AS MATERIALIZED (SELECT report.asked(words) AS query),
         own AS MATERIALIZED (SELECT * FROM report.queries(words))
    SELECT q.id, ts_rank(q.search, o.query)
    FROM asked a JOIN public.quotes q ON q.search @@ a.query JOIN own o ON o.language = coalesce(q.language, 'en')
$$;
COMMENT ON FUNCTION report.matching(text) IS 'Numbers of the quotes with these words, and how well they match.';
REVOKE ALL ON FUNCTION report.matching(text) FROM PUBLIC;

CREATE FUNCTION report.search(words text) RETURNS SETOF report.quotes LANGUAGE sql STABLE
AS $$
    SELECT v.* FROM report.matching(words) m JOIN report.quotes v ON v.quote_id = m.quote_id
    ORDER BY m.rank DESC, v.quote_id
$$;
COMMENT ON FUNCTION report.search(text) IS 'Current quotes with these words, best first.';
REVOKE ALL ON FUNCTION report.search(text) FROM PUBLIC;

CREATE VIEW report.all_places (quote_id, article_id, day, language, kind, confidence, parts, source_start,
    source_end, cue_start, cue_end, source_text, statement_id, inside, words, denied, accepted) AS
SELECT q.id, a.id, coalesce(a.published_at, a.stored_at), a.language, q.kind, q.confidence, q.parts,
       q.source_start, q.source_end, q.cue_start, q.cue_end, q.source_text, q.statement_id, q.inside, q.search,
       q.denied, q.accepted
FROM quotes q
JOIN articles a ON a.id = q.article_id
WHERE q.current AND NOT q.rejected AND a.current;

CREATE VIEW report.quote_places AS
SELECT p.* FROM report.all_places p
WHERE p.accepted OR p.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5);

CREATE VIEW report.candidate_places AS
SELECT p.* FROM report.all_places p
WHERE NOT p.accepted AND p.confidence < coalesce((SELECT least_confidence FROM confidence_floor), 0.5);

COMMENT ON VIEW report.quote_places IS
    'For the page: one row a shown quote: where its words, its source and its cue stand, and its words for searching.';
COMMENT ON COLUMN report.quote_places.quote_id IS 'The quote.';
COMMENT ON COLUMN report.quote_places.article_id IS 'The article.';
COMMENT ON COLUMN report.quote_places.day IS 'When the article was published, else when it was stored.';
COMMENT ON COLUMN report.quote_places.language IS 'ISO 639-1 code of the article.';
COMMENT ON COLUMN report.quote_places.kind IS 'direct, mixed or indirect.';
COMMENT ON COLUMN report.quote_places.confidence IS 'How sure the extractor is, 0 to 1.';
COMMENT ON COLUMN report.quote_places.parts IS 'Start and end of each part in turn: {s1, e1, s2, e2, …}.';
COMMENT ON COLUMN report.quote_places.source_start IS 'Where the words start that name the source.';
COMMENT ON COLUMN report.quote_places.source_end IS 'Where they end.';
COMMENT ON COLUMN report.quote_places.cue_start IS 'Where the reporting words start.';
COMMENT ON COLUMN report.quote_places.cue_end IS 'Where they end.';
COMMENT ON COLUMN report.quote_places.source_text IS 'Those words.';
COMMENT ON COLUMN report.quote_places.statement_id IS 'The statement that it prints.';
COMMENT ON COLUMN report.quote_places.inside IS 'The quote that this one stands in; null: none.';
COMMENT ON COLUMN report.quote_places.words IS
    'Its words by the rules of its language, for `words @@ (SELECT report.asked(…))`.';
COMMENT ON COLUMN report.quote_places.denied IS 'The cue turns the sense: denied, refused, never said.';
COMMENT ON COLUMN report.quote_places.accepted IS 'A person said that it is a quotation, or who said it.';

COMMENT ON VIEW report.candidate_places IS 'For the page: the same of each candidate.';
COMMENT ON VIEW report.all_places IS 'For the page: the rows of quote_places and of candidate_places together.';

-- `speaker_id` is the expression of an index of speakers. The second speaker is looked up for merged ones only.
CREATE VIEW report.spoken (quote_id, named_id, merged_into, speaker_id, speaker, kind, position, named, evidence,
    confidence, by_hand) AS
SELECT qs.quote_id, s.id, s.merged_into, coalesce(s.merged_into, s.id), coalesce(r.name, s.name), coalesce(r.kind, s.kind),
       qs.position, qs.name, qs.evidence, qs.confidence, qs.by_hand
FROM quote_speakers qs
JOIN speakers s ON s.id = qs.speaker_id
LEFT JOIN speakers r ON r.id = s.merged_into;

COMMENT ON VIEW report.spoken IS
    'For the page: one row a speaker of a quote, current or not: quick to join with quotes that were found already.';
COMMENT ON COLUMN report.spoken.quote_id IS 'The quote.';
COMMENT ON COLUMN report.spoken.named_id IS 'The speaker, before merges.';
COMMENT ON COLUMN report.spoken.merged_into IS 'The speaker that it was merged into; null: none.';
COMMENT ON COLUMN report.spoken.speaker_id IS 'The speaker, after merges.';
COMMENT ON COLUMN report.spoken.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.spoken.kind IS 'person or body.';
COMMENT ON COLUMN report.spoken.position IS 'Order in a joint source, from 0.';
COMMENT ON COLUMN report.spoken.named IS 'The full name in that article.';
COMMENT ON COLUMN report.spoken.evidence IS 'The rule that decided.';
COMMENT ON COLUMN report.spoken.confidence IS 'How sure that rule is, 0 to 1.';
COMMENT ON COLUMN report.spoken.by_hand IS 'Decided by a person.';

CREATE VIEW report.printed (article_id, outlet) AS
SELECT DISTINCT s.article_id, o.name FROM article_sources s JOIN outlets o ON o.id = s.outlet_id;

COMMENT ON VIEW report.printed IS
    'For the page: one row an outlet that printed an article, current or not: quick to join with articles that were found already.';
COMMENT ON COLUMN report.printed.article_id IS 'The article.';
COMMENT ON COLUMN report.printed.outlet IS 'The outlet.';

CREATE VIEW report.speaking_for (quote_id, speaks_for) AS
SELECT q.id, q.speaks_for FROM quotes q WHERE q.speaks_for IS NOT NULL AND q.source_kind = 'unnamed';

COMMENT ON VIEW report.speaking_for IS
    'For the page: one row a quote, current or not, of an unnamed source of whom it is known for whom it speaks.';
COMMENT ON COLUMN report.speaking_for.quote_id IS 'The quote.';
COMMENT ON COLUMN report.speaking_for.speaks_for IS 'The body or person for whom the source speaks.';

-- Six narrow views for counting: each is answered from an index or from one table. A search counts thousands of rows by
-- numbers alone, and looks up the names of those that it shows.
CREATE VIEW report.quote_rows (quote_id, article_id, kind, confidence, source_text, statement_id, words, denied) AS
SELECT q.id, q.article_id, q.kind, q.confidence, q.source_text, q.statement_id, q.search, q.denied
FROM quotes q
WHERE q.current AND NOT q.rejected
  AND (q.accepted OR q.confidence >= coalesce((SELECT least_confidence FROM confidence_floor), 0.5));

COMMENT ON VIEW report.quote_rows IS
    'For the page: the rows of quote_places without what their articles say, and also of articles that were replaced: join `article_days`.';
COMMENT ON COLUMN report.quote_rows.quote_id IS 'The quote.';
COMMENT ON COLUMN report.quote_rows.article_id IS 'Its article.';
COMMENT ON COLUMN report.quote_rows.kind IS 'direct, mixed or indirect.';
COMMENT ON COLUMN report.quote_rows.confidence IS 'How sure the extractor is, 0 to 1.';
COMMENT ON COLUMN report.quote_rows.source_text IS 'The words that name the source.';
COMMENT ON COLUMN report.quote_rows.statement_id IS 'The statement that it prints.';
COMMENT ON COLUMN report.quote_rows.words IS 'As in quote_places.';
COMMENT ON COLUMN report.quote_rows.denied IS 'The cue turns the sense: denied, refused, never said.';

CREATE VIEW report.article_days (article_id, day, language) AS
SELECT a.id, coalesce(a.published_at, a.stored_at), a.language FROM articles a WHERE a.current;

COMMENT ON VIEW report.article_days IS 'For the page: one row an article of `articles`, with its day and language alone.';
COMMENT ON COLUMN report.article_days.article_id IS 'The article.';
COMMENT ON COLUMN report.article_days.day IS 'When it was published; if that is not known, when it was stored.';
COMMENT ON COLUMN report.article_days.language IS 'ISO 639-1 code.';

CREATE VIEW report.saying (quote_id, named_id) AS
SELECT qs.quote_id, qs.speaker_id FROM quote_speakers qs;

COMMENT ON VIEW report.saying IS 'For the page: one row a speaker of a quote, current or not, by numbers alone.';
COMMENT ON COLUMN report.saying.quote_id IS 'The quote.';
COMMENT ON COLUMN report.saying.named_id IS 'The speaker, before merges.';

CREATE VIEW report.roots (named_id, speaker_id, speaker, own_name, is_merged) AS
SELECT s.id, coalesce(s.merged_into, s.id), coalesce(r.name, s.name), s.name, s.merged_into IS NOT NULL
FROM speakers s LEFT JOIN speakers r ON r.id = s.merged_into;

COMMENT ON VIEW report.roots IS 'For the page: one row a speaker that there is or was, with the one that it is after merges.';
COMMENT ON COLUMN report.roots.named_id IS 'The speaker, before merges.';
COMMENT ON COLUMN report.roots.speaker_id IS 'The speaker, after merges.';
COMMENT ON COLUMN report.roots.speaker IS 'Canonical name.';
COMMENT ON COLUMN report.roots.own_name IS 'Canonical name of the speaker before merges.';
COMMENT ON COLUMN report.roots.is_merged IS 'The speaker is another one now.';

CREATE VIEW report.article_outlets (article_id, outlet_id) AS
SELECT DISTINCT s.article_id, s.outlet_id FROM article_sources s WHERE s.outlet_id IS NOT NULL;

COMMENT ON VIEW report.article_outlets IS 'For the page: the rows of printed, by numbers alone.';
COMMENT ON COLUMN report.article_outlets.article_id IS 'The article.';
COMMENT ON COLUMN report.article_outlets.outlet_id IS 'The outlet.';

CREATE VIEW report.outlet_names (outlet_id, outlet) AS
SELECT o.id, o.name FROM outlets o;

COMMENT ON VIEW report.outlet_names IS 'For the page: one row an outlet, with its name alone.';
COMMENT ON COLUMN report.outlet_names.outlet_id IS 'The outlet.';
COMMENT ON COLUMN report.outlet_names.outlet IS 'Its name, as first seen.';

CREATE VIEW report.article_files (article_id, inbox, file, member, sha256, first_seen) AS
SELECT s.article_id, i.name, f.shown, fd.member, encode(f.sha256, 'hex'), f.first_seen
FROM article_sources s
JOIN articles a ON a.id = s.article_id AND a.current
JOIN file_documents fd ON fd.document_id = s.document_id
JOIN files f ON f.id = fd.file_id
JOIN inboxes i ON i.id = f.inbox_id;

COMMENT ON VIEW report.article_files IS 'One row a file that an article came in, with the hash of its bytes.';
COMMENT ON COLUMN report.article_files.article_id IS 'The article.';
COMMENT ON COLUMN report.article_files.inbox IS 'The folder.';
COMMENT ON COLUMN report.article_files.file IS 'The file, by its path below the folder.';
COMMENT ON COLUMN report.article_files.member IS 'Its place in the file; null: the file itself.';
COMMENT ON COLUMN report.article_files.sha256 IS 'SHA-256 of the file''s bytes, in hexadecimal.';
COMMENT ON COLUMN report.article_files.first_seen IS 'When the file was first noticed.';

CREATE VIEW report.quote_changes (quote_id, change, old_quote, old_kind, old_source_text, old_extractor,
    extractor, changed_at) AS
SELECT h.quote_id, h.change, h.old ->> 'text', h.old ->> 'kind', h.old ->> 'source_text', o.name, n.name,
       h.changed_at
FROM quote_history h
JOIN quotes q ON q.id = h.quote_id AND q.current AND NOT q.rejected
JOIN articles a ON a.id = q.article_id AND a.current
JOIN extractor_versions n ON n.id = h.new_version_id
LEFT JOIN extractor_versions o ON o.id = h.old_version_id;

COMMENT ON VIEW report.quote_changes IS 'One row a change that a re-processing made to a current quote.';
COMMENT ON COLUMN report.quote_changes.quote_id IS 'The quote.';
COMMENT ON COLUMN report.quote_changes.change IS 'changed, removed or added.';
COMMENT ON COLUMN report.quote_changes.old_quote IS 'The words before.';
COMMENT ON COLUMN report.quote_changes.old_kind IS 'The kind before.';
COMMENT ON COLUMN report.quote_changes.old_source_text IS 'The source as printed, before.';
COMMENT ON COLUMN report.quote_changes.old_extractor IS 'The extractor before.';
COMMENT ON COLUMN report.quote_changes.extractor IS 'The extractor that changed it.';
COMMENT ON COLUMN report.quote_changes.changed_at IS 'When.';

CREATE VIEW report.changes (change_id, at, kind, quote_id, article_id, what, speaker_ids, speakers_before,
    statement_id, statement_before) AS
SELECT change_id, at, kind, quote_id, article_id, what, speaker_ids, speakers_before, statement_id, statement_before
FROM changes;

COMMENT ON VIEW report.changes IS
    'One row a change of what report.quotes shows, by number: remember the last one, and ask for those after it.';
COMMENT ON COLUMN report.changes.change_id IS 'Number of the change; later changes have higher numbers.';
COMMENT ON COLUMN report.changes.at IS 'When it was numbered, a few seconds after it happened.';
COMMENT ON COLUMN report.changes.kind IS
    'added, changed, removed, joined (two speakers or statements became one); or restored, from a backup.';
COMMENT ON COLUMN report.changes.quote_id IS 'The quote; null: a backup was restored, so any quote may show otherwise.';
COMMENT ON COLUMN report.changes.article_id IS 'The article of the quote.';
COMMENT ON COLUMN report.changes.what IS
    'What is otherwise now, of changed and joined: words, speaker, source, cue, place, article, statement.';
COMMENT ON COLUMN report.changes.speaker_ids IS 'The speakers of the quote, after merges; of removed: those it had.';
COMMENT ON COLUMN report.changes.speakers_before IS 'The speakers that it had before; null: the same.';
COMMENT ON COLUMN report.changes.statement_id IS 'The statement of the quote; of removed: the one it had.';
COMMENT ON COLUMN report.changes.statement_before IS 'The statement that it had before; null: the same.';

CREATE VIEW report.decisions (decision_id, decided_at, who, kind, quote_id, article_id, speaker_id, name, into_id,
    words, reason, undone_at, new_words, lost) AS
SELECT d.id, d.decided_at, d.who, d.kind, d.quote_id, d.article_id, d.speaker_id,
       coalesce(d.value ->> 'name', d.value -> 'names' ->> 0), CAST(d.value ->> 'into' AS bigint), d.value ->> 'text',
       d.reason, u.decided_at,
       (SELECT string_agg(w.part, ' ' ORDER BY w.place)
          FROM jsonb_array_elements_text(CASE WHEN d.kind IN ('recut', 'add') THEN d.value -> 'words' END)
               WITH ORDINALITY AS w (part, place)),
       jsonb_exists(d.value, 'lost')
FROM decisions d LEFT JOIN decisions u ON u.undoes = d.id
WHERE d.kind NOT IN ('forget', 'undo');

COMMENT ON VIEW report.decisions IS 'One row a decision of a person about a quote or a speaker.';
COMMENT ON COLUMN report.decisions.decision_id IS 'Its number, for `onrecord decisions undo`.';
COMMENT ON COLUMN report.decisions.decided_at IS 'When.';
COMMENT ON COLUMN report.decisions.who IS 'Who decided.';
COMMENT ON COLUMN report.decisions.kind IS
    'merge, split, rename, import, set_speaker, no_speaker, accept, reject, restore, recut or add.';
COMMENT ON COLUMN report.decisions.quote_id IS 'The quote that it is about.';
COMMENT ON COLUMN report.decisions.article_id IS 'The article of that quote.';
COMMENT ON COLUMN report.decisions.speaker_id IS 'The speaker that it is about, or that said the quote.';
COMMENT ON COLUMN report.decisions.name IS 'The name that was given, chosen or split off.';
COMMENT ON COLUMN report.decisions.into_id IS 'Of a merge: the speaker that stays.';
COMMENT ON COLUMN report.decisions.words IS 'The words of the quote as they were then.';
COMMENT ON COLUMN report.decisions.reason IS 'Why.';
COMMENT ON COLUMN report.decisions.undone_at IS 'When it was undone; null: it holds.';
COMMENT ON COLUMN report.decisions.new_words IS 'Of recut and add: the words that the quote is to have.';
COMMENT ON COLUMN report.decisions.lost IS
    'The article does not have these words any more, since it was parsed again; so the decision is not applied.';

CREATE VIEW report.watch_lists (watch_list_id, watch_list, query, made_at, made_by, followed_to, paused_at,
    failure, feed_key) AS
SELECT w.id, w.name, w.query, w.made_at, w.made_by, w.followed_to, w.paused_at, w.failure, w.feed_key
FROM watch_lists w;

COMMENT ON VIEW report.watch_lists IS 'One row a watch-list: a saved search whose new quotations are told.';
COMMENT ON COLUMN report.watch_lists.watch_list_id IS 'Its number, in the addresses of its feeds.';
COMMENT ON COLUMN report.watch_lists.watch_list IS 'Its name.';
COMMENT ON COLUMN report.watch_lists.query IS 'What it watches for, as the query of the page''s address.';
COMMENT ON COLUMN report.watch_lists.made_at IS 'When it was made; it tells of what was stored after that.';
COMMENT ON COLUMN report.watch_lists.made_by IS 'Who made it.';
COMMENT ON COLUMN report.watch_lists.followed_to IS 'The last change that was compared with it.';
COMMENT ON COLUMN report.watch_lists.paused_at IS 'Since when nothing is compared and told; null: it is.';
COMMENT ON COLUMN report.watch_lists.failure IS 'Why Onrecord paused it; null: it did not.';
COMMENT ON COLUMN report.watch_lists.feed_key IS
    'Stands in the addresses of its feeds: with it, a feed reader needs no password of the page.';

CREATE VIEW report.receivers (receiver_id, watch_list_id, kind, address, waiting, last_told_at, tries, failing_since,
    failure, next_try_at, paused_at) AS
SELECT r.id, r.watch_list_id, r.kind, r.shown,
       (SELECT count(*) FROM deliveries d WHERE d.watch_list_id = r.watch_list_id AND d.id > r.told_to),
       r.last_told_at, r.tries, r.failing_since, r.failure, r.next_try_at, r.paused_at
FROM receivers r;

COMMENT ON VIEW report.receivers IS 'One row a webhook or mail address that is told of a watch-list.';
COMMENT ON COLUMN report.receivers.receiver_id IS 'Its number.';
COMMENT ON COLUMN report.receivers.watch_list_id IS 'The watch-list.';
COMMENT ON COLUMN report.receivers.kind IS 'webhook or mail.';
COMMENT ON COLUMN report.receivers.address IS 'Where to, without what is secret in it.';
COMMENT ON COLUMN report.receivers.waiting IS 'Deliveries that it has not been told yet.';
COMMENT ON COLUMN report.receivers.last_told_at IS 'When it last took a message.';
COMMENT ON COLUMN report.receivers.tries IS 'Failures since then.';
COMMENT ON COLUMN report.receivers.failing_since IS 'When the first of them was; null: it takes what is sent.';
COMMENT ON COLUMN report.receivers.failure IS 'Why it failed last, or why it is paused.';
COMMENT ON COLUMN report.receivers.next_try_at IS 'Nothing is sent before.';
COMMENT ON COLUMN report.receivers.paused_at IS 'Since when nothing is sent to it; null: it is.';

CREATE VIEW report.deliveries (delivery_id, watch_list_id, what, quote_id, article_id, made_at) AS
SELECT d.id, d.watch_list_id, d.what, d.quote_id, d.article_id, d.made_at FROM deliveries d;

COMMENT ON VIEW report.deliveries IS 'One row a thing to be told: a quote is new to a watch-list, or is withdrawn.';
COMMENT ON COLUMN report.deliveries.delivery_id IS 'Its number: each watch-list is told in this order.';
COMMENT ON COLUMN report.deliveries.watch_list_id IS 'The watch-list.';
COMMENT ON COLUMN report.deliveries.what IS 'new or withdrawn.';
COMMENT ON COLUMN report.deliveries.quote_id IS 'The quote; it is not in `quotes` any more if it was withdrawn.';
COMMENT ON COLUMN report.deliveries.article_id IS 'Its article.';
COMMENT ON COLUMN report.deliveries.made_at IS 'When it was found.';

-- The comments say what the views are; `\d` of `onrecord sql`, exports and dbt read them here. A comment may end with the
-- lines 'Since 0.2.0.' and 'Deprecated: what to use instead.'; what has no such line is as old as the first release.
CREATE VIEW report.about (view, "column", since, meaning, deprecated, type, position) AS
SELECT c.relname::text, a.attname::text, coalesce(substring(d.said from '\nSince ([0-9.]+[0-9])\.'), '0.1.0'),
       regexp_replace(d.said, '\n(Since|Deprecated:) [^\n]*', '', 'g'), substring(d.said from '\nDeprecated: ([^\n]*)'),
       format_type(a.atttypid, a.atttypmod), CASE WHEN d.number = 0 THEN 0 ELSE a.attnum::int END
FROM pg_class c
CROSS JOIN LATERAL (
    SELECT 0 AS number, obj_description(c.oid, 'pg_class') AS said
    UNION ALL
    SELECT attnum, col_description(c.oid, attnum) FROM pg_attribute
    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) d
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.number AND d.number > 0
WHERE c.relnamespace = 'report'::regnamespace AND c.relkind = 'v';

COMMENT ON VIEW report.about IS
    'One row a view, and one a column of it: what it means, since which release it is there, and whether it will go.';
COMMENT ON COLUMN report.about.view IS 'The view.';
COMMENT ON COLUMN report.about."column" IS 'The column, in double quotes in SQL; null: the row is about the view.';
COMMENT ON COLUMN report.about.since IS 'The release that brought it; columns are only added until the next major one.';
COMMENT ON COLUMN report.about.meaning IS 'What it says.';
COMMENT ON COLUMN report.about.deprecated IS 'What to use instead, if it will go with the next major release; null: it stays.';
COMMENT ON COLUMN report.about.type IS 'Type of the column.';
COMMENT ON COLUMN report.about.position IS 'Place of the column in the view, from 1; 0: the view.';

-- Views with the same columns have the same comments.
DO $$
DECLARE described record;
BEGIN
    FOR described IN
        SELECT copied.name, attname, col_description(attrelid, attnum) AS meaning
        FROM (VALUES ('quotes', 'candidates'), ('quotes', 'all_quotes'),
                     ('quote_places', 'candidate_places'), ('quote_places', 'all_places')) AS copied (source, name)
        JOIN pg_attribute ON attrelid = ('report.' || copied.source)::regclass AND attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN report.%I.%I IS %L', described.name, described.attname, described.meaning);
    END LOOP;
END $$;

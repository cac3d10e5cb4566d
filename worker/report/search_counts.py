"""The counts beside the hits of a search: kinds, languages, confidence, speakers, outlets and days."""

CHOICES = 12
"""Show at most so many speakers and so many outlets to choose from."""

# `found` and `hits` are those of the search, and `chosen` its page. The total and the hits come first: `first_rows` is
# answered before the rest is worked out. The days are one row, with the number of each day in JSON: they may be
# thousands.
#
# The numbers of the quotations and of the articles go into the look-ups as arrays. Joined, PostgreSQL would read the
# speakers of all quotations that there are, and the outlets of all articles. It sorts an array and passes through the
# index once. Counted are numbers, which stand in the indexes; names are looked up when each stands there once.
#
# A quotation of two speakers who are one now counts once: `twice` has how often that is.
COUNTS = f"""
levels AS (SELECT kind, language, level, denied, count(*) AS quotes FROM hits GROUP BY kind, language, level, denied),
printings AS MATERIALIZED (SELECT article_id, count(*) AS quotes FROM hits GROUP BY article_id),
said AS MATERIALIZED (
    SELECT quote_id, named_id FROM saying WHERE quote_id = ANY(ARRAY(SELECT quote_id FROM hits))),
sayings AS MATERIALIZED (SELECT named_id, count(*) AS quotes FROM said GROUP BY named_id),
named AS MATERIALIZED (
    SELECT named_id, speaker_id, speaker FROM roots WHERE named_id = ANY(ARRAY(SELECT named_id FROM sayings))),
twice AS (
    SELECT n.speaker_id, count(*) - count(DISTINCT s.quote_id) AS quotes FROM said s JOIN named n USING (named_id)
    WHERE n.speaker_id IN (SELECT m.speaker_id FROM named m WHERE m.named_id <> m.speaker_id) GROUP BY n.speaker_id),
carried AS MATERIALIZED (
    SELECT article_id, outlet_id FROM article_outlets WHERE article_id = ANY(ARRAY(SELECT article_id FROM printings)))
SELECT 'total' AS counted, NULL AS value, NULL AS label, count(*) AS quotes FROM found
UNION ALL SELECT 'hit', quote_id::text, NULL, place FROM chosen
UNION ALL SELECT 'kind', kind, kind, sum(quotes)::bigint FROM levels GROUP BY kind
UNION ALL SELECT 'language', language, language, sum(quotes)::bigint FROM levels WHERE language IS NOT NULL
          GROUP BY language
UNION ALL SELECT 'confidence', level, level, sum(quotes)::bigint FROM levels GROUP BY level
UNION ALL SELECT 'denied', d.answer, d.answer, sum(d.quotes)::bigint
FROM (SELECT CASE WHEN denied THEN 'yes' ELSE 'no' END AS answer, quotes FROM levels) d GROUP BY d.answer
UNION ALL (
    SELECT 'speaker', s.speaker_id::text, s.speaker, s.quotes - coalesce(t.quotes, 0)
    FROM (SELECT n.speaker_id, n.speaker, sum(s.quotes)::bigint AS quotes FROM sayings s JOIN named n USING (named_id)
          GROUP BY n.speaker_id, n.speaker) s
    LEFT JOIN twice t ON t.speaker_id = s.speaker_id
    ORDER BY 4 DESC, 3 LIMIT {CHOICES})
UNION ALL (
    SELECT 'outlet', n.outlet, n.outlet, o.quotes
    FROM (SELECT c.outlet_id, sum(p.quotes)::bigint AS quotes FROM printings p JOIN carried c USING (article_id)
          GROUP BY c.outlet_id) o
    JOIN outlet_names n ON n.outlet_id = o.outlet_id
    ORDER BY 4 DESC, 3 LIMIT {CHOICES})
UNION ALL SELECT 'days', json_object_agg(d.day, d.quotes)::text, NULL, count(*)
FROM (SELECT (day AT TIME ZONE 'UTC')::date AS day, count(*) AS quotes FROM hits GROUP BY 1) d HAVING count(*) > 0
"""  # noqa: S608 - constants

"""What people's decisions still need, although no quotation is stored under it: to be undone, or applied again."""

from worker.store.decisions import LIVE

# A decision about an article that was forgotten has no words any more, and needs nothing.
DECIDED = f"""
    SELECT d.speaker_id FROM decisions d
    WHERE d.speaker_id IS NOT NULL AND {LIVE}
      AND (d.article_id IS NULL OR EXISTS (SELECT FROM articles a WHERE a.id = d.article_id))
    UNION SELECT CAST(m.id AS bigint) FROM decisions d
    CROSS JOIN LATERAL (
        SELECT d.value->>key AS id FROM unnest(ARRAY['into', 'from', 'speaker']) AS key
        WHERE jsonb_typeof(d.value->key) = 'number'
        UNION ALL SELECT jsonb_array_elements_text(d.value->'refused')
        WHERE jsonb_typeof(d.value->'refused') = 'array') m
    WHERE {LIVE}
    UNION SELECT f.speaker_id FROM decisions d
    CROSS JOIN LATERAL jsonb_path_query(d.value, '$.machine.speakers[*].name') AS m (name)
    JOIN speaker_names f ON f.name = m.name #>> '{{}}' AND f.status = 'joined'
    WHERE {LIVE}
"""
"""The speakers about whom a decision in force is, and those whom the machine had found before a person decided."""

NEEDED = f"""
    n.name IN (
        SELECT m.name #>> '{{}}' FROM decisions d
        CROSS JOIN LATERAL jsonb_path_query(d.value, '$.machine.speakers[*].name') AS m (name) WHERE {LIVE})
    OR EXISTS (
        SELECT FROM decisions d
        WHERE d.kind = 'set_speaker' AND d.speaker_id = n.speaker_id AND d.value ->> 'name' = n.name AND {LIVE})
"""
"""True for a form `n` that a quotation gets (again) when a decision about it is undone, or a later one about it is."""

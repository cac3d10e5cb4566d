"""Questions about the tables that have the answer 0 when all is at rest."""

from tests.faults.model.tables import Rows

QUESTIONS = {
    "I01 key w/o statement": """SELECT count(*) from statement_keys k where not exists (select 1 from statements s where s.id=k.statement_id)""",
    "I02 key owner differs": """SELECT count(*) from statement_keys k join statements s on s.id=k.statement_id where s.owner<>k.owner""",
    "I03 stmt owner no root speaker": """SELECT count(*) from statements st where owner>0 and not exists (select 1 from speakers s where s.id=st.owner and s.merged_into is null)""",
    "I04 stmt owner no story": """SELECT count(*) from statements st where owner<0 and not exists (select 1 from stories s where s.id=-st.owner)""",
    "I05 stmt without quote": """SELECT count(*) from statements st where not exists (select 1 from quotes q where q.statement_id=st.id)""",
    "I06 quote stmt owner wrong": """SELECT count(*), min(q.id) from quotes q join articles a on a.id=q.article_id join statements st on st.id=q.statement_id where q.current and st.owner<>coalesce((select min(coalesce(s.merged_into,s.id)) from quote_speakers qs join speakers s on s.id=qs.speaker_id where qs.quote_id=q.id),-a.story_id)""",
    "I07 fingerprint w/o story": """SELECT count(*) from fingerprints f where not exists (select 1 from stories s where s.id=f.story_id)""",
    "I08 fingerprint of no article": """SELECT count(*) from fingerprints f where not exists (select 1 from articles a where a.story_id=f.story_id and f.hash = any(a.sketch))""",
    "I09 sketch w/o fingerprint": """SELECT count(*) from articles a, unnest(a.sketch) h where not exists (select 1 from fingerprints f where f.story_id=a.story_id and f.hash=h)""",
    "I10 story w/o article": """SELECT count(*) from stories s where not exists (select 1 from articles a where a.story_id=s.id)""",
    "I11 name counts": """SELECT count(*) , min(x.speaker_id||':'||x.name||':'||x.articles||'<>'||x.n) from (select n.speaker_id,n.name,n.articles,(select count(distinct q.article_id) from quote_speakers qs join quotes q on q.id=qs.quote_id and q.current where qs.speaker_id=n.speaker_id and qs.name=n.name) n from speaker_names n where status='joined') x where x.articles<>x.n""",
    "I12 qs name w/o speaker_names": """SELECT count(*) from quote_speakers qs join quotes q on q.id=qs.quote_id and q.current where not exists (select 1 from speaker_names n where n.speaker_id=qs.speaker_id and n.name=qs.name and n.status='joined')""",
    "I13 merged chain/cycle": """SELECT count(*), min(s.id) from speakers s join speakers r on r.id=s.merged_into where r.merged_into is not null""",
    "I14 current extractions <>1": """SELECT count(*) from articles a where (select count(*) from extractions e where e.article_id=a.id and e.current)<>1""",
    "I15 quote of noncurrent extraction": """SELECT count(*) from quotes q join extractions e on e.id=q.extraction_id where q.current and not e.current""",
    "I16 extraction count": """SELECT count(*) from extractions e where e.current and e.quotes<>(select count(*) from quotes q where q.extraction_id=e.id and q.current)""",
    "I17 file counts": """SELECT count(*) , min(shown) from files where state not in ('waiting','reading','split') and sha256 is not null and members<>members_stored+members_duplicate+members_quarantined+(select count(*) from file_documents fd left join documents d on d.id=fd.document_id where fd.file_id=files.id and coalesce(d.state,'quarantined')='ignored')""",
    "I18 file members": """SELECT count(*) , min(shown) from files f where state not in ('waiting','reading','split') and members<>(select count(*) from file_documents fd where fd.file_id=f.id)""",
    "I19 article w/o source": """SELECT count(*), min(a.id) from articles a where not exists (select 1 from article_sources s where s.article_id=a.id)""",
    "I20 article w/o document": """SELECT count(*), min(a.id) from articles a where not exists (select 1 from documents d where d.article_id=a.id)""",
    "I21 source doc mismatch": """SELECT count(*) from article_sources s join documents d on d.id=s.document_id where d.article_id is distinct from s.article_id""",
    "I22 doc of article w/o source": """SELECT count(*) from documents d where d.article_id is not null and not exists (select 1 from article_sources s where s.document_id=d.id and s.article_id=d.article_id)""",
    "I23 offsets": """SELECT count(*), min(q.id) from quotes q join articles a on a.id=q.article_id where q.current and q.text <> (select string_agg(substr(a.text, q.parts[i]+1, q.parts[i+1]-q.parts[i]), ' ' order by i) from generate_series(1,array_length(q.parts,1),2) i)""",
    "I24 source offsets": """SELECT count(*) from quotes q join articles a on a.id=q.article_id where q.current and source_text is not null and source_text<>substr(a.text,source_start+1,source_end-source_start)""",
    "I25 set_speaker decision not in force": """SELECT count(*), min(d.id) from decisions d join quotes q on q.id=d.quote_id and q.current where d.kind='set_speaker' and not exists (select 1 from decisions u where u.undoes=d.id) and not exists (select 1 from decisions l where l.quote_id=d.quote_id and l.id>d.id and l.kind in ('set_speaker','no_speaker') and not exists (select 1 from decisions u where u.undoes=l.id)) and (select array_agg(qs.name) from quote_speakers qs where qs.quote_id=q.id) is distinct from array[d.value->>'name']""",
    "I26 reject not in force": """SELECT count(*) , min(d.id) from decisions d join quotes q on q.id=d.quote_id and q.current where d.kind='reject' and not exists (select 1 from decisions u where u.undoes=d.id) and not q.rejected""",
    "I27 rejected w/o decision": """SELECT count(*) from quotes q where q.current and q.rejected and not exists (select 1 from decisions d where d.article_id=q.article_id and d.kind='reject' and not exists (select 1 from decisions u where u.undoes=d.id))""",
    "I28 by_hand w/o live decision": """SELECT count(*), min(q.id) from quotes q join quote_speakers qs on qs.quote_id=q.id and qs.by_hand where q.current and not exists (select 1 from decisions d where d.article_id=q.article_id and d.kind='set_speaker' and not exists (select 1 from decisions u where u.undoes=d.id))""",
    "I29 merge live but apart": """SELECT count(*), min(d.id) from decisions d join speakers a on a.id=d.speaker_id join speakers b on b.id=(d.value->>'into')::bigint where d.kind='merge' and not exists (select 1 from decisions u where u.undoes=d.id) and coalesce(a.merged_into,a.id)<>coalesce(b.merged_into,b.id)""",
    "I30 forgotten doc with raw/article": """SELECT count(*) from documents where reason='forgotten' and (raw is not null or article_id is not null)""",
    "I31 forgotten hash stored": """SELECT count(*) from articles a join decisions d on d.kind='forget' and d.value->>'canonical_hash'=encode(a.canonical_hash,'hex') and not exists (select 1 from decisions u where u.undoes=d.id)""",
    "I32 outlets forgotten with sources": """SELECT count(*) from decisions d join outlets o on o.key=d.value->>'outlet' join article_sources s on s.outlet_id=o.id where d.kind='forget' and not exists (select 1 from decisions u where u.undoes=d.id)""",
    "I33 open rows": """SELECT sum(n) from (select count(*) n from files where state in ('waiting','reading','split') union all select count(*) from documents where state in ('waiting','working') union all select count(*) from reprocess_items where state in ('waiting','working') union all select count(*) from reprocess_runs where state='running') x""",
    "I36 quote inside noncurrent": """SELECT count(*) from quotes q join quotes o on o.id=q.inside where q.current and not o.current""",
    "I37 dup state doc first": """SELECT count(*) from articles a where (select count(*) from documents d where d.article_id=a.id and d.state='stored')<>1""",
    "I39 qs w/o current article": """SELECT count(*) from quote_speakers qs where not exists (select 1 from quotes q where q.id=qs.quote_id)""",
    "I42 two speakers on quote with by_hand": """SELECT count(*), min(q.id) from quotes q where q.current and (select count(*) from quote_speakers qs where qs.quote_id=q.id)>1 and exists (select 1 from quote_speakers qs where qs.quote_id=q.id and by_hand)""",
}


def broken(rows: Rows) -> list[str]:
    """Return the questions with another answer."""
    answers = {what: rows(question.replace(":", "\\:"))[0] for what, question in QUESTIONS.items()}
    return [f"{what}: {answer}" for what, answer in answers.items() if answer[0]]

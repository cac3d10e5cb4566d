"""Rows of speakers: the forms of their names, the keys they are found by, joins and proposals."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from worker.store.db import many_rows
from worker.store.tables.models import Quote, QuoteSpeaker, Speaker, SpeakerKey, SpeakerName

ROLES = 64
"""Roles kept of one form."""

_FOUND = text(
    """
    SELECT DISTINCT n.speaker_id, n.name, n.roles, n.articles, s.kind, coalesce(s.merged_into, s.id) AS root
    FROM unnest(CAST(:keys AS text[])) AS k(key)
    CROSS JOIN LATERAL (
        SELECT array_agg(speaker_id) AS ids FROM (
            SELECT speaker_id FROM speaker_keys WHERE speaker_keys.key = k.key LIMIT :rows) capped) f
    JOIN speaker_names n ON n.speaker_id = ANY(f.ids) AND n.status = 'joined'
    JOIN speakers s ON s.id = n.speaker_id
    WHERE cardinality(f.ids) < :rows
    ORDER BY n.speaker_id, n.name
    """
)

_ADD_SPEAKER = text("INSERT INTO speakers (name, kind) VALUES (:name, :kind) RETURNING id")

_FORMS = SpeakerName.__table__
_ADD_FORMS = many_rows.adding(
    _FORMS,  # type: ignore[arg-type]
    *("speaker_id", "name", "evidence", "confidence", "roles"),
    on_conflict="ON CONFLICT DO NOTHING",
)
_COUNT_FORMS = many_rows.adding(
    _FORMS,  # type: ignore[arg-type]
    *("speaker_id", "name", "evidence", "confidence", "articles"),
    on_conflict="ON CONFLICT (speaker_id, name, status) DO UPDATE SET articles = speaker_names.articles + 1",
)

_ADD_KEYS = text(
    """
    INSERT INTO speaker_keys (key, speaker_id)
    SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:speakers AS bigint[])) ON CONFLICT DO NOTHING
    """
)

_LOCK = text("SELECT pg_advisory_xact_lock(k) FROM unnest(CAST(:keys AS bigint[])) AS k")


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form of a speaker's name as stored; `root` is the speaker after merges by people."""

    speaker_id: int
    name: str
    kind: str
    roles: frozenset[str]
    articles: int
    root: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A form to be stored, and why it is its speaker's."""

    form: StoredForm
    evidence: str
    confidence: float


def lock(connection: Connection, keys: Iterable[int]) -> None:
    """Take transaction locks on 64-bit keys in ascending order, so that two transactions never wait for each other."""
    connection.execute(_LOCK, {"keys": sorted(set(keys))}).all()


def found(connection: Connection, keys: Collection[str], most: int) -> list[StoredForm]:
    """The forms of all speakers stored under any of the keys; a key of more than `most` speakers finds none."""
    if not keys:
        return []
    rows = connection.execute(_FOUND, {"keys": sorted(keys), "rows": most + 1})
    return [_form(row) for row in rows]


def exact(connection: Connection, names: Collection[str]) -> list[StoredForm]:
    """The forms stored with exactly these words, those of the lowest speaker first."""
    if not names:
        return []
    root = func.coalesce(Speaker.merged_into, Speaker.id).label("root")
    chosen = (
        select(SpeakerName.speaker_id, SpeakerName.name, SpeakerName.roles, SpeakerName.articles, Speaker.kind, root)
        .join(Speaker, Speaker.id == SpeakerName.speaker_id)
        .where(SpeakerName.name.in_(names), SpeakerName.status == "joined")
        .order_by(SpeakerName.speaker_id)
    )
    return [_form(row) for row in connection.execute(chosen)]


def _form(row: Any) -> StoredForm:
    return StoredForm(row.speaker_id, row.name, row.kind, frozenset(row.roles), row.articles, row.root)


def add_speaker(connection: Connection, name: str, kind: str) -> int:
    """A new speaker's id."""
    return int(connection.execute(_ADD_SPEAKER, {"name": name, "kind": kind}).scalar_one())


def add_forms(connection: Connection, joined: Sequence[Joined]) -> None:
    """Write forms of speakers' names; one that is there stays as it is."""
    values = [
        {
            "speaker_id": one.form.speaker_id,
            "name": one.form.name,
            "evidence": one.evidence,
            "confidence": one.confidence,
            "roles": sorted(one.form.roles)[:ROLES],
        }
        for one in joined
    ]
    many_rows.add(connection, _ADD_FORMS, values)


def add_roles(connection: Connection, form: StoredForm, roles: Collection[str]) -> None:
    """Add roles to a form, up to `ROLES`."""
    united = sorted(form.roles.union(roles))
    if len(united) > len(form.roles) and len(united) <= ROLES:
        connection.execute(update(SpeakerName).where(_is(form.speaker_id, form.name)).values(roles=united))


def add_keys(connection: Connection, keys: Collection[tuple[str, int]]) -> None:
    """Let speakers be found, each (key, speaker)."""
    if keys:
        words, speakers = zip(*sorted(keys), strict=True)
        connection.execute(_ADD_KEYS, {"keys": [*words], "speakers": [*speakers]})


def set_keys(connection: Connection, speaker_id: int, keys: Collection[str]) -> None:
    """Let a speaker be found by these keys and no others."""
    connection.execute(delete(SpeakerKey).where(SpeakerKey.speaker_id == speaker_id, SpeakerKey.key.not_in(keys)))
    add_keys(connection, {(key, speaker_id) for key in keys})


def forms_of(connection: Connection, speaker_id: int) -> list[str]:
    """Every joined form of a speaker's name."""
    chosen = select(SpeakerName.name).where(SpeakerName.speaker_id == speaker_id, SpeakerName.status == "joined")
    return list(connection.execute(chosen.order_by(SpeakerName.name)).scalars())


def move(connection: Connection, name: str, source: int, target: int) -> list[int]:
    """Make a form of one speaker's name another's, with all that was said under it; the quotes concerned.

    A joint source that named both keeps one row.
    """
    mine = and_(QuoteSpeaker.speaker_id == source, QuoteSpeaker.name == name)
    quotes = list(connection.execute(select(QuoteSpeaker.quote_id).where(mine)).scalars())
    twice = select(QuoteSpeaker.quote_id).where(QuoteSpeaker.speaker_id == target, QuoteSpeaker.quote_id.in_(quotes))
    connection.execute(delete(QuoteSpeaker).where(mine, QuoteSpeaker.quote_id.in_(twice.scalar_subquery())))
    connection.execute(update(QuoteSpeaker).where(mine).values(speaker_id=target))
    row = _take(connection, source, name)
    if row is not None:
        added = upsert(SpeakerName).values(speaker_id=target, **row)
        connection.execute(
            added.on_conflict_do_update(
                index_elements=["speaker_id", "name", "status"],
                set_={"articles": SpeakerName.articles + added.excluded.articles},
            )
        )
    return quotes


def _take(connection: Connection, speaker_id: int, name: str) -> dict[str, Any] | None:
    columns = (SpeakerName.name, SpeakerName.articles, SpeakerName.evidence, SpeakerName.confidence, SpeakerName.roles)
    row = connection.execute(delete(SpeakerName).where(_is(speaker_id, name)).returning(*columns)).first()
    return dict(row._mapping) if row is not None else None


def _is(speaker_id: int, name: str) -> Any:
    return and_(SpeakerName.speaker_id == speaker_id, SpeakerName.name == name, SpeakerName.status == "joined")


def count(connection: Connection, used: Collection[tuple[int, str]]) -> None:
    """One article more uses each (speaker, form)."""
    values = [
        {"speaker_id": speaker_id, "name": name, "evidence": "given by a person", "confidence": 1.0, "articles": 1}
        for speaker_id, name in sorted(used)
    ]
    many_rows.add(connection, _COUNT_FORMS, values)


def discount(connection: Connection, used: Collection[tuple[int, str]]) -> None:
    """One article fewer uses each (speaker, form)."""
    for speaker_id, name in sorted(used):
        fewer = func.greatest(SpeakerName.articles - 1, 0)
        connection.execute(update(SpeakerName).where(_is(speaker_id, name)).values(articles=fewer))


def rename_by_use(connection: Connection, speakers: Collection[int]) -> None:
    """Name the roots of speakers, and those themselves, after their most used form, unless a person chose the name.

    Of equals the longest form wins, then the first in the alphabet: the order of arrival never matters.
    """
    if speakers:
        connection.execute(_RENAME, {"speakers": sorted(speakers)})


_RENAME = text(
    """
    WITH touched AS (
        SELECT DISTINCT coalesce(merged_into, id) AS id FROM speakers WHERE id = ANY(:speakers)),
    best AS (
        SELECT DISTINCT ON (t.id) t.id, n.name
        FROM touched t
        JOIN speakers m ON m.id = t.id OR m.merged_into = t.id
        JOIN speaker_names n ON n.speaker_id = m.id AND n.status = 'joined'
        GROUP BY t.id, n.name
        ORDER BY t.id, sum(n.articles) DESC, char_length(n.name) DESC, n.name COLLATE "C")
    UPDATE speakers s SET name = best.name FROM best
    WHERE s.id = best.id AND NOT s.named_by_hand AND s.name <> best.name
    """
)


def used(connection: Connection, article_id: int) -> set[tuple[int, str]]:
    """The (speaker, form) pairs of an article's current quotes."""
    chosen = (
        select(QuoteSpeaker.speaker_id, QuoteSpeaker.name)
        .join(Quote, Quote.id == QuoteSpeaker.quote_id)
        .where(Quote.article_id == article_id, Quote.current)
    )
    return {(row.speaker_id, row.name) for row in connection.execute(chosen)}


def quotes_of(connection: Connection, speakers: Collection[int]) -> list[int]:
    """The quotes of speakers."""
    chosen = select(QuoteSpeaker.quote_id).where(QuoteSpeaker.speaker_id.in_(speakers)).distinct()
    return list(connection.execute(chosen).scalars())


def speaker(connection: Connection, speaker_id: int) -> Any | None:
    """`id, name, kind, root` of a speaker; None where there is none."""
    root = func.coalesce(Speaker.merged_into, Speaker.id).label("root")
    return connection.execute(
        select(Speaker.id, Speaker.name, Speaker.kind, root).where(Speaker.id == speaker_id)
    ).first()


def family(connection: Connection, root: int) -> list[int]:
    """A root and the speakers merged into it, in order."""
    chosen = select(Speaker.id).where(or_(Speaker.id == root, Speaker.merged_into == root)).order_by(Speaker.id)
    return list(connection.execute(chosen).scalars())


def named(connection: Connection, name: str) -> int | None:
    """The lowest root that has a canonical name."""
    chosen = select(func.min(Speaker.id)).where(Speaker.name == name, Speaker.merged_into.is_(None))
    found = connection.execute(chosen).scalar()
    return int(found) if found is not None else None


def set_root(connection: Connection, speaker_id: int, root: int | None) -> None:
    """Merge a speaker into a root, or into none."""
    connection.execute(update(Speaker).where(Speaker.id == speaker_id).values(merged_into=root))


def set_name(connection: Connection, speaker_id: int, name: str | None) -> None:
    """Name a speaker by hand; None gives the naming back to the machine."""
    values = {"named_by_hand": name is not None} | ({"name": name} if name is not None else {})
    connection.execute(update(Speaker).where(Speaker.id == speaker_id).values(**values))

"""The migration of what was forgotten: hashes go into rows, leftovers of earlier releases go; the step down works."""

from sqlalchemy import Engine, text

from worker.store import marks
from worker.store.db import schema

DECISION = text(
    """
    INSERT INTO decisions (kind, value, article_id, undoes, who, reason)
    VALUES (:kind, CAST(:value AS jsonb), :article, :undoes, 'ada', 'asked for') RETURNING id
    """
)


def test_marks_come_from_values_and_go_back(engine: Engine) -> None:
    schema.downgrade(engine, "0009")
    document, article, undone = (b"d" * 32, b"t" * 32, b"u" * 32)
    with engine.begin() as connection:

        def decide(kind: str, value: str, article: int | None = None, undoes: int | None = None) -> int:
            values = {"kind": kind, "value": value, "article": article, "undoes": undoes}
            return int(connection.execute(DECISION, values).scalar_one())

        first = decide("forget", f'{{"file": "a.txt", "documents": ["{document.hex()}"]}}')
        decide("forget", f'{{"of": {first}, "canonical_hash": "{article.hex()}"}}', 7)
        outlet = decide("forget", '{"outlet": "krazzock gazette", "documents": []}')
        lifted = decide("forget", f'{{"article": 3, "documents": ["{undone.hex()}"]}}')
        decide("undo", "{}", undoes=lifted)
        decide("set_speaker", '{"name": "Zed Quillon", "text": "secret", "machine": {}, "parts": [0, 5]}', 7)
        connection.execute(text("INSERT INTO statements (owner, text) VALUES (1, 'secret')"))
        connection.execute(
            text("INSERT INTO statement_keys (owner, hash, statement_id) SELECT 1, 2, id FROM statements")
        )
        connection.execute(
            text(
                "INSERT INTO documents (sha256, media_type, raw, state, reason, message, finished_at)"
                " VALUES (:hash, 'text/plain', 'secret', 'ignored', 'forgotten', 'x', now())"
            ),
            {"hash": document},
        )
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert marks.any_stands(connection, marks.of_article(document_sha256=document))
        assert marks.any_stands(connection, marks.of_article(canonical_hash=article))
        assert marks.any_stands(connection, marks.of_article(outlet="Krazzock  GAZETTE"))
        assert not marks.any_stands(connection, marks.of_article(document_sha256=undone))
        assert marks.unfinished(connection) == [first, first + 1, outlet], "the next removal looks for what is left"
        words = str(connection.execute(text("SELECT array_agg(value) FROM decisions")).scalar_one())
        assert not any(word in words for word in ("secret", "Quillon", "krazzock"))
        for table in ("statements", "statement_keys"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
        assert connection.execute(text("SELECT raw FROM documents")).scalar_one() is None
    schema.downgrade(engine, "0009")
    with engine.begin() as connection:
        values = list(
            connection.execute(text("SELECT value FROM decisions WHERE kind = 'forget' ORDER BY id")).scalars()
        )
    assert values[0] == {"file": "a.txt", "documents": [document.hex()]}
    assert values[1] == {"of": first, "canonical_hash": article.hex()}

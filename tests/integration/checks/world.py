"""A few stored articles with their files and people's decisions, in which nothing is wrong; and ways to break them."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from tests.integration.dedupe.newsroom import Said, Story, body, person, store
from worker.decisions import quotes as quote_decisions

PETRA, ADNAN, BANK = person("Petra Holt"), person("Adnan Dhiyab al-Sarraf"), body("Bank of Norway")
WORDS = (
    "ferry harbour council bridge mayor winter island budget school village engine captain repair timetable summer"
    " tourist bakery library hospital railway"
)


def long_text(seed: int) -> str:
    """Return a text of 120 words, another one for each seed."""
    words = WORDS.split()
    return " ".join(f"{words[(seed * 7 + place * place) % len(words)]}{seed}x{place}" for place in range(120)) + "."


STORIES = (
    Story(
        long_text(1),
        (
            Said("We will repair the old bridge before the first snow falls.", (PETRA,)),
            Said("Nobody asked the island about it.", ()),
        ),
        outlet="The Harbour Times",
    ),
    Story(
        long_text(2),
        (
            Said("The water in both rivers is lower than ever before.", (ADNAN,)),
            Said("Rates stay where they are until the summer.", (BANK,)),
        ),
    ),
    Story(long_text(3), (Said("A budget without a library is no budget.", (PETRA,)),)),
)

# The documents of the newsroom have no files, and invented hashes.
GIVE_HASHES = "UPDATE documents SET sha256 = sha256(raw)"
ADD_INBOX = "INSERT INTO inboxes (name, path) VALUES ('news', '/news')"
ADD_FILES = """
    INSERT INTO files (inbox_id, path, shown, sha256, state, members, members_stored, finished_at)
    SELECT (SELECT id FROM inboxes), convert_to(d.id || '.txt', 'UTF8'), d.id || '.txt', d.sha256, 'stored', 1, 1, now()
    FROM documents d ORDER BY d.id
"""
ADD_PLACES = """
    INSERT INTO file_documents (file_id, position, document_id)
    SELECT f.id, 0, d.id FROM documents d JOIN files f ON f.sha256 = d.sha256
"""


def build(engine: Engine) -> None:
    """Store the articles, and let a person correct one quotation and reject another."""
    with engine.begin() as connection:
        for story in STORIES:
            store(connection, story)
        for statement in (GIVE_HASHES, ADD_INBOX, ADD_FILES, ADD_PLACES):
            connection.execute(text(statement))
        quote_decisions.set_speaker(
            connection, quote(connection, "The water"), "Petra Holt", who="Ida", reason="heard it"
        )
        quote_decisions.no_speaker(connection, quote(connection, "Rates"), who="Ida", reason="heard it")
        quote_decisions.reject(connection, quote(connection, "A budget"), who="Ida", reason="heard it")


def quote(connection: Connection, beginning: str) -> int:
    """Return the id of the quotation that begins with these words."""
    return int(
        connection.execute(text("SELECT id FROM quotes WHERE text LIKE :b || '%'"), {"b": beginning}).scalar_one()
    )


def damage(connection: Connection, statements: Sequence[str]) -> None:
    """Run statements that no code of ours would run; foreign keys are not checked meanwhile."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        assert connection.execute(text(statement)).rowcount != 0, statement
    connection.execute(text("SET LOCAL session_replication_role = origin"))

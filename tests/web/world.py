"""What the page's tests look at: the press of the reports' tests, and what strangers and machines make of names."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from tests.integration.report.conftest import Press, fill
from worker.speakers.across import joining as across
from worker.speakers.within.resolution import Entity, EntityKind
from worker.store.tables import models

HOSTILE = "<script>document.title='taken'</script>\u202eevil"
"""The name of a speaker, with markup and with a mark that turns the writing around."""
LONG = "“The harbour wall goes up.” Ruta Linden said so on Monday, and Linden said: “The drains come next.”"
LONG += " The council may have called the work late."

PORT = "Dmitry Orlov said: “The port is open.” Dmitri Orlov said: “The port is shut.”"
SPELLINGS = ("Dmitry Orlov", "Dmitri Orlov")


@dataclass(frozen=True)
class World:
    """The numbers of the rows that tests need."""

    lavrov: int
    bagheri: int
    hostile: int
    linden: int
    mayor: int
    orlov: int
    opposed: int
    unnamed: int
    joint: int
    wall: int
    drains: int
    harbour: int
    late: int
    shut: int
    ferry: int
    killed: int


def furnish(engine: Engine) -> World:
    """Fill a database."""
    made = fill(engine)
    with engine.begin() as connection:
        put = Press(connection, "page", "/page")
        outlet = put.add(models.Outlet, name="The Courier", key="the courier")
        # These are joined and proposed by the machine's own rules, so that undoing finds them again.
        linden, mayor, orlov, _ = across.join(
            connection, [Entity(name, EntityKind.PERSON) for name in ("Ruta Linden", "R. Linden", *SPELLINGS)]
        )
        hostile = put.speaker(HOSTILE)
        harbour = put.article(LONG, "Harbour <b>wall</b>", outlet, datetime(2024, 6, 3, 8, tzinfo=UTC))
        put.carry(harbour, put.file("harbour.html"), outlet)
        wall = put.quote(harbour, LONG, "The harbour wall goes up.", linden)
        drains = put.quote(harbour, LONG, "The drains come next.", mayor)
        late = put.quote(harbour, LONG, "the work late")
        words = f"{HOSTILE} said: “Nothing <i>bold</i> here.”"
        other = put.article(words, HOSTILE, None, datetime(2024, 6, 4, 8, tzinfo=UTC))
        put.carry(other, put.file("hostile.html"), None)
        put.quote(other, words, "Nothing <i>bold</i> here.", hostile)
        port = put.article(PORT, "Port", outlet, datetime(2024, 6, 5, 8, tzinfo=UTC))
        put.carry(port, put.file("port.html"), outlet)
        spelled = [put.quote(port, PORT, words, orlov) for words in ("The port is open.", "The port is shut.")]
        ferry, killed = (put.article(f"The ferry {word}.", f"Ferry {word}", outlet, None) for word in ("sails", "sank"))
        item = put.add(models.Item, key=b"ferry")
        for revision, (article, name) in enumerate(((killed, "ferry1.xml"), (ferry, "ferry2.xml")), start=1):
            document = put.carry(article, put.file(name), outlet)
            put.link(models.ItemVersion, document_id=document, item_id=item, revision=str(revision), withdrawn=False)
            connection.execute(
                text("UPDATE items SET newest = :document WHERE id = :item"), {"document": document, "item": item}
            )
        connection.execute(text("UPDATE articles SET current = false WHERE id = :id"), {"id": killed})
        # As the pipeline stores them: the name in the article, and how many articles use each form.
        for quote, name in ((wall, "Ruta Linden"), (drains, "R. Linden"), *zip(spelled, SPELLINGS, strict=True)):
            connection.execute(
                text("UPDATE quote_speakers SET name = :name WHERE quote_id = :quote"), {"name": name, "quote": quote}
            )
        connection.execute(text("UPDATE speaker_names SET articles = 5 WHERE name IN ('Ruta Linden', 'Dmitry Orlov')"))
        connection.execute(text("UPDATE speaker_names SET articles = 1 WHERE name IN ('R. Linden', 'Dmitri Orlov')"))
        connection.execute(text("UPDATE quotes SET confidence = 0.6 WHERE id = :id"), {"id": drains})
        connection.execute(text("UPDATE quotes SET confidence = 0.3 WHERE id = :id"), {"id": late})
        connection.execute(text("UPDATE quotes SET denied = true WHERE id = :id"), {"id": spelled[1]})
    return World(
        **{name: made[name] for name in ("lavrov", "bagheri", "opposed", "unnamed", "joint")},
        hostile=hostile,
        linden=linden,
        mayor=mayor,
        orlov=orlov,
        wall=wall,
        drains=drains,
        harbour=harbour,
        late=late,
        shut=spelled[1],
        ferry=ferry,
        killed=killed,
    )

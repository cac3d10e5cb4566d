"""What the page's tests look at: the press of the reports' tests, and what strangers and machines make of names."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from tests.integration.report.conftest import Press, fill
from worker.store.tables import models

HOSTILE = "<script>document.title='taken'</script>\u202eevil"
"""The name of a speaker, with markup and with a mark that turns the writing around."""
LONG = "“The harbour wall goes up.” Ruta Linden said so on Monday, and Linden said: “The drains come next.”"


@dataclass(frozen=True)
class World:
    """The numbers of the rows that tests need."""

    lavrov: int
    bagheri: int
    hostile: int
    linden: int
    mayor: int
    opposed: int
    unnamed: int
    joint: int
    wall: int
    drains: int
    harbour: int


def furnish(engine: Engine) -> World:
    """Fill a database."""
    made = fill(engine)
    with engine.begin() as connection:
        put = Press(connection, "page", "/page")
        outlet = put.add(models.Outlet, name="The Courier", key="the courier")
        linden = put.speaker("Ruta Linden", "Mayor Linden")
        mayor = put.speaker("R. Linden")
        hostile = put.speaker(HOSTILE)
        harbour = put.article(LONG, "Harbour <b>wall</b>", outlet, datetime(2024, 6, 3, 8, tzinfo=UTC))
        put.carry(harbour, put.file("harbour.html"), outlet)
        wall = put.quote(harbour, LONG, "The harbour wall goes up.", linden)
        drains = put.quote(harbour, LONG, "The drains come next.", mayor)
        words = f"{HOSTILE} said: “Nothing <i>bold</i> here.”"
        other = put.article(words, HOSTILE, None, datetime(2024, 6, 4, 8, tzinfo=UTC))
        put.carry(other, put.file("hostile.html"), None)
        put.quote(other, words, "Nothing <i>bold</i> here.", hostile)
        low, high = sorted((linden, mayor))
        put.add(
            models.SpeakerName,
            speaker_id=low,
            other_id=high,
            name="R. Linden",
            status="proposed",
            evidence="the same surname and initial",
            confidence=0.8,
        )
        connection.execute(text("UPDATE quotes SET confidence = 0.6 WHERE id = :id"), {"id": drains})
    return World(
        **{name: made[name] for name in ("lavrov", "bagheri", "opposed", "unnamed", "joint")},
        hostile=hostile,
        linden=linden,
        mayor=mayor,
        wall=wall,
        drains=drains,
        harbour=harbour,
    )

"""The floor of confidence: quotations below it are candidates, which `report.quotes` does not show.

It is stored in the database, because every reader must see the same quotations, whatever program it uses. The views
read the row each time, so a new floor holds at once, and no article is read again.
"""

from sqlalchemy import Connection, Engine, text

CURRENT = text("""SELECT least_confidence FROM confidence_floor""")
SET = text(
    """
    INSERT INTO confidence_floor (least_confidence) VALUES (:least)
    ON CONFLICT (one_row) DO UPDATE SET least_confidence = excluded.least_confidence
    """
)


def current(connection: Connection) -> float | None:
    """Return the stored floor; None if none is stored, and the views take their own."""
    stored = connection.execute(CURRENT).scalar()
    return None if stored is None else float(stored)


def keep(engine: Engine, least_confidence: float) -> None:
    """Store the floor if it differs from the one that is stored."""
    with engine.begin() as connection:
        if current(connection) != least_confidence:
            connection.execute(SET, {"least": least_confidence})

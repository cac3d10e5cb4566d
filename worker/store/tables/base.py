"""The base of all tables: names of constraints, shorthands for columns, and the columns of a claimable row."""

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Identity, MetaData, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from worker.store.states import listed

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

NOW = sql("now()")

Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True, comment="Number of the row.")]


class Base(DeclarativeBase):
    """The declarative base of every table in the schema `public`."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {int: BigInteger, str: Text, date: Date, datetime: DateTime(timezone=True)}  # noqa: RUF012


class Claimable:
    """A ledger row: it waits, is claimed under a lease, and ends in one terminal state.

    `attempt` is the fence: it only grows, and a final write must name the attempt that it belongs to. `strikes` counts
    claims that expired; after too many, the row is not tried again.
    """

    attempt: Mapped[int] = mapped_column(
        server_default="0", comment="The fence: grows with every claim; a final write must name its own."
    )
    strikes: Mapped[int] = mapped_column(
        server_default="0", comment="Claims that expired because their process died or hung; capped."
    )
    claimed_by: Mapped[int | None] = mapped_column(comment="The process that holds the claim.")
    claimed_at: Mapped[datetime | None] = mapped_column(comment="When the claim was taken, by the database's clock.")
    lease_until: Mapped[datetime | None] = mapped_column(comment="When the claim ends by itself.")
    rung_at: Mapped[datetime | None] = mapped_column(
        comment="When a message for this waiting row was last sent; null: it waits for its turn."
    )
    reason: Mapped[str | None] = mapped_column(comment="Reason code of a row that gave no article.")
    message: Mapped[str | None] = mapped_column(comment="A sentence that says what happened and what to do.")


def among(column: str, values: tuple[str, ...], name: str) -> CheckConstraint:
    """Return a check that `column` holds one of `values`."""
    return CheckConstraint(f"{column} IN {listed(values)}", name=name)

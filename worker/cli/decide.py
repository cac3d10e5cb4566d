"""Carrying out decisions: each is one transaction as the owner, signed with the user's name."""

import getpass
from collections.abc import Callable
from typing import Any


def signed(decide: Callable[..., Any], *arguments: Any, reason: str, **named: Any) -> Any:
    """Make one decision."""
    from worker.cli.connection import owner_engine

    with owner_engine() as engine, engine.begin() as connection:
        return decide(connection, *arguments, who=who(), reason=reason, **named)


def who() -> str:
    """The name that decisions are signed with."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in containers
        return "unknown"

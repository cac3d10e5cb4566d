"""The name that the decisions of this user are signed with."""

import getpass

from worker.settings import settings


def user_name() -> str:
    """Return the name that decisions are signed with: ONRECORD_PERSON, else the name of the user."""
    if person := settings().person.strip():
        return person
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # the user id has no name, as often in a container
        return "unknown"

"""What all pages share: the two connections to PostgreSQL, who may do what, and the sessions."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import Engine
from starlette.requests import Request

from worker.report.reading import Reading, reading
from worker.web.monitor import Monitor
from worker.web.sessions import Session, Sessions, Tries


@dataclass(frozen=True)
class House:
    """The page as a whole.

    `reader` reads the schema `report` and nothing else. `owner` opens the connection with which decisions are carried
    out; it is called only then. `password` is what the sign-in checks; empty: nobody signs in, and `person` decides.
    `names` are those that the header `Host` may have. `is_open`: everybody may read.
    """

    reader: Engine
    owner: Callable[[], Engine]
    names: frozenset[str]
    password: str = ""
    is_open: bool = False
    person: str = ""
    monitor: Monitor | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What must come with each change of somebody who is not signed in."""
    sessions: Sessions = field(default_factory=Sessions)
    tries: Tries = field(default_factory=Tries)


def house_of(request: Request) -> House:
    """Return the page that a request asks."""
    house = request.scope["house"]
    assert isinstance(house, House)
    return house


def read(request: Request) -> AbstractContextManager[Reading]:
    """Return what asks questions for this request, in a `with` statement."""
    return reading(house_of(request).reader)


def session_of(request: Request) -> Session | None:
    """Return the session of whoever asks; None if nobody is signed in."""
    session = request.scope.get("session")
    return session if isinstance(session, Session) else None


def token_of(request: Request) -> str:
    """Return the token that a form must send back."""
    session = session_of(request)
    return session.token if session else house_of(request).token


def may_correct(request: Request) -> bool:
    """True if whoever asks may decide."""
    return not house_of(request).password or session_of(request) is not None


def person_of(request: Request) -> str:
    """Return the name with which decisions of this request are signed."""
    session = session_of(request)
    return session.person if session else house_of(request).person

"""Who is signed in, and how often somebody may try. Both are kept in memory: a restart signs everybody out."""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

SESSION_SECONDS = 12 * 3600.0
"""A session ends after so many seconds without a request."""
MOST_SESSIONS = 1000
"""Keep at most so many sessions; the one that was used least recently ends first."""

FREE_TRIES = 5
"""So many wrong passwords from one address cost no waiting."""
WAIT_SECONDS = 30.0
"""After those, the next try must wait so many seconds; each further wrong password doubles it, up to an hour."""
LONGEST_WAIT = 3600.0
MOST_ADDRESSES = 10_000
"""Remember the wrong passwords of at most so many addresses."""
MOST_TRIES_A_MINUTE = 60
"""Check at most so many passwords a minute, from all addresses together."""


@dataclass(slots=True)
class Session:
    """One person who is signed in. `token` must come with each change."""

    person: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    used: float = field(default_factory=time.monotonic)


class Sessions:
    """The sessions, by the secret of their cookies."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, person: str) -> str:
        """Open a session; return the secret for its cookie."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[secret] = Session(person)
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return secret

    def find(self, secret: str | None) -> Session | None:
        """Return the session of a cookie, which is used from now on; None if there is none, or if it has ended."""
        if secret is None:
            return None
        with self._lock:
            session = self._sessions.get(secret)
            if session is None:
                return None
            now = time.monotonic()
            if now - session.used > SESSION_SECONDS:
                del self._sessions[secret]
                return None
            session.used = now
            self._sessions.move_to_end(secret)
            return session

    def close(self, secret: str | None) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(secret or "", None)


class Tries:
    """Wrong passwords, by the address that they came from."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, and when the next may come
        self._minute: list[float] = []
        self._lock = threading.Lock()

    def must_wait(self, address: str) -> float:
        """Return the seconds that an address must wait before its next try; 0 if it may try now.

        The try is counted when this returns 0.
        """
        now = time.monotonic()
        with self._lock:
            wait = self._wrong.get(address, (0, 0.0))[1] - now
            if wait > 0:
                return wait
            self._minute = [moment for moment in self._minute if now - moment < 60]
            if len(self._minute) >= MOST_TRIES_A_MINUTE:
                return 60 - (now - self._minute[0])
            self._minute.append(now)
            return 0.0

    def was_wrong(self, address: str) -> None:
        """Count a wrong password."""
        with self._lock:
            count = self._wrong.pop(address, (0, 0.0))[0] + 1
            beyond = count - FREE_TRIES
            wait = min(WAIT_SECONDS * 2.0 ** min(beyond, 20), LONGEST_WAIT) if beyond >= 0 else 0.0
            self._wrong[address] = (count, time.monotonic() + wait)
            while len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)

    def was_right(self, address: str) -> None:
        """Forget the wrong passwords of an address."""
        with self._lock:
            self._wrong.pop(address, None)

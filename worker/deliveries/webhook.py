"""Sends a message to a webhook: one POST, signed, without following a redirect, and bounded in time and size.

What the receiver answers is not read beyond its headers, and nothing of it is kept but the status.
"""

import http.client
import socket
import ssl
from urllib.parse import urlsplit

from worker import __version__
from worker.deliveries.deadline import ended_after
from worker.deliveries.refusal import NotTaken

SECONDS = 10.0
"""A receiver has so many seconds to take a connection, and as many to take a message and answer."""
LONGEST_WAIT = 3600.0
"""A receiver may ask to be left alone for at most so many seconds (`Retry-After`)."""
GONE = 410
TOO_SLOW = "It did not answer in time."


def post(address: str, body: bytes, headers: dict[str, str], seconds: float = SECONDS) -> None:
    """Send a message; return when the receiver has said that it took it (any status of 2xx). Raises `NotTaken`."""
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = connection_to(parts.scheme, parts.hostname or "", parts.port, seconds)
    sent = {"Content-Type": "application/json", "User-Agent": f"Onrecord/{__version__}", **headers}
    try:
        with ended_after(2 * seconds, lambda: connection.sock) as is_over:
            try:
                connection.request("POST", path, body, sent)
                response = connection.getresponse()
            except (OSError, http.client.HTTPException, UnicodeError) as error:
                raise NotTaken(TOO_SLOW if is_over.is_set() else in_words(error)) from error
        judge(response.status, response.headers.get("Retry-After", ""))
    finally:
        connection.close()


def connection_to(scheme: str, host: str, port: int | None, seconds: float) -> http.client.HTTPConnection:
    """Return a connection that is not open yet. Certificates are checked."""
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=seconds)


def judge(status: int, retry_after: str) -> None:
    """Raise `NotTaken` if the status does not say that the message was taken."""
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise NotTaken(f"It answered {status}, a redirect, which is not followed: give the address that it leads to.")
    if status == GONE:
        raise NotTaken("It answered 410: it wants no messages any more.", is_final=True)
    wait = float(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 9 else 0.0
    raise NotTaken(f"It answered {status}.", wait=min(wait, LONGEST_WAIT))


def in_words(error: OSError | http.client.HTTPException | UnicodeError) -> str:
    """Return why a connection failed."""
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not valid: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "No encrypted connection to it could be made."
    if isinstance(error, socket.gaierror | UnicodeError):  # or it has a part that no name can have
        return "Its name is not known to the domain name system."
    if isinstance(error, ConnectionRefusedError):
        return "Nothing listens at its address."
    if isinstance(error, http.client.HTTPException):
        return "What it answered is not HTTP."
    return f"The connection to it failed: {error.strerror or type(error).__name__}."

"""The errors of the embedded servers; every message says what to do next."""


class EmbeddedError(Exception):
    """The embedded servers cannot be used; the message is for the person at the terminal."""


class HomeMissing(EmbeddedError):
    """There is no HOME, and this command does not make a new HOME."""


class HomeUnusable(EmbeddedError):
    """The HOME exists, but it cannot be used: by this user, or by this version of PostgreSQL."""


class OneUserOnly(EmbeddedError):
    """We are root, and the system gives no other user id, so PostgreSQL refuses to run."""


class ServerFailed(EmbeddedError):
    """A server did not start, did not answer or did not stop."""


class UpRunning(EmbeddedError):
    """Another `onrecord up` runs on this HOME."""


class UrlRefused(EmbeddedError):
    """A URL in the settings is of a kind that we cannot use."""

"""What the embedded servers can complain about; every message says what to do next."""


class EmbeddedError(Exception):
    """Something stands in the way of the embedded servers; the message is for the person at the terminal."""


class HomeMissing(EmbeddedError):
    """There is no HOME, and this command does not make one."""


class HomeUnusable(EmbeddedError):
    """The HOME is there, but not for this user or not with these binaries."""


class OneUserOnly(EmbeddedError):
    """We are root and no other user id can be had, so PostgreSQL refuses to run."""


class ServerFailed(EmbeddedError):
    """A server did not start, did not answer or did not stop."""


class UpRunning(EmbeddedError):
    """Another `onrecord up` works on this HOME."""


class UrlRefused(EmbeddedError):
    """A URL in the settings is of a kind that we cannot use."""

"""Where the page listens: its port, and the names under which a browser may ask for it.

`up` asks here before it starts the page's process, so this module imports no web library.
"""

import ipaddress
import socket

from worker.settings import Settings

LOCAL_NAMES = frozenset(("localhost", "127.0.0.1", "[::1]"))
"""The names by which a browser on this machine reaches the page."""


def is_local(host: str) -> bool:
    """True if only programs on this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def names_of(settings: Settings) -> frozenset[str]:
    """Return the names that the header `Host` may have, without a port, in lower case.

    Any other name is refused: a stranger's site could otherwise name this machine's address in the domain name system,
    and read the page as its own (DNS rebinding).
    """
    own = bracketed(settings.web_host)
    named = {name.strip().lower() for name in settings.web_names.split(":") if name.strip()}
    return LOCAL_NAMES | named | ({own} if own not in ("0.0.0.0", "[::]") else set())  # noqa: S104 - left out


def bracketed(host: str) -> str:
    """Return a host as it stands in an address: IPv6 in brackets, names in lower case."""
    host = host.strip("[]").lower()
    return f"[{host}]" if ":" in host else host


def url_of(host: str, port: int) -> str:
    """Return the address to print: of a server for all machines, the one on this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "[::]") else bracketed(host)  # noqa: S104 - compared
    return f"http://{shown}:{port}/"


def free_port(host: str, wanted: int) -> int:
    """Return `wanted` if it is free, else a port that the system chooses. Raises `OSError` if `host` is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in (wanted, 0):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), port))
            except OSError:
                if port == 0:
                    raise
            else:
                return int(probe.getsockname()[1])
    raise AssertionError("unreachable")

"""Turns an error message of a database or broker driver into advice: which piece of a URL is wrong, what to do."""

import re
from collections.abc import Sequence

LONGEST = 300
"""Show at most this many characters of a message."""

# Each pair is a pattern of a message and the advice for it; the first pattern that matches counts. {url} is the name of
# the setting.
POSTGRES: Sequence[tuple[str, str]] = (
    ("failed to resolve host|could not translate host name", "The host name in {url} cannot be resolved: correct the"
     " name, or repair DNS."),
    ("Connection refused", "Nothing listens there: start PostgreSQL, or correct host and port in {url}."),
    ("No such file or directory", "There is no such socket: start PostgreSQL, or correct the host in {url}."),
    ("timeout|timed out", "No answer came: the server may be stopped, another program may use this port, or a firewall"
     " may block it. Look at that server, or correct host and port in {url}."),
    ("No route to host|Network is unreachable", "That machine cannot be reached: correct the host in {url}."),
    ("password authentication failed|no password supplied|SASL", "The user or the password in {url} is wrong;"
     " special characters in the password must be %-encoded."),
    (r"could not access file", "A setting of this role names a library that does not exist, so nobody can log in:"
     " beat puts the settings back within seconds, and `onrecord migrate` does so, too."),
    ("role .* does not exist", "There is no such user: correct the user in {url}, or create the user;"
     " `onrecord migrate` creates the role onrecord_reader."),
    ("database .* does not exist", "There is no such database: correct the name in {url}, or create it (`createdb`)."),
    ("no pg_hba.conf entry|SSL required|server does not support SSL", "The server refuses this way of logging in: see"
     " its pg_hba.conf, and sslmode in {url}."),
    ("invalid response to SSL|expected authentication request|server closed the connection unexpectedly|unexpected"
     " message|lost synchronization|protocol", "The server there is not PostgreSQL: correct host and port in {url}."),
    ("too many clients|remaining connection slots", "All connections are taken: raise max_connections, or run fewer"
     " processes."),
    ("starting up|shutting down|not yet accepting|recovery", "The server is starting or stopping: wait a little;"
     " Onrecord then goes on by itself."),
)  # fmt: skip
BROKER: Sequence[tuple[str, str]] = (
    ("max number of clients|Broken pipe", "All connections of the broker are taken: raise its maxclients, or end other"
     " programs that use it. A process of Onrecord needs three at most."),
    ("Name or service not known|nodename nor servname|getaddrinfo|Temporary failure in name", "The host name in"
     " {url} cannot be resolved: correct the name, or repair DNS."),
    ("refused", "Nothing listens there: start the broker, or correct host and port in {url}."),
    ("No such file or directory", "There is no such socket: start the broker, or correct the path in {url}."),
    ("No route to host|Network is unreachable", "That machine cannot be reached: correct the host in {url}."),
    ("WRONGPASS|NOAUTH|AUTH|invalid username-password|invalid password|ACCESS_REFUSED|Authentication", "The user or the"
     " password in {url} is wrong; special characters in the password must be %-encoded."),
    ("NOPERM", "That user of the broker may not do what Onrecord needs: all commands on all keys."),
    ("OOM|maxmemory", "The broker's memory is full: raise its maxmemory, or delete the data of other programs there."),
    ("READONLY|read only replica", "This server is a replica, which takes no messages: put the primary into {url}."),
    ("MISCONF", "The broker cannot write its file, so it takes no messages: look at its disk and its log."),
    ("LOADING|MASTERDOWN", "The broker is starting: wait a little; Onrecord then goes on by itself."),
    ("DB index is out of range|Database is int|invalid DB|vhost|NOT_ALLOWED", "There is no such database or virtual"
     " host: correct the name after the last / in {url}."),
    ("Protocol Error|InvalidResponse|unknown command|Connection closed by server|closed connection|Unexpected|Socket"
     " closed|Connection reset|wrong version number|frame", "The server there is not the kind of broker that {url}"
     " names: correct {url}."),
    ("timed out|Timeout|timeout", "No answer came: the server may be stopped, another program may use this port, or a"
     " firewall may block it. Look at that server, or correct host and port in {url}."),
)  # fmt: skip


def explain(message: str, refusals: Sequence[tuple[str, str]], url: str) -> str:
    """Return the advice of the first pair in `refusals` that matches the message; `url` is the name of the setting."""
    for pattern, todo in refusals:
        if re.search(pattern, message):
            return todo.format(url=url)
    return f"Check {url}, and that the server runs."


def one_line(message: str) -> str:
    """Return a driver's message on one line. A message longer than `LONGEST` is cut and ends with an ellipsis."""
    flat = " ".join(message.split()).removeprefix("connection failed: ")
    return flat if len(flat) <= LONGEST else flat[:LONGEST] + "…"

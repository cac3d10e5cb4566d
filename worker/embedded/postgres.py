"""The embedded PostgreSQL. It listens on a Unix socket only; its companion listens on a port that is opened."""

import os
import re
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

import psycopg

from worker.embedded import connections
from worker.embedded.account import must_be_known
from worker.embedded.beside import Companion
from worker.embedded.binaries import postgres_for, postgres_major
from worker.embedded.errors import HomeUnusable, ServerFailed
from worker.embedded.layout import Layout
from worker.embedded.lock import FileLock
from worker.embedded.memory import session_memory
from worker.embedded.process import LOCALE, open_log, spawn, tail
from worker.embedded.server import POLL_SECONDS, Server
from worker.settings import settings
from worker.store.roles import READER

OWNER = "onrecord"
DATABASE = "onrecord"
SOCKET_PORT = 5432  # without an open port, this number is only used in the socket's name

# Only our user can enter the folder of the socket, so connections through it need no password. If a port is open, the
# companion leads other programs to the socket, but only as the reader (the role of analysts), who needs a password.
READER_RULE = f"local all {READER} scram-sha-256\n"
HOST_RULES = "local all all trust\n"

# In a container /dev/shm is small, or cannot be written; parallel queries, and also initdb, would then fail in the
# middle. This other kind of shared memory needs no file system. macOS allows too little of it, and has no /dev/shm.
SHARED_MEMORY = {"dynamic_shared_memory_type": "sysv"} if sys.platform == "linux" else {}

# These settings suit a small machine that also runs other programs.
SETTINGS = {
    "shared_buffers": "384MB",  # the rows of a million quotations; only what is read is in memory
    "authentication_timeout": "10s",
    "max_locks_per_transaction": "256",  # a reader may lock every table of the catalogue
    "max_notify_queue_pages": "1024",  # 8 MB: any role may send notifications, also in a read-only transaction
    "max_worker_processes": "0",  # parallel processes of a question would each have the memory and the priority of ours
    "max_parallel_workers_per_gather": "0",  # or questions are planned for processes that never come
    "log_min_error_statement": "panic",  # a statement that fails may be large, and may quote articles
    "max_wal_size": "512MB",
    "wal_level": "minimal",  # there are no replicas
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "io_method": "sync",  # saves three processes
    "jit": "off",
    **SHARED_MEMORY,
    "log_checkpoints": "off",
    "lc_messages": "C",  # `mended` reads the log
    "unix_socket_permissions": "0700",
}
NOT_READY = re.compile(
    "No such file or directory|Connection refused|Connection reset|Resource temporarily unavailable|timeout expired"
    "|closed the connection unexpectedly|canceling authentication due to timeout"
    "|starting up|shutting down|not yet accepting connections|recovery mode|terminating connection"
    "|being accessed by other users"  # another command makes a database at this moment
)
"""Ask again after an error that says one of these: the server is starting, stopping or recovering, and will answer.

libpq gives no code for a connection that fails. The server says these in English (`lc_messages`), and libpq too, since
its wheel contains no translations.
"""
LINGERING = "pre-existing shared memory block"
"""Try again after this message: the children of a killed postmaster keep its shared memory for a moment."""
PORT_SECONDS = 3.0
"""Wait at most so many seconds for a port: the companion of a server that has just ended may still have it."""
COMPANION_SECONDS = 5.0
"""Wait at most so many seconds for the last lines of the log of a server that has failed."""
LINGERING_TRIES = 50
"""Stop trying after so many starts that failed with `LINGERING`."""


class Postgres(Server):
    """PostgreSQL on one HOME. `port` also opens 127.0.0.1 to the reader; `durable=False` (no fsync) is for tests."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "The embedded PostgreSQL"
    # fast shutdown, then immediate shutdown: both keep committed rows
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]] = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))

    def __init__(self, layout: Layout, *, port: int = 0, durable: bool = True) -> None:
        super().__init__(layout)
        self.memory_bytes = session_memory(settings().session_memory_bytes)
        self._chosen_port = port
        self._processes = settings().concurrency
        self._port_file = layout.store / "postgres.port"
        self._listener: socket.socket | None = None
        self._companion: Companion | None = None
        self._durable = durable
        self._tries = 0

    @property
    def _number(self) -> str:
        """The number in the name of the socket: of the running server, or of the one that we would start."""
        return self._line(3) or str(self._chosen_port or SOCKET_PORT)

    @property
    def socket(self) -> Path:
        return self.layout.sockets / f".s.PGSQL.{self._number}"

    @property
    def port(self) -> int | None:
        """The port of 127.0.0.1 that leads to the running server; None if it listens on its socket only."""
        try:
            return int(self._port_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def pid(self) -> int | None:
        line = self._line(0)
        return int(line) if line else None

    def url(self, role: str) -> str:
        """Return the URL for SQLAlchemy, through the socket."""
        place = urlencode({"host": str(self.layout.sockets), "port": self._number})
        return f"postgresql+psycopg://{role}@/{DATABASE}?{place}"

    def connect(self, database: str = DATABASE) -> psycopg.Connection:
        """Return a connection as the owner, in autocommit mode."""
        return psycopg.connect(
            host=str(self.layout.sockets),
            port=self._number,
            user=OWNER,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def answers(self) -> bool:
        """True if the server accepts connections. Creates the database `onrecord` if it does not exist yet.

        Raises `ServerFailed` at once if the server refuses us for any other reason than that it is not ready yet.
        """
        if self._line(7) != "ready":
            return False
        try:
            with self.connect("postgres") as connection:
                if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                    connection.execute(f"create database {DATABASE}")
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another command has just made it
            return True
        except psycopg.Error as error:
            if NOT_READY.search(str(error)):
                return False
            if connections.ALL_TAKEN.search(str(error)):
                raise ServerFailed(
                    f"{self.title} has no connection left for us: other programs keep too many open. End some of them, "
                    "and try again."
                ) from error
            said = str(error).strip().splitlines()[-1].removeprefix("connection failed: ")
            raise ServerFailed(
                f"{self.title} runs, but does not let us in: {said}. Its log is {self.log}. If that does not help, "
                f"stop it with `kill {self.pid()}` and try again."
            ) from error
        return True

    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        if not self.folder.exists():
            self._initialise(guard)
        self._check_version()
        self.layout.make_sockets()
        # We hold the lock, so the server that wrote these files was killed. With the files, PostgreSQL would refuse to
        # start if another process has got that server's pid, or if that server is still a zombie.
        for stale in (self.folder / "postmaster.pid", *self.layout.sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        options = SETTINGS | {
            "hba_file": str(self._write_host_rules()),
            "unix_socket_directories": str(self.layout.sockets),
            "listen_addresses": "",
            "port": str(self._chosen_port or SOCKET_PORT),
            "max_connections": str(connections.allowed(self._processes)),
            "superuser_reserved_connections": str(connections.reserved(self._processes)),
        }
        self._open_port()
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        words = [word for name, setting in options.items() for word in ("-c", f"{name}={setting}")]
        return [postgres_for(self.layout, "postgres"), "-D", self.folder, *words]

    def mended(self, log_tail: str) -> bool:
        self._tries += 1
        return LINGERING in log_tail and self._tries < LINGERING_TRIES

    def look_after(self) -> None:
        if self._companion is not None:
            self._companion.look_after()

    def leave(self) -> None:
        super().leave()
        self._leave_companion()

    def _leave_companion(self) -> None:
        if self._companion is not None:
            self._companion.leave()
            self._companion = None

    def _output(self, supervise: bool) -> int:
        door = None
        if self._listener is not None:
            place = self.layout.sockets / f".s.PGSQL.{self._chosen_port}"
            door = (self._listener, [str(place), READER, DATABASE])
        self._companion = Companion(self.log, door, is_kept=supervise)
        return self._companion.server_end

    def _judge_failure(self) -> None:
        if self._companion is not None:
            self._companion.wait(COMPANION_SECONDS)  # it has the last lines of the log
        super()._judge_failure()

    def _open_port(self) -> None:
        """Listen on the chosen port, and write its number into a file for other commands. Raises `ServerFailed`."""
        self._port_file.unlink(missing_ok=True)
        self._leave_companion()  # it belongs to a server that has died, and we still hold its port, too
        self._listener = None
        if not self._chosen_port:
            return
        until = time.monotonic() + PORT_SECONDS
        while self._listener is None:
            try:
                self._listener = socket.create_server(("127.0.0.1", self._chosen_port), backlog=128)
            except OSError as error:
                if time.monotonic() > until:
                    raise ServerFailed(
                        f"Port {self._chosen_port} of 127.0.0.1 is taken. "
                        "Choose another ONRECORD_EMBEDDED_PORT, or 0 for none."
                    ) from error
                time.sleep(POLL_SECONDS)
        self._write_file(self._port_file, str(self._chosen_port))

    def _line(self, number: int) -> str:
        """Return a line of postmaster.pid (0 pid, 3 port, 5 address, 7 state); empty if there is no such line."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return ""
        return lines[number].strip() if number < len(lines) else ""

    def _initialise(self, guard: FileLock) -> None:
        """Run initdb in a temporary folder, then rename it. So an interrupted run leaves no complete-looking folder."""
        partial = self.folder.with_suffix(".partial")
        if partial.exists():
            shutil.rmtree(partial)
        self.layout.make_owned(partial)
        command: list[str | Path] = [
            postgres_for(self.layout, "initdb"),
            "-D",
            partial,
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        # with the locale C, pg_trgm would ignore accented letters
        command += [f"--locale={LOCALE}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [f"--set={name}={setting}" for name, setting in SHARED_MEMORY.items()]
        if not self._durable:
            command.append("--no-sync")
        must_be_known(self.layout.account.uid if self.layout.account else os.geteuid())
        if spawn(command, self.layout.account, open_log(self.log), inherit=guard.descriptor).wait() != 0:
            raise ServerFailed(f"{self.title} could not be set up. The end of its log, {self.log}:\n{tail(self.log)}")
        partial.rename(self.folder)

    def _check_version(self) -> None:
        major = (self.folder / "PG_VERSION").read_text().strip()
        if major != str(postgres_major()):
            raise HomeUnusable(
                f"The data in {self.folder} are of PostgreSQL {major}, and this onrecord brings {postgres_major()}. "
                "To move: with the onrecord that made them, `onrecord backup FILE`; then, with this one and a new "
                "ONRECORD_HOME, `onrecord restore FILE`."
            )

    def _write_host_rules(self) -> Path:
        rules = self.layout.store / "pg_hba.conf"
        rules.unlink(missing_ok=True)
        self._write_file(rules, (READER_RULE if self._chosen_port else "") + HOST_RULES)
        return rules

    def _write_file(self, path: Path, content: str) -> None:
        """Write a new file that the servers' user may read."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            if self.layout.account is not None:
                os.fchown(file.fileno(), self.layout.store.stat().st_uid, self.layout.account.gid)
                os.fchmod(file.fileno(), 0o640)

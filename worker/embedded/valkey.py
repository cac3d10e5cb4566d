"""The embedded Valkey, which is the broker. It listens on a socket only. No harm is done if all its data is lost."""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from worker.embedded.binaries import valkey_for
from worker.embedded.errors import ServerFailed
from worker.embedded.layout import Layout
from worker.embedded.lock import FileLock
from worker.embedded.server import Server

APPEND_ONLY_FOLDER = "appendonlydir"


class Valkey(Server):
    """Valkey on one HOME. If we are root, it runs as the same user as PostgreSQL; it needs only its own folder."""

    name: ClassVar[str] = "valkey"
    title: ClassVar[str] = "The embedded Valkey"
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]] = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        self._mended = False

    @property
    def socket(self) -> Path:
        return self.layout.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The URL for Celery and kombu."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    @property
    def _pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def pid(self) -> int | None:
        try:
            return int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):  # missing, or not written yet
            return None

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))
        try:
            return bool(client.ping())
        except redis.AuthenticationError as error:
            raise ServerFailed(
                f"{self.title} runs, but does not let us in: {error}. Its log is {self.log}. Stop it with "
                f"`kill {self.pid()}` and try again."
            ) from error
        except redis.ResponseError:
            return True  # it runs, but accepts no writes: a full disk, for example; starting it again would not help
        except redis.RedisError:  # not started yet, or still loading
            return False
        finally:
            client.close()

    def prepare(self, guard: FileLock) -> Sequence[str | Path]:
        self.layout.make_owned(self.folder)
        self._pid_file.unlink(missing_ok=True)
        self.layout.make_sockets()
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "pidfile": str(self._pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        flags = [word for name, option in options.items() for word in (f"--{name}", option)]
        return [valkey_for(self.layout), *flags]

    def mended(self, log_tail: str) -> bool:
        """Put the append-only file aside, once. It may be damaged; PostgreSQL and the inbox know all that it holds."""
        append_only, damaged = self.folder / APPEND_ONLY_FOLDER, self.folder / "damaged"
        if self._mended or not append_only.exists():
            return False
        shutil.rmtree(damaged, ignore_errors=True)
        append_only.rename(damaged)
        self._mended = True
        return True

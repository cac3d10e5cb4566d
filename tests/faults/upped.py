"""A newsroom as users run it: by `onrecord up`, which supervises the processes and the servers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.faults.command import Command
from tests.faults.newsroom import PATIENCE, Newsroom
from worker.embedded.home import find_home
from worker.embedded.layout import erase
from worker.embedded.servers import embedded_servers

# The kinds of processes below `up`, with words of their command lines. The first kind whose words match counts.
KINDS = {
    "parsing child": "worker.bounded",
    "backfill": "worker --queue backfill",
    "worker": "-m worker worker",
    "watch": "-m worker watch",
    "beat": "-m worker beat",
    "PostgreSQL": "postgres",
    "Valkey": "valkey-server",
}


class Upped(Newsroom):
    """A newsroom with its own HOME. Its servers and processes are children of the process `up`."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        folder.chmod(0o711)
        self.home = find_home(folder / ".onrecord", create=True)
        self.servers = embedded_servers(self.home, port=port)
        super().__init__(folder, self.servers.database_url, self.servers.broker_url)
        urls = ("ONRECORD_DATABASE_URL", "ONRECORD_REPORT_URL", "ONRECORD_BROKER_URL")
        own = {"ONRECORD_HOME": str(self.home), "ONRECORD_SEEN_SECONDS": "10"}  # the users' setting
        own |= {"ONRECORD_EMBEDDED_PORT": str(port)} if port else {}
        self.settings |= dict.fromkeys(urls, "") | own

    def up(self, *options: str, inside: Sequence[str] = (), **settings: str) -> Command:
        """Run `onrecord up`, and wait until every process has its row in `processes`."""
        process = self.start("up", "up", *options, inside=inside, **settings)
        self.wait(lambda: "Onrecord starts" in process.said() or not process.running, "`up` has got its servers ready")
        self.wait(lambda: {"watch", "worker", "beat"} <= self.alive(), "all processes are up")
        if not self.witness.looks:
            self.witness.start()
        return process

    def below(self) -> dict[str, list[psutil.Process]]:
        """Return the processes that run below `up` now, by kind. `pool`: forked by a worker or by backfill."""
        found: dict[str, list[psutil.Process]] = {}
        for process in self.processes["up"].family()[1:]:
            try:
                line, above = " ".join(process.cmdline()), process.parent()
                kind = next((kind for kind, words in KINDS.items() if words in line), None)
                if kind is None:
                    continue
                if above is not None and above.pid != self.processes["up"].pid:
                    kind = {"PostgreSQL": "PostgreSQL backend", "parsing child": kind}.get(kind, "pool")
                found.setdefault(kind, []).append(process)
            except psutil.Error:
                continue
        return found

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
        """Wait as any newsroom does; a failure also shows the log that the processes below `up` write."""
        try:
            super().wait(condition, what, seconds)
        except AssertionError as error:
            log = self.home / "logs" / "processes.log"
            said = log.read_text(errors="replace")[-6000:] if log.exists() else ""
            raise AssertionError(f"{error}\n== processes\n{said}") from None

    def close(self) -> None:
        """End `up` and all its processes and servers."""
        if "up" in self.processes:
            self.processes["up"].end(60)
        super().close()
        self.servers.valkey.stop()
        self.servers.postgres.stop()
        erase(self.home)

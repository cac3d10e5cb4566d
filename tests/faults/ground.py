"""Servers of a scenario's own, each of which can be killed, stopped and started again."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from worker.embedded.home import find_home
from worker.embedded.layout import erase, lay_out
from worker.embedded.postgres import OWNER, Postgres
from worker.embedded.server import Server
from worker.embedded.valkey import Valkey
from worker.store import schema
from worker.store.engine import make_engine


class Ground:
    """A durable PostgreSQL, migrated, and a Valkey, in a HOME that is gone after `close`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="onrecord-faults-"))
        self.folder.chmod(0o711)
        layout = lay_out(find_home(self.folder / ".onrecord", create=True))
        self.home = layout.home
        self.postgres = Postgres(layout)
        self.valkey = Valkey(layout)
        self.postgres.ensure()
        self.valkey.ensure()
        engine = make_engine(self.database_url, application="onrecord migrate")
        schema.upgrade(engine)
        engine.dispose()

    @property
    def database_url(self) -> str:
        """PostgreSQL as the owner."""
        return self.postgres.url(OWNER).render_as_string()

    @property
    def broker_url(self) -> str:
        """Valkey."""
        return self.valkey.url

    def kill(self, server: Server) -> None:
        """SIGKILL to a server, and wait until no process of it lives."""
        pid = server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        server.stop()

    def close(self) -> None:
        """Stop both and remove all."""
        self.valkey.stop()
        self.postgres.stop()
        erase(self.home)
        shutil.rmtree(self.folder, ignore_errors=True)

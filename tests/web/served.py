"""The page on a real port, in a thread of this process, and plain requests to it."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import uvicorn
from sqlalchemy import event

from worker.report.reading import become_reader
from worker.store.db.engine import make_engine
from worker.store.db.session import QUESTIONS_SCHEMA
from worker.web.address import LOCAL_NAMES
from worker.web.house import House
from worker.web.serving import configuration


@dataclass(frozen=True)
class Answered:
    """An answer: its status, its headers with names in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Served:
    """A page that is served at `url`."""

    url: str
    house: House

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        method: str | None = None,
        **headers: str,
    ) -> Answered:
        """Send a request, with a form as a browser sends it; a header's name has `_` for `-`."""
        place = urlsplit(self.url).netloc
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if form is not None:
            sent = {"Origin": f"http://{place}", "Content-Type": "application/x-www-form-urlencoded"} | sent
            body = urlencode({"token": self.house.token} | dict(form))
        connection = http.client.HTTPConnection(place, timeout=30)
        try:
            connection.request(method or ("GET" if form is None else "POST"), path, body, sent)
            response = connection.getresponse()
            answer = response.read()
            return Answered(response.status, {name.lower(): value for name, value in response.getheaders()}, answer)
        finally:
            connection.close()


@contextmanager
def served(database_url: str, **settings: Any) -> Iterator[Served]:
    """Serve the page on a database; `settings` are those of `House`."""
    reader = make_engine(database_url, pool_size=4, schema=QUESTIONS_SCHEMA)
    event.listen(reader, "connect", become_reader)
    owner = make_engine(database_url, spare=2)
    house = House(reader=reader, owner=lambda: owner, **{"names": LOCAL_NAMES, "person": "Ada"} | settings)
    server = uvicorn.Server(configuration(house, "127.0.0.1", 0))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", house)
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(20)
            reader.dispose()
            owner.dispose()

"""Runs the page: one process with uvicorn, until it is asked to stop."""

import asyncio

import uvicorn
from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from worker.web.application import application
from worker.web.house import House

THREADS = 8
"""At most so many pages are made at a time; each holds one connection."""
MOST_CONNECTIONS = 200
"""At most so many browsers' connections are open; more are told to come again."""
LOOK_SECONDS = 0.5
"""Look so often whether the server is to end; uvicorn itself would look ten times a second, also when nobody asks."""


def serve(house: House, host: str, port: int) -> None:
    """Serve the page until SIGINT or SIGTERM."""
    Server(configuration(house, host, port)).run()


class Server(uvicorn.Server):
    """The server of uvicorn, which wakes less often while it is idle."""

    async def main_loop(self) -> None:
        """Keep the header `Date` up to date, until the server is to end."""
        while not await self.on_tick(0):  # noqa: ASYNC110 - a signal's handler sets what is looked at
            await asyncio.sleep(LOOK_SECONDS)


def configuration(house: House, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves the page."""
    return uvicorn.Config(
        Threads(application(house)),
        host=host.strip("[]"),
        port=port,
        log_config=None,
        access_log=False,  # addresses hold names of people, and logs outlive what is forgotten
        server_header=False,
        lifespan="off",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )


class Threads:
    """Bounds the threads that make pages, which needs a running event loop (ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._is_bounded = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not self._is_bounded:
            to_thread.current_default_thread_limiter().total_tokens = THREADS
            self._is_bounded = True
        await self._app(scope, receive, send)

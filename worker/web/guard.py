"""The guard in front of every page: it refuses what no browser of a person here would send, and sets the headers.

In this order: the name in the address, the method, the size; who asks; and for a change its origin, its body and its
token. OWASP, "Cross-Site Request Forgery Prevention", asks for the last three.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.web import machines
from worker.web.house import House, token_of
from worker.web.responses import message

COOKIE = "onrecord"
"""The name of the session's cookie."""
SIGN_IN = "/sign-in"
FEED = re.compile(r"/watch-lists/[1-9][0-9]*/feed\.(?:atom|json)")
"""The addresses that a feed reader may ask for without a session, if it has a key."""
MOST_BODY = 64_000
"""A form has at most so many bytes."""
MOST_ADDRESS = 8_000
"""An address has at most so many bytes after the host."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send forms with `Origin: null`
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The outermost part of the application (ASGI)."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(sent: Message) -> None:
            if sent["type"] == "http.response.start":
                headers = MutableHeaders(scope=sent)
                for name, value in HEADERS.items():
                    headers[name] = value
                if "Cache-Control" not in headers:
                    headers["Cache-Control"] = "no-store" if self._house.password else "no-cache"
            await send(sent)

        scope["house"] = self._house
        request = Request(scope, receive)
        refusal = await self._refusal(request)
        await (refusal or self._app)(scope, receive, send_guarded)

    async def _refusal(self, request: Request) -> Response | None:
        scope = request.scope
        if host_of(request) not in self._house.names:
            return message(
                request,
                400,
                "This address is not the page's.",
                "Open it under the address that Onrecord printed; ONRECORD_WEB_NAMES takes other names.",
            )
        if request.method not in ("GET", "HEAD", "POST"):
            return message(request, 405, "The page knows only reading and sending a form.")
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_ADDRESS:
            return message(request, 414, "The address is too long.", f"It may have {MOST_ADDRESS:,} bytes.")
        scope["session"] = self._house.sessions.find(request.cookies.get(COOKIE))
        path = request.url.path
        if path.startswith("/static/"):
            return None
        if path in machines.PATHS:
            return None if machines.may_ask(request, self._house, host_of(request)) else machines.refusal()
        is_signing_in = path == SIGN_IN
        if self._house.password and scope["session"] is None and not is_signing_in:
            may_read = (self._house.is_open and path != "/review") or has_feed_key(request)
            if request.method == "POST" or not may_read:
                wanted = path + (f"?{request.url.query}" if request.url.query else "")
                target = "" if request.method == "POST" else f"?next={quote(wanted, safe='')}"
                return RedirectResponse(SIGN_IN + target, status_code=303)
        if request.method == "POST":
            return await self._refused_change(request)
        return None

    async def _refused_change(self, request: Request) -> Response | None:
        if not is_own_origin(request):
            return message(request, 403, "This change comes from another site, and was not made.")
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BODY:
                return message(request, 413, "The form is too long, and nothing was changed.")
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50)
        except ValueError:
            return message(request, 400, "The form cannot be read, and nothing was changed.")
        request.scope["form"] = {name: values[-1] for name, values in fields.items()}
        if request.scope["form"].get("token") != token_of(request):
            return message(
                request,
                403,
                "This form is older than the running page, and nothing was changed.",
                "Go back, load the page again, and send it once more.",
            )
        return None


def host_of(request: Request) -> str:
    """Return the name in the header `Host`, without the port, in lower case."""
    host = request.headers.get("host", "").lower()
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def has_feed_key(request: Request) -> bool:
    """True if a feed reader asks for the feed of a watch-list, with a key; whoever makes the feed checks the key."""
    return FEED.fullmatch(request.url.path) is not None and "key" in request.query_params


def is_own_origin(request: Request) -> bool:
    """True if a form was sent by one of our own pages.

    Browsers name the origin of every form. Where there is none, they say at least whether it is the same site's.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of the form that was sent, which the guard has read."""
    form = request.scope["form"]
    assert isinstance(form, dict)
    return form

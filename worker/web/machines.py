"""`/metrics` and `/health`, which programs ask: Prometheus, and whatever starts or watches the page.

They say how much there is, and never what: no name, no word of an article. Still not everybody is to read them. Without
a password only programs on this machine reach the page at all. With one, they are for whoever is signed in, for
programs on this machine, and for programs that send the token `ONRECORD_MONITOR_TOKEN`.
"""

import json
import secrets

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from worker.web.address import LOCAL_NAMES, is_local
from worker.web.house import House, house_of

PATHS = frozenset(("/metrics", "/health"))
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A server before the page sends one of these; then whoever asks is not on this machine."""
REFUSED = "This is for programs on this machine, and for those that send the token ONRECORD_MONITOR_TOKEN.\n"
NO_ANSWER = "The database does not answer."


def may_ask(request: Request, house: House, name: str) -> bool:
    """True if a program may read the two addresses; `name` is the one in the header `Host`."""
    if not house.password or request.scope["session"] is not None:
        return True
    sent = request.headers.get("authorization", "")
    token = house.monitor.token if house.monitor else ""
    if token and secrets.compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return True
    # A server before the page is on this machine, too, and asks for the world. It passes on `Host`, or adds a header.
    is_here = request.client is not None and is_local(request.client.host) and name in LOCAL_NAMES
    return is_here and not any(header in request.headers for header in FORWARDED)


def refusal() -> Response:
    """Return the answer to whoever may not ask."""
    return PlainTextResponse(REFUSED, 401, {"WWW-Authenticate": "Bearer"})


def metrics(request: Request) -> Response:
    """Answer `/metrics`; 503 if the database does not answer, so that Prometheus stores no number."""
    monitor = house_of(request).monitor
    if monitor is None:
        return PlainTextResponse("There are no numbers here.\n", 404)
    try:
        numbers = monitor.metrics()
    except SQLAlchemyError:
        return PlainTextResponse(NO_ANSWER + "\n", 503)
    return Response(numbers, media_type=monitor.media_type, headers={"Cache-Control": "no-store"})


def health(request: Request) -> Response:
    """Answer `/health`: 200 if nothing is wrong, else 503, with a sentence and the problems."""
    monitor = house_of(request).monitor
    try:
        problems = monitor.problems() if monitor else ()
    except SQLAlchemyError:
        problems = ({"said": NO_ANSWER, "todo": "`onrecord doctor` says more."},)
    said = f"{problems[0]['said']} {problems[0]['todo']}" if problems else "Everything runs."
    answer = {"healthy": not problems, "said": said, "problems": list(problems)}
    body = json.dumps(answer, ensure_ascii=False) + "\n"
    status = 503 if problems else 200
    return Response(body, status, media_type="application/json", headers={"Cache-Control": "no-store"})

"""How pages are answered: from a template, as a sentence, or by leading back to another page."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import structlog
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, StreamingResponse

from worker.web import house
from worker.web.listing import Pieces, sent
from worker.web.templates import environment

log = structlog.get_logger("onrecord.web")

MOST_NEXT = 2_000
"""The address of the page to go back to has at most so many characters."""

CUT_OFF = b"""
<div class="fault" role="alert"><p>The rest of this page could not be made. Load it again; if that does not help, the
log of the page has the details, and <code>onrecord doctor</code> may say more.</p></div>
"""
"""What stands in place of what could not be made. Browsers close the elements that are open before it."""
PAUSE = Markup("\f")
"""Where a template has `{{ pause }}`, what comes before it is sent; no page has this character otherwise."""


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page made from a template, with what every page shows."""
    made = environment().get_template(template).render(shared_by_all(request) | values)
    return HTMLResponse(made, status_code=status)


def in_portions(pieces: Pieces) -> StreamingResponse:
    """Answer with a page of `portions`; each is sent when it is made.

    The first is made here, so that an error of the database still becomes a page.
    """
    return StreamingResponse(sent(next(pieces), ended(pieces)), media_type="text/html; charset=utf-8")


def ended(pieces: Pieces) -> Pieces:
    """Yield what is left of a page that is being sent. If it cannot be made, log why, and let the page say so."""
    try:
        yield from pieces
    except Exception:
        log.exception("the rest of a page could not be made")
        yield CUT_OFF


def portions(request: Request, template: str, **values: object) -> Iterator[bytes]:
    """Yield a page made from a template: what comes before its `{{ pause }}`, and the rest."""
    made: list[str] = []
    for piece in environment().get_template(template).generate(shared_by_all(request) | values | {"pause": PAUSE}):
        if piece == PAUSE:
            yield "".join(made).encode()
            made.clear()
        else:
            made.append(piece)
    yield "".join(made).encode()


def shared_by_all(request: Request) -> dict[str, object]:
    """Return what every page shows."""
    return {
        "request": request,
        "here": here(request),
        "path": request.url.path,
        "person": house.person_of(request),
        "token": house.token_of(request),
        "may_correct": house.may_correct(request),
        "is_signed_in": house.session_of(request) is not None,
        "has_password": bool(house.house_of(request).password),
    }


def message(request: Request, status: int, sentence: str, advice: str = "") -> HTMLResponse:
    """Return a page that says one thing, and what to do.

    It asks nothing of the application, so that the guard can refuse a request with it.
    """
    shown = environment().get_template("message.html").render(sentence=sentence, advice=advice, status=status)
    return HTMLResponse(shown, status_code=status)


def here(request: Request) -> str:
    """Return the path and query of a request, without what only tells of the last decision."""
    query = [(name, value) for name, value in parse_qsl(request.url.query, keep_blank_values=True) if name != "decided"]
    return request.url.path + (f"?{urlencode(query)}" if query else "")


def back(wanted: str | None, otherwise: str, **added: object) -> RedirectResponse:
    """Lead to a page of ours, after a change; `added` goes into its query.

    `wanted` came with a form. An address of another host, or with control characters, counts for nothing.
    """
    target = wanted or otherwise
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    if not is_ours or parts.netloc or parts.scheme or len(target) > MOST_NEXT:
        parts = urlsplit(otherwise)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *((name, str(value)) for name, value in added.items())]
    address = parts.path + (f"?{urlencode(query)}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return RedirectResponse(address, status_code=303)

"""How pages are answered: from a template, as a sentence, or by leading back to another page."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from worker.web import house
from worker.web.templates import environment

MOST_NEXT = 2_000
"""The address of the page to go back to has at most so many characters."""


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page made from a template, with what every page shows."""
    shared = {
        "request": request,
        "here": here(request),
        "path": request.url.path,
        "person": house.person_of(request),
        "token": house.token_of(request),
        "may_correct": house.may_correct(request),
        "is_signed_in": house.session_of(request) is not None,
        "has_password": bool(house.house_of(request).password),
    }
    return HTMLResponse(environment().get_template(template).render(shared | values), status_code=status)


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

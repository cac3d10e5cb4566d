"""`/sign-in` and `/sign-out`: who reads and decides, where the page has a password."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.web.asking import query_of
from worker.web.guard import COOKIE, form_of
from worker.web.house import house_of
from worker.web.passwords import is_right
from worker.web.responses import back, page

LONGEST_NAME = 100


def show(request: Request) -> Response:
    """Answer `/sign-in`."""
    return page(request, "sign_in.html", next=query_of(request).get("next", "/"), fault=None, name="")


def sign_in(request: Request) -> Response:
    """Open a session for whoever sends the password, under the name that comes with it."""
    house, form = house_of(request), form_of(request)
    name, password, wanted = (form.get(field, "") for field in ("name", "password", "next"))
    name = name.strip()
    address = request.client.host if request.client else ""
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        return page(request, "sign_in.html", 400, next=wanted, name="", fault="Write your name; decisions carry it.")
    if wait := house.tries.must_wait(address):
        fault = f"There were too many tries; the next one may come in {round(wait) + 1} seconds."
        return page(request, "sign_in.html", 429, next=wanted, name=name, fault=fault)
    if not house.password or not is_right(password, house.password):
        house.tries.was_wrong(address)
        return page(request, "sign_in.html", 403, next=wanted, name=name, fault="That is not the password.")
    house.tries.was_right(address)
    answer = back(wanted, "/")
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, house.sessions.open(name), httponly=True, samesite="strict", secure=secure, path="/")
    return answer


def sign_out(request: Request) -> Response:
    """End the session."""
    house_of(request).sessions.close(request.cookies.get(COOKIE))
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
    return answer

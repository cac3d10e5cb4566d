"""The application: which page answers which address, and what becomes of errors."""

from pathlib import Path

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from worker.report.search_line import Unreadable
from worker.web import addresses, machines
from worker.web.guard import Guard
from worker.web.house import House
from worker.web.listing import Listing
from worker.web.pages import (
    article,
    correcting,
    decisions,
    files,
    outlets,
    quote,
    quotes,
    reports,
    review,
    search,
    signing,
    speaker,
    speakers,
    statement,
    watch_lists,
)
from worker.web.responses import message

LISTINGS: tuple[Listing, ...] = (
    quotes.LISTING,
    speakers.LISTING,
    outlets.LISTING,
    files.LISTING,
    decisions.LISTING,
)
"""The lists that can be taken along as files."""

TOO_LONG = "57014"
"""PostgreSQL's code for a statement that was stopped because of its time."""
STATIC = Path(__file__).parent / "static"


def application(house: House) -> Guard:
    """Return the page as an application (ASGI)."""
    pages = Starlette(
        routes=routes(),
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={
            Unreadable: of_address,
            DBAPIError: of_database,
            HTTPException: of_http,
            Exception: unforeseen,
        },
    )
    return Guard(pages, house)


def routes() -> list[Route | Mount]:
    """Return every address of the page."""
    addresses.register()

    files_of_lists = [
        Route(f"/{listing.name}.{{ending:ending}}", listing.send, methods=["GET"]) for listing in LISTINGS
    ]
    return [
        Route("/", search.show),
        Route("/quotes", quotes.show),
        Route("/feed.atom", quotes.send_atom),
        Route("/feed.json", quotes.send_json),
        Route("/quotes/{number:row}", quote.show),
        Route("/articles/{number:row}", article.show),
        Route("/statements/{number:row}", statement.show),
        Route("/speakers", speakers.show),
        Route("/speakers/complete", speakers.complete),
        Route("/speakers/{number:row}", speaker.show),
        Route("/outlets", outlets.show),
        Route("/outlets/{number:row}", outlets.show_one),
        Route("/files", files.show),
        Route("/reports", reports.show),
        Route("/reports/{name:word}.{ending:ending}", reports.send_one),
        Route("/reports/{name:word}", reports.show_one),
        Route("/decisions", decisions.show),
        Route("/quotes/{number:row}/correct", correcting.choose, methods=["GET"]),
        Route("/quotes/{number:row}/correct", correcting.correct, methods=["POST"]),
        Route("/quotes/{number:row}/recut", correcting.recut, methods=["POST"]),
        Route("/articles/{number:row}/quotes", correcting.add, methods=["POST"]),
        Route("/speakers/{number:row}/merge", correcting.merge, methods=["POST"]),
        Route("/speakers/{number:row}/split", correcting.split, methods=["POST"]),
        Route("/speakers/{number:row}/rename", correcting.rename, methods=["POST"]),
        Route("/speakers/{number:row}/alias", correcting.alias, methods=["POST"]),
        Route("/speakers/{number:row}/refuse", correcting.refuse, methods=["POST"]),
        Route("/decisions/{number:row}/undo", correcting.undo, methods=["POST"]),
        Route("/files/retry", correcting.retry, methods=["POST"]),
        Route("/review", review.show),
        Route("/metrics", machines.metrics),
        Route("/health", machines.health),
        Route("/watch-lists", watch_lists.show, methods=["GET"]),
        Route("/watch-lists", watch_lists.make, methods=["POST"]),
        Route("/watch-lists/{number:row}", watch_lists.show_one),
        Route("/watch-lists/{number:row}/feed.atom", watch_lists.send_atom),
        Route("/watch-lists/{number:row}/feed.json", watch_lists.send_json),
        Route("/watch-lists/{number:row}/remove", watch_lists.remove, methods=["POST"]),
        Route("/watch-lists/{number:row}/pause", watch_lists.pause, methods=["POST"]),
        Route("/watch-lists/{number:row}/resume", watch_lists.resume, methods=["POST"]),
        Route("/sign-in", signing.show, methods=["GET"]),
        Route("/sign-in", signing.sign_in, methods=["POST"]),
        Route("/sign-out", signing.sign_out, methods=["POST"]),
        *files_of_lists,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def of_http(request: Request, error: Exception) -> Response:
    """Answer an address that leads nowhere."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return message(request, 404, "There is no such page.", "The search finds what is stored.")
    return message(request, error.status_code, "The page does not do that.")


def of_address(request: Request, error: Exception) -> Response:
    """Answer an address that asks for something that cannot be read; its sentence says what to write."""
    assert isinstance(error, Unreadable)
    return message(request, 400, str(error))


def of_database(request: Request, error: Exception) -> Response:
    """Answer where PostgreSQL stopped a question, or does not answer."""
    assert isinstance(error, DBAPIError)
    if getattr(error.orig, "sqlstate", None) == TOO_LONG:
        return message(
            request, 503, "This took too long and was stopped.", "Narrow it: a speaker, an outlet, some days."
        )
    advice = "Is Onrecord running? `onrecord doctor` says more."
    return message(request, 503, "The database does not answer.", advice)


def unforeseen(request: Request, _error: Exception) -> Response:
    """Answer where something failed that should not; the log has the details, and the page has none."""
    return message(request, 500, "Something went wrong.", "The log of the page has the details; please report them.")

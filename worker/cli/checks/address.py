"""Checks of a URL that need no connection: the URL's form, its scheme and its driver."""

from worker.cli.checks.finding import Finding, problem

POSTGRES_SCHEMES = ("postgresql", "postgres")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp")
POSTGRES_FORM = "It looks like postgresql://user:password@host:5432/name; special characters are %-encoded."
BROKER_FORM = (
    "It looks like redis://:password@host:6379/0 or amqp://user:password@host:5672//; special characters are %-encoded."
)


def wrong_postgres_url(url: str, setting: str, subject: str) -> Finding | None:
    """Return a finding if a URL of PostgreSQL is wrong, otherwise None. The password is never shown."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return problem(subject, f"{setting} is not an address of PostgreSQL.", POSTGRES_FORM)
    scheme = address.drivername.partition("+")[0]
    if scheme not in POSTGRES_SCHEMES:
        return problem(subject, f"{setting} begins with {scheme}://, which is not PostgreSQL.", POSTGRES_FORM)
    return None


def wrong_broker_url(url: str) -> Finding | None:
    """Return a finding if the broker's URL is wrong, otherwise None."""
    from kombu.transport import TRANSPORT_ALIASES

    setting = "ONRECORD_BROKER_URL"
    scheme, separator, rest = url.partition("://")
    if not separator or not rest:
        return problem("broker", f"{setting} is not an address of a broker.", BROKER_FORM)
    if scheme not in {*TRANSPORT_ALIASES, *BROKER_SCHEMES}:
        hint = "Valkey is reached by redis://. " if scheme.startswith("valkey") else ""
        return problem(
            "broker", f"{setting} begins with {scheme}://, which is no broker that is known.", hint + BROKER_FORM
        )
    if scheme not in BROKER_SCHEMES:
        message = f"{setting} begins with {scheme}://, whose driver does not come with Onrecord."
        return problem("broker", message, f"Use Redis, Valkey or RabbitMQ. {BROKER_FORM}")
    return wrong_port(url)


def wrong_port(url: str) -> Finding | None:
    """Return a finding if the port is not a number. A password with a : or a / may be read as a port by mistake."""
    from urllib.parse import urlsplit

    try:
        _ = urlsplit(url.partition(";")[0]).port  # if the URL names several sentinels, the first is checked
    except ValueError:
        return problem("broker", "The port in ONRECORD_BROKER_URL is not a number.", BROKER_FORM)
    return None

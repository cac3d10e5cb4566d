"""What can be told of a URL without asking anybody: its form, its scheme, its driver."""

from worker.cli.checks.finding import Finding, problem

POSTGRES_SCHEMES = ("postgresql", "postgres")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "sentinel", "amqp", "amqps", "pyamqp")
POSTGRES_FORM = "It looks like postgresql://user:password@host:5432/name; special characters are %-encoded."
BROKER_FORM = "It looks like redis://:password@host:6379/0 or amqp://user:password@host:5672//; "


def wrong_postgres_url(url: str, setting: str, subject: str) -> Finding | None:
    """What is wrong with a URL of PostgreSQL, if anything; the password is never shown."""
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
    """What is wrong with the broker's URL, if anything."""
    from kombu.transport import TRANSPORT_ALIASES

    setting = "ONRECORD_BROKER_URL"
    scheme, separator, rest = url.partition("://")
    form = BROKER_FORM + "special characters are %-encoded."
    if not separator or not rest:
        return problem("broker", f"{setting} is not an address of a broker.", form)
    if scheme not in {*TRANSPORT_ALIASES, *BROKER_SCHEMES}:
        hint = "Valkey is reached by redis://. " if scheme.startswith("valkey") else ""
        return problem("broker", f"{setting} begins with {scheme}://, which is no broker that is known.", hint + form)
    if scheme not in BROKER_SCHEMES:
        said = f"{setting} begins with {scheme}://, whose driver Onrecord does not bring."
        return problem("broker", said, f"Use Redis, Valkey or RabbitMQ. {form}")
    return wrong_port(url, form)


def wrong_port(url: str, form: str) -> Finding | None:
    """A port that is no number, as a password with a : or a / in it looks like."""
    from urllib.parse import urlsplit

    try:
        _ = urlsplit(url.partition(";")[0]).port  # the first of several sentinels
    except ValueError:
        return problem("broker", "The port in ONRECORD_BROKER_URL is not a number.", form)
    return None

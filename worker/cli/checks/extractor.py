"""The check of the extractor: which version runs here, and whether a fit of the house's own can be used."""

from collections.abc import Iterator

from worker.cli.checks.finding import Finding, ok, problem


def check_extractor() -> Iterator[Finding]:
    """Yield which extractor a worker started here runs; a problem if ONRECORD_CERTAINTY names no fit."""
    from worker.extract.model.own_fit import BadFit
    from worker.pipeline import extractor
    from worker.settings import settings

    try:
        version = extractor.version()
    except BadFit as error:
        yield problem("extractor", error.message, error.todo)
        return
    own = f", with the fit {settings().certainty}" if version.fit else ""
    yield ok("extractor", f"A worker started here reads with {version.name}{own}.")

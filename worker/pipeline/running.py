"""The extractor that this process runs: in the mode that the settings name."""

from sqlalchemy import Engine

from worker.extract.version import Mode, Version, of
from worker.settings import settings
from worker.store import catalogue


def extractor() -> Version:
    """The version of the extractor at work here."""
    return of(Mode(settings().extractor))


def extractor_id(engine: Engine) -> int:
    """Its row, made if need be."""
    running = extractor()
    return catalogue.version_id(engine, running.name, running.mode, running.model_hash, running.generation)

"""Where an article came from: the name of the database that exported it, or else of the format of its bytes."""

from worker.parse.bundles import entry
from worker.parse.registry import for_media_type


def origin(raw: bytes, media_type: str) -> str:
    """Return the origin of the bytes of one article: "Nexis Uni", "NewsML-G2 message", "HTML page"."""
    database = entry.database_of(raw) if media_type == entry.MEDIA_TYPE else None
    return database or for_media_type(media_type).name

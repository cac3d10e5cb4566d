"""Mentions → names inside one article. Pure: no database, no settings."""

from worker.speakers.within.resolution import Attribution, Entity, EntityKind, Resolution, SourceKind
from worker.speakers.within.resolve import resolve

__all__ = ["Attribution", "Entity", "EntityKind", "Resolution", "SourceKind", "resolve"]

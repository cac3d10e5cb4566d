"""The speakers of quotations inside one article. Pure: no database, no settings."""

from worker.speakers.within.resolution import Entity, EntityKind, Resolution, SourceKind, SpeakerAttribution
from worker.speakers.within.resolve import resolve

__all__ = ["Entity", "EntityKind", "Resolution", "SourceKind", "SpeakerAttribution", "resolve"]

"""The result of `resolve`: the people and bodies that speak in one article, and the speakers of each quotation."""

from dataclasses import dataclass
from enum import StrEnum


class EntityKind(StrEnum):
    """The kinds of speaker that can have a name."""

    PERSON = "person"
    BODY = "body"


class SourceKind(StrEnum):
    """The kinds of speaker that a quotation's source can stand for."""

    PERSON = "person"
    BODY = "body"
    UNNAMED = "unnamed"  # "a senior official": the words are stored, but no speaker
    NONE = "none"  # the quotation has no source


@dataclass(frozen=True, slots=True)
class Entity:
    """A person or body that speaks in the article.

    `name` is the fullest form of the name in this article, without title ("Sergey Lavrov"). `forms` are all its forms,
    with or without titles. `roles` are descriptions of a person in lower case ("russian foreign minister").
    """

    name: str
    kind: EntityKind
    forms: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerAttribution:
    """The speakers of one quotation: several if the source is joint, none if the speaker's name is not known.

    `entities` are indexes into `Resolution.entities`. `confidence` lies in [0, 1]. `evidence` is the rule by which the
    speakers were found: "full name", "surname", "pronoun", "role" and others. `speaks_for` is the full name of the body
    or person on whose behalf an unnamed source speaks ("a spokesman for Greymoor"); the names of several are joined by
    " & ".
    """

    source_kind: SourceKind
    entities: tuple[int, ...] = ()
    confidence: float = 0.0
    evidence: str = ""
    speaks_for: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The speakers of one article's quotations; `attributions[i]` belongs to the i-th quotation."""

    entities: tuple[Entity, ...]
    attributions: tuple[SpeakerAttribution, ...]

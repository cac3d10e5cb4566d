"""What naming inside one article yields: the entities it speaks of, and who is the speaker of each quotation."""

from dataclasses import dataclass
from enum import StrEnum


class EntityKind(StrEnum):
    """What can be a speaker with a name."""

    PERSON = "person"
    BODY = "body"


class SourceKind(StrEnum):
    """What a quotation's source mention stands for."""

    PERSON = "person"
    BODY = "body"
    UNNAMED = "unnamed"  # "a senior official": the words are kept, no speaker
    NONE = "none"  # no source found


@dataclass(frozen=True, slots=True)
class Entity:
    """A person or body named in the article.

    `name` is the canonical form inside this article, without title ("Sergey Lavrov"); `forms` are the ways it was
    named (with or without titles); `roles` are lower-cased descriptions seen with it ("russian foreign minister").
    """

    name: str
    kind: EntityKind
    forms: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said one quotation: indexes into `Resolution.entities` (several for a joint source, none when unknown)."""

    source_kind: SourceKind
    entities: tuple[int, ...] = ()
    confidence: float = 0.0
    evidence: str = ""  # "full name", "surname", "pronoun", "role", … : the rule that decided


@dataclass(frozen=True, slots=True)
class Resolution:
    """The outcome for one article; `attributions[i]` belongs to the i-th quotation."""

    entities: tuple[Entity, ...]
    attributions: tuple[Attribution, ...]

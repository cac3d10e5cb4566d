"""Which extractor this is: what `extractor_versions` records and what makes an older article outdated."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Mode(StrEnum):
    """How much is read."""

    FULL = "full"  # direct, mixed and indirect quotations
    QUOTED = "quoted"  # only what stands in marks; only the sentences around marks are read, which is faster


GENERATIONS = {Mode.QUOTED: 2, Mode.FULL: 3}
"""Ordered over all that was ever released: 1 were the rules. An article read by a lower generation is outdated, so
that going from `quoted` to `full` reads it again and going back does not."""


@dataclass(frozen=True, slots=True)
class Version:
    """One extractor: its mode, the SHA-256 of its model, its generation."""

    mode: Mode
    model_hash: str
    generation: int

    @property
    def name(self) -> str:
        """As it is shown in reports."""
        return f"{self.mode}-{self.generation}-{self.model_hash[:12]}"


def of(mode: Mode) -> Version:
    """The version that reads in this mode."""
    return Version(mode, model_hash(), GENERATIONS[mode])


@cache
def model_hash() -> str:
    """SHA-256 over the model's files, as `training.export` wrote it beside them; a test holds it against the files."""
    card = json.loads((files("worker.extract.model") / "model.json").read_text(encoding="utf-8"))
    return str(card["sha256"])

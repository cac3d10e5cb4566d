"""The version of the extractor. It is stored in table `extractor_versions`, and decides which articles are outdated."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Mode(StrEnum):
    """How much of a text is read."""

    FULL = "full"  # direct, mixed and indirect quotations
    QUOTED = "quoted"  # direct and mixed quotations only; only sentences near marks are read, which is faster


GENERATIONS = {Mode.QUOTED: 7, Mode.FULL: 8}
"""The number of each mode's generation; generation 1 was the first release, which had rules only.

An article that a lower generation has read is outdated. So a change of the mode from `quoted` to `full` makes articles
outdated; a change back does not."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the extractor: its mode, the SHA-256 of its model, and its generation."""

    mode: Mode
    model_hash: str
    generation: int

    @property
    def name(self) -> str:
        """The name that reports show, for example `full-8-0123456789ab`."""
        return f"{self.mode}-{self.generation}-{self.model_hash[:12]}"


def of(mode: Mode) -> Version:
    """Return the version of the extractor in this mode."""
    return Version(mode, model_hash(), GENERATIONS[mode])


@cache
def model_hash() -> str:
    """Return the SHA-256 over the model's files from `model.json`; a test compares it with the files."""
    card = json.loads((files("worker.extract.model") / "model.json").read_text(encoding="utf-8"))
    return str(card["sha256"])

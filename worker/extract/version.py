"""The version of the extractor. It is stored in table `extractor_versions`, and decides which articles are outdated."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files

from worker.extract.model.certainty import Fitted


class Mode(StrEnum):
    """How much of a text is read."""

    FULL = "full"  # direct, mixed and indirect quotations
    QUOTED = "quoted"  # direct and mixed quotations only; only sentences near marks are read, which is faster


GENERATIONS = {Mode.QUOTED: 12, Mode.FULL: 13}
"""The number of each mode's generation; generation 1 was the first release, which had rules only.

An article that a lower generation has read is outdated. So a change of the mode from `quoted` to `full` makes articles
outdated; a change back does not."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the extractor: its mode, the SHA-256 of its network, its generation, and an own fit."""

    mode: Mode
    network_hash: str
    generation: int
    fit: Fitted | None = None

    @property
    def name(self) -> str:
        """The name that reports show: `full-13-0123456789ab`, and with an own fit `full-13-0123456789ab+01234567`."""
        own = f"+{self.fit.digest[:8]}" if self.fit else ""
        return f"{self.mode}-{self.generation}-{self.network_hash[:12]}{own}"

    @property
    def model_hash(self) -> str:
        """The SHA-256 of all that decides what is read: the model's files, and an own fit."""
        return sha256(f"{self.network_hash} {self.fit.digest}".encode()).hexdigest() if self.fit else self.network_hash


def of(mode: Mode, fit: Fitted | None = None) -> Version:
    """Return the version of the extractor in this mode, with a fit of the house's own or the model's."""
    return Version(mode, model_hash(), GENERATIONS[mode], fit)


@cache
def model_hash() -> str:
    """Return the SHA-256 over the model's files from `model.json`; a test compares it with the files."""
    card = json.loads((files("worker.extract.model") / "model.json").read_text(encoding="utf-8"))
    return str(card["sha256"])

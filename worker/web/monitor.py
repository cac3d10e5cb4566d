"""What the page's process can say about the whole pipeline; the command that starts it brings the functions along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Monitor:
    """What `/health` and `/metrics` answer with. Both functions ask the database, and raise SQLAlchemy's errors.

    `problems` returns what is wrong, as `onrecord status --json` has it: `said` and `todo`. `metrics` returns the
    numbers as the text that Prometheus reads, which has the media type `media_type`. `token` is what programs on other
    machines send; empty: they cannot ask.
    """

    problems: Callable[[], Sequence[Mapping[str, str]]]
    metrics: Callable[[], bytes]
    media_type: str
    token: str = ""

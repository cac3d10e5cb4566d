"""What is known about bytes before they are parsed."""

from dataclasses import dataclass, field

from worker.parse.limits import Limits


@dataclass(frozen=True, slots=True)
class Hint:
    """The name the bytes came under, what a header said of them, and the bounds to keep."""

    name: str = ""
    charset: str | None = None  # as declared by a mail part or an HTTP header
    url: str | None = None  # where the bytes were fetched, if an envelope says so
    limits: Limits = field(default_factory=Limits)

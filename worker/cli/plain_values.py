"""Values of options that need no reading: Typer would load pydantic for each of them, which takes 60 ms and 6 MB.

Typer makes an adapter of pydantic for every option, also for those that were not given. But a text that was typed, and
the default of an option that was not given, are what they are; so only the other values are left to Typer. If another
version of Typer reads values in another way, commands work as before, and
`tests/integration/report/test_report_light.py` says so.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import typer.core
from typer._coercion import RuntimeParam, TypeDescriptor, build_runtime_param

MOST_DIGITS = 18
"""A number with so many digits or more is left to Typer."""


@dataclass(frozen=True)
class Reading:
    """How the values of one option are read; it stands in for Typer's own, which it makes when it needs it."""

    of: TypeDescriptor

    @cached_property
    def by_typer(self) -> RuntimeParam:
        """What Typer would have made at once."""
        return build_runtime_param(self.of)

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value with which the command is called. Raises `BadParameter`."""
        kind = self.of.annotation
        has_many = param.multiple or param.nargs == -1
        if value is None:
            return () if has_many else None
        if not has_many and isinstance(kind, type) and isinstance(value, kind):
            return value
        if has_many and kind == list[str]:
            return list(value)
        if not has_many and self.of.parameter_info.parser is not None:
            return self.of.parameter_info.parser(value)
        if not has_many and kind is int and self.is_number(value):
            return int(value)
        if not has_many and isinstance(kind, type) and issubclass(kind, StrEnum) and value in set(kind):
            return kind(value)
        return self.by_typer.coerce(value, param=param, ctx=ctx)

    def is_number(self, text: str) -> bool:
        """True for a number in ASCII digits within the bounds of the option."""
        least, most = self.of.parameter_info.min, self.of.parameter_info.max
        if not (text.isascii() and text.isdigit() and len(text) < MOST_DIGITS):
            return False
        return (least is None or int(text) >= least) and (most is None or int(text) <= most)


def take_plain_values() -> None:
    """From now on, let every command of this process take plain values as they are."""
    typer.core.build_runtime_param = Reading  # type: ignore[assignment,attr-defined]

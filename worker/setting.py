"""What a setting is: how it is declared, and how its value is read from the environment or from `.env`.

Nothing is loaded for it but the standard library, since every command reads the settings, and a library for that and
for options took a third of the time of a short command.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from math import isfinite
from pathlib import Path
from typing import Any, Literal, Self, get_args, get_origin

PREFIX = "ONRECORD_"
FILE = Path(".env")
TRUE, FALSE = ("1", "on", "t", "true", "y", "yes"), ("0", "off", "f", "false", "n", "no")


class WrongSettings(Exception):
    """Settings have values that cannot be used; the message names each of them, and says what to write."""


class Secret:
    """A text that is not shown where settings are printed or logged."""

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('…')" if self._text else "Secret('')"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a setting is for, the bounds of a number, and what is done to its value after all else."""

    description: str
    least: float | None = None
    above: float | None = None
    most: float | None = None
    check: Callable[[Any], Any] | None = None
    """It returns the value as it is to be used. Raises `ValueError` with what to write."""

    def __call__(self, value: Any) -> Any:
        """Return the value. Raises `ValueError` with what to write."""
        if self.least is not None and value < self.least:
            raise ValueError(f"write a number of at least {self.least:g}")
        if self.above is not None and value <= self.above:
            raise ValueError(f"write a number greater than {self.above:g}")
        if self.most is not None and value > self.most:
            raise ValueError(f"write a number of at most {self.most:g}")
        return self.check(value) if self.check else value


def setting(default: Any, description: str, **rule: Any) -> Any:
    """Declare a setting; `rule` as in `Rule`. A function as the default is called for the value."""
    named: dict[str, Any] = {"default_factory": default} if callable(default) else {"default": default}
    return field(**named, metadata={"rule": Rule(description, **rule)})


def rule_of(declared: Field[Any]) -> Rule:
    """Return the rule of a setting."""
    rule: Rule = declared.metadata["rule"]
    return rule


@dataclass(frozen=True, init=False)
class Declared:
    """The base class of a group of settings: a frozen dataclass, each field of which is declared with `setting`."""

    def __init__(self, *, _env_file: Path | None = FILE, **given: Any) -> None:
        """Take the values that are given, those of the environment and of `.env`, and the defaults, in this order.

        Raises `WrongSettings`, and `TypeError` for a name that is no setting's.
        """
        if unknown := given.keys() - {declared.name for declared in fields(self)}:
            raise TypeError(f"there is no setting {', '.join(sorted(unknown))}")
        named: Mapping[str, Any] = {**of_file(_env_file), **of_environment(), **given}
        faults = []
        for declared in fields(self):
            try:
                if declared.name in named:
                    value = rule_of(declared)(read(declared.type, named[declared.name]))
                elif declared.default_factory is not MISSING:
                    value = declared.default_factory()
                else:
                    value = declared.default
                object.__setattr__(self, declared.name, value)
            except ValueError as error:
                faults.append(f"{PREFIX}{declared.name.upper()}: {error}")
        if faults:
            raise WrongSettings("; ".join(faults))

    def changed(self, **values: Any) -> Self:
        """Return these settings with other values of some of them. Raises `WrongSettings`."""
        kept = {declared.name: getattr(self, declared.name) for declared in fields(self)}
        return type(self)(_env_file=None, **kept | values)


def of_environment() -> dict[str, str]:
    """Return the values in the environment, by the names of the settings."""
    return without_prefix(os.environ)


def of_file(file: Path | None) -> dict[str, str]:
    """Return the values in a file such as `.env`; none if there is no such file. Raises `OSError`."""
    if file is None or not file.is_file():
        return {}
    from dotenv import dotenv_values

    return without_prefix(dotenv_values(file, encoding="utf-8"))


def without_prefix(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that are settings, by the names of the settings. Variables may be in capitals or not."""
    return {
        name[len(PREFIX) :].lower(): text
        for name, text in variables.items()
        if text is not None and name.upper().startswith(PREFIX)
    }


def read(kind: Any, value: Any) -> Any:
    """Return a value as its type says. It is most often a text. Raises `ValueError` with what to write."""
    if get_origin(kind) is Literal:
        choices = get_args(kind)
        if value not in choices:
            raise ValueError(f"write one of {', '.join(choices)}")
        return value
    return READERS[kind](value)


def boolean(value: Any) -> bool:
    """Return True or False."""
    word = str(value).strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError("write true or false")
    return word in TRUE


def whole(value: Any) -> int:
    """Return a whole number."""
    try:
        return int(value)
    except ValueError:
        raise ValueError("write a whole number") from None


def number(value: Any) -> float:
    """Return a number that is not infinite."""
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not isfinite(found):
        raise ValueError("write a number")
    return found


def folder(value: Any) -> Path | None:
    """Return a path, with a user's folder in place of `~`; None for a blank text: `Path("")` is the current folder."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise ValueError(f"{value} begins with ~, and there is no such user") from None


def secret(value: Any) -> Secret:
    """Return a text that is not shown."""
    return value if isinstance(value, Secret) else Secret(str(value))


READERS: Mapping[Any, Callable[[Any], Any]] = {
    str: str,
    int: whole,
    float: number,
    bool: boolean,
    Secret: secret,
    Path | None: folder,
}

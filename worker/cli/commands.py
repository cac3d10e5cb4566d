"""All commands of `onrecord`. The module of a command is imported when the command is called, or its help is shown.

To import all modules, and to have Typer read the options of all commands, takes longer than many a command works.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer
from typer import TyperException
from typer.core import TyperGroup
from typer.main import get_command, solve_typer_info_help

from worker.report.printable import printable

# The only list of the command modules, in the order of `onrecord --help`, with the names of their commands.
MODULES: Mapping[str, tuple[str, ...]] = {
    "up": ("up",),
    "processes": ("watch", "worker", "beat"),
    "web": ("web",),
    "reprocess": ("reprocess",),
    "quotes": ("quotes",),
    "sql": ("sql",),
    "report": ("report",),
    "export": ("export",),
    "changes": ("changes",),
    "show": ("show",),
    "extract": ("extract",),
    "evaluate": ("eval",),
    "calibrate": ("calibrate",),
    "watch_list": ("watch-list",),
    "files": ("files",),
    "retry": ("retry",),
    "status": ("status",),
    "doctor": ("doctor",),
    "speakers": ("speakers",),
    "decisions": ("decisions",),
    "forget": ("forget",),
    "migrate": ("migrate",),
    "check": ("check",),
    "backup": ("backup", "restore"),
}
MODULE_OF = {name: module for module, names in MODULES.items() for name in names}

with suppress(ImportError):  # another version of Typer may not have what is replaced
    from worker.cli.plain_values import take_plain_values

    take_plain_values()


@dataclass(frozen=True, slots=True)
class Entry:
    """A command in the list of commands: its name, the group that it is listed in, and what it does."""

    name: str
    group: str
    does: str


class LoadedCommands(Mapping[str, Any]):
    """The commands by their names; a command is made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return a command. Raises `KeyError`."""
        if name not in self._made:
            group = get_command(registered(MODULE_OF[name]))
            assert isinstance(group, TyperGroup)
            self._made |= group.commands
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULE_OF)

    def __len__(self) -> int:
        return len(MODULE_OF)


class Group(TyperGroup):
    """A command with commands of its own; its help says of each what the first paragraph of its docstring says."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_paragraph(command.help)) for name, command in self.commands.items()])


class Commands(Group):
    """The commands of `onrecord`. Errors about the command line show arguments with control characters escaped."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, Any]", LoadedCommands())  # Typer only reads them

    def make_context(self, *arguments: Any, **named: Any) -> Any:
        """Read the options before the command; see `TyperGroup`."""
        with printable_errors():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: Any) -> Any:
        """Read the arguments of the command, and call it; see `TyperGroup`."""
        with printable_errors():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, group by group."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for entry in entries():
            groups.setdefault(entry.group, []).append((entry.name, entry.does))
        widest = max(len(name) for name in MODULE_OF)
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(widest), does) for name, does in rows])


@contextmanager
def printable_errors() -> Iterator[None]:
    """Escape the control characters in the message of an error about the command line."""
    try:
        yield
    except TyperException as error:
        error.message = printable(error.message)
        raise


def registered(module: str) -> typer.Typer:
    """Return an application with the commands of one module."""
    app = typer.Typer(callback=lambda: None, rich_markup_mode=None, add_completion=False)
    import_module(f"worker.cli.{module}").register(app)
    for group in app.registered_groups:
        group.cls = Group
    return app


def entries() -> Iterator[Entry]:
    """Yield what the list of commands says about each."""
    for module in MODULES:
        app = registered(module)
        for command in app.registered_commands:
            assert command.callback is not None
            does = first_paragraph(command.callback.__doc__)
            yield Entry(command.name or command.callback.__name__, str(command.rich_help_panel), does)
        for group in app.registered_groups:
            yield Entry(str(group.name), str(group.rich_help_panel), first_paragraph(solve_typer_info_help(group)))


def first_paragraph(docstring: str | None) -> str:
    """Return the first paragraph as one line."""
    return " ".join((docstring or "").strip().partition("\n\n")[0].split())

"""`--json` of `onrecord show`: everything that was asked about one thing, as one JSON object."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from worker.report.printable import printable_json
from worker.report.render import json_value, plain_text

JsonOption = Annotated[bool, typer.Option("--json", help="All of it as one JSON object.")]


def write_whole(**parts: Any) -> None:
    """Print an object whose keys are the names of `parts`: rows, lists of rows, and single values."""
    whole = {name: as_json(part) for name, part in parts.items()}
    print(printable_json(json.dumps(whole, ensure_ascii=False, default=plain_text)), flush=True)


def as_json(part: Any) -> Any:
    """Return rows and lists of rows as objects and arrays of JSON."""
    if isinstance(part, Mapping):
        return {str(name): as_json(value) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [as_json(value) for value in part]
    return json_value(part)

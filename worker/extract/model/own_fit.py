"""The file with a house's own fit of the confidence, which `onrecord calibrate` makes and ONRECORD_CERTAINTY names."""

import json
import math
from pathlib import Path
from typing import Any

from worker.extract.model.certainty import Fitted, fitted
from worker.extract.version import model_hash

MOST_BYTES = 100_000
"""A fit has some hundred bytes; a file of more is something else."""
AGAIN = "Make it with `onrecord calibrate`, or unset ONRECORD_CERTAINTY."


class BadFit(ValueError):
    """A file that is no fit for this release: what is wrong, and what to do."""

    def __init__(self, message: str, todo: str = AGAIN) -> None:
        super().__init__(f"{message} {todo}")
        self.message, self.todo = message, todo


def read_fit(path: Path) -> Fitted:
    """Return the fit of a file. Raises `BadFit` if the file cannot be read, is no fit, or fits another model."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES)
        stored = json.loads(raw)
    except OSError as error:
        raise BadFit(f"The fit {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise BadFit(f"{path} is no fit of the confidence: it is not JSON.") from None
    if not isinstance(stored, dict) or not are_numbers(stored.get("weights"), len(fitted().weights)):
        wanted = len(fitted().weights)
        raise BadFit(f'{path} is no fit of the confidence: "weights" are not {wanted} finite numbers.')
    errors: Any = stored.get("errors_elsewhere")
    if not are_numbers([errors], 1) or not 1 <= errors <= 100:
        raise BadFit(f'{path} is no fit of the confidence: "errors_elsewhere" is no number from 1 to 100.')
    if stored.get("model") != model_hash():
        message = f"{path} was made for another model than that of this release."
        raise BadFit(message, "Make it again from the same gold: `onrecord calibrate`; or unset ONRECORD_CERTAINTY.")
    return Fitted(tuple(float(weight) for weight in stored["weights"]), float(errors))


def are_numbers(values: Any, count: int) -> bool:
    """True if these are so many finite numbers in a list."""
    return (
        isinstance(values, list)
        and len(values) == count
        and all(type(value) in (int, float) and math.isfinite(value) and abs(value) < 1000 for value in values)
    )


def fit_as_text(fit: Fitted, made_of: dict[str, int]) -> str:
    """Return the content of the file of a fit. `made_of` says from how many articles and decisions it was made."""
    stored = {
        "weights": list(fit.weights),
        "errors_elsewhere": fit.errors_elsewhere,
        "model": model_hash(),
        "made_of": made_of,
    }
    return json.dumps(stored, indent=1) + "\n"

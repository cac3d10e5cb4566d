"""JSON as the wild writes it: NaN, huge integers, line breaks in strings, nesting without end."""

import json
from typing import Any

from worker.reasons import Reason, Refused

LONGEST_INTEGER = 300  # digits; Python itself refuses 4,300, and no field of an article needs more than 13


def load(text: str | bytes) -> Any:
    """The value of a JSON text; NaN, infinities and endless integers are null. Raises `Refused(malformed)`."""
    try:
        return json.loads(text, strict=False, parse_constant=lambda _: None, parse_int=_integer)
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The JSON is nested too deeply to be an article.") from error
    except json.JSONDecodeError as error:
        raise Refused(
            Reason.MALFORMED,
            f"The JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}. Repair it there.",
        ) from error
    except ValueError as error:
        raise Refused(Reason.MALFORMED, f"The JSON is broken: {error}.") from error


def dump(value: Any) -> bytes:
    """The value as compact UTF-8 JSON: the bytes of a member that had none (a CSV row, an element of an array)."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate: only an escape can carry it
        return json.dumps(value, separators=(",", ":")).encode()
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The JSON is nested too deeply to be an article.") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_INTEGER else None

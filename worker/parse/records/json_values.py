"""Reading and writing JSON that breaks the standard: NaN, huge integers, line breaks in strings, very deep nesting."""

import json

from worker.reasons import Reason, Refused

MEDIA_TYPE = "application/json"
LONGEST_INTEGER = 300  # at most so many digits; Python refuses more than 4,300, and an article needs at most 13


def load(text: str | bytes) -> object:
    """Return the value of a JSON text. NaN, infinities and integers that are too long become None.

    Raise `Refused(malformed)` if the text is not JSON.
    """
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


def dump(value: object) -> bytes:
    """Return the value as compact UTF-8 JSON, for a member that is a CSV row or an element of an array.

    Raise `Refused(malformed)` if the value is nested too deeply.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # UTF-8 cannot hold a lone surrogate, but a JSON escape can
        return json.dumps(value, separators=(",", ":")).encode()
    except RecursionError as error:
        raise Refused(Reason.MALFORMED, "The JSON is nested too deeply to be an article.") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_INTEGER else None

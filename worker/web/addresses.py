"""What may stand in the places of an address: numbers of rows, names of reports, endings of files."""

import re

from starlette.convertors import Convertor, register_url_convertor

from worker.web.listing import FORMATS


class Row(Convertor[int]):
    """The number of a row: from 1 to the largest `bigint`."""

    regex = "[1-9][0-9]{0,17}"

    def convert(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Return the number as it stands in an address."""
        return str(value)


class Word(Convertor[str]):
    """A word in small letters."""

    regex = "[a-z]+"

    def convert(self, value: str) -> str:
        """Return the word."""
        return value

    def to_string(self, value: str) -> str:
        """Return the word as it stands in an address."""
        return value


class Ending(Word):
    """The ending of a file that a list can be taken along as."""

    regex = "|".join(map(re.escape, sorted(FORMATS, key=len, reverse=True)))


def register() -> None:
    """Let routes use `{number:row}`, `{name:word}` and `{ending:ending}`."""
    register_url_convertor("row", Row())
    register_url_convertor("word", Word())
    register_url_convertor("ending", Ending())

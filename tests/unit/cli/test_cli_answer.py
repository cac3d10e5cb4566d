"""The first word of a statement, which decides whether the statement only reads; search words with wildcards."""

import pytest

from worker.report.answer import first_word
from worker.report.question import containing


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("SELECT 1", "select"),
        ("  -- why\n /* and /how */ (( with x as (select 1) select * from x))", "with"),
        ("/* SELECT */ DROP TABLE x", "drop"),
        ("-- SELECT\nDELETE FROM x", "delete"),
        ("", ""),
        (";", ""),
        ("--", ""),
    ],
)
def test_first_word(statement: str, word: str) -> None:
    assert first_word(statement) == word


def test_wildcards_are_taken_literally() -> None:
    assert containing("50%_\\") == "%50\\%\\_\\\\%"
    assert containing(None) is None

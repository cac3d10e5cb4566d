"""Completes what is typed at the prompt of `onrecord sql`: the names of views and columns, and words of SQL."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

DELIMITERS = " \t\n()[]=<>,;:+-*/'\"."
"""A word to complete begins after one of these characters."""

SQL_WORDS = (
    "SELECT", "FROM", "JOIN", "LEFT JOIN", "USING", "WHERE", "AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL",
    "LIKE", "ILIKE", "BETWEEN", "GROUP BY", "HAVING", "ORDER BY", "DESC", "ASC", "NULLS LAST", "LIMIT", "OFFSET",
    "DISTINCT", "AS", "ON", "WITH", "UNION ALL", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "EXPLAIN",
    "count(", "min(", "max(", "coalesce(",
)  # fmt: skip

AFTER_FROM = re.compile(r"\b(?:from|join)\s+(?:[\w.]+(?:\s+(?:as\s+)?\w+)?\s*,\s*)*(?:report\.)?$", re.IGNORECASE)
"""Where the name of a view is expected."""
OF_TABLE = re.compile(r"(\w+)\.$")
"""Where a column of a view is expected, which is called by its name or by an alias."""


def candidates(columns: Mapping[str, Sequence[str]], before: str, word: str, after: str = "") -> list[str]:
    """Return what may stand in the place of `word`, between the text before and after it.

    `columns` are the columns of each view. Words of SQL come in the case in which they were begun.
    """
    if before.lstrip().startswith("\\"):
        return matching(columns, word)
    if AFTER_FROM.search(before):
        return matching([*columns, "search("], word)
    if table := OF_TABLE.search(before):
        return matching(columns_of(columns, table[1], before + word + after), word)
    named = [view for view in columns if re.search(rf"\b{view}\b", before + after, re.IGNORECASE)]
    names = [name for view in named or columns for name in columns[view]]
    words = [text.lower() for text in SQL_WORDS] if word.islower() else SQL_WORDS
    return matching([*names, *named, *words], word)


def columns_of(columns: Mapping[str, Sequence[str]], table: str, statement: str) -> Sequence[str]:
    """Return the columns of the view that `table` names in a statement: by its own name or by an alias."""
    if table in columns:
        return columns[table]
    for view in columns:
        if re.search(rf"\b{view}\s+(?:as\s+)?{table}\b", statement, re.IGNORECASE):
            return columns[view]
    return []


def matching(names: Iterable[str], word: str) -> list[str]:
    """Return the names that begin with `word`, each once; small and capital letters are the same."""
    return [name for name in dict.fromkeys(names) if name.lower().startswith(word.lower())]


def complete_with(
    columns: Callable[[], Mapping[str, Sequence[str]]], typed_before: Callable[[], str]
) -> Callable[[str, int], str | None]:
    """Return the function that readline calls for each candidate, until it returns None.

    `columns` is asked at the first Tab. `typed_before` returns the lines of the statement before the line being typed.
    """
    import readline

    found: list[str] = []
    known: list[Mapping[str, Sequence[str]]] = []

    def complete(word: str, place: int) -> str | None:
        if place == 0:
            if not known:
                known.append(columns())
            line = readline.get_line_buffer()
            before = typed_before() + line[: readline.get_begidx()]
            found[:] = candidates(known[0], before, word, line[readline.get_endidx() :])
        return found[place] if place < len(found) else None

    return complete

"""Finds the SQL in a Python module by its syntax tree: statements in strings, and statements built by SQLAlchemy."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WORKER = Path(__file__).resolve().parents[2] / "worker"

NAME = r'[\w."{}]+'
WRITE = re.compile(
    rf"""
    \b INSERT \s+ INTO \b | \b UPDATE \s+ (ONLY \s+)? {NAME} (\s+ (AS \s+)? \w+)? \s+ SET \b | \b DELETE \s+ FROM \b
    | \b MERGE \s+ INTO \b | (^|;) \s* TRUNCATE \s | \b COPY \s+ {NAME} \s* (\([^)]*\))? \s+ FROM \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The beginning of a statement that changes rows, as SQL text spells it."""

STATEMENT = re.compile(
    rf"\s* (?: (?:SELECT|INSERT|DELETE|MERGE|TRUNCATE)\b | UPDATE\s+{NAME}\s | WITH\s+\w+\s+AS\b )", re.VERBOSE
)
"""The beginning of any SQL statement, in capitals; ordinary text does not begin in this way."""

BUILDERS = frozenset(("select", "insert", "update", "delete", "merge", "union", "union_all", "exists", "func"))
WRITERS = frozenset(("insert", "update", "delete", "merge", "Session"))


@dataclass(frozen=True)
class Text:
    """A string of a module: its words, with `{}` for each inserted value, and its node in the syntax tree."""

    words: str
    node: ast.expr


def modules(*, but: str) -> Iterator[tuple[str, str]]:
    """Yield path and source of each module and SQL file of `worker`, except those in its folder `but`."""
    for path in sorted([*WORKER.rglob("*.py"), *WORKER.rglob("*.sql")]):
        if not path.is_relative_to(WORKER / but) and not path.is_relative_to(WORKER / "migrations"):
            yield path.relative_to(WORKER.parent).as_posix(), path.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def nodes(source: str) -> list[ast.AST]:
    """Return the syntax tree of a module, outer nodes first; kept, as each test asks several things of a module."""
    return list(ast.walk(ast.parse(source)))


def texts(source: str) -> list[Text]:
    """Return every string of a module except docstrings; strings that are added to each other count as one string."""
    skipped = {id(node.value) for node in nodes(source) if isinstance(node, ast.Expr)}
    strings: list[Text] = []
    for node in nodes(source):
        if id(node) in skipped:
            continue
        words = _words(node)
        if words is not None:
            assert isinstance(node, ast.expr)
            inner = [part for part in ast.walk(node) if part is not node]
            skipped |= {id(part) for part in inner if isinstance(part, ast.Constant | ast.JoinedStr | ast.BinOp)}
            strings.append(Text(words, node))
    return strings


def _words(node: ast.AST) -> str | None:
    """Return the words of a string, an f-string or a sum of strings; None for any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) or "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = _words(node.left), _words(node.right)
        return None if parts == (None, None) else "".join(part or "{}" for part in parts)
    return None


def pieces(source: str, node: ast.expr) -> int:
    """Count the literals and values of which a string is composed; an f-string counts as one literal."""
    if isinstance(node, ast.BinOp):
        return pieces(source, node.left) + pieces(source, node.right)
    if not isinstance(node, ast.Constant | ast.JoinedStr):
        return 1
    segment = ast.get_source_segment(source, node) or ""
    depth = literals = 0
    for token in tokenize.generate_tokens(io.StringIO(f"({segment})").readline):
        name = tokenize.tok_name[token.type]
        literals += depth == 0 and name in ("STRING", "FSTRING_START")
        depth += {"FSTRING_START": 1, "FSTRING_END": -1}.get(name, 0)
    return literals


def imported(source: str, names: frozenset[str]) -> list[tuple[int, str]]:
    """Return line and name where a module uses one of `names` from SQLAlchemy: `import insert`, or `sa.insert`."""
    modules: set[str] = set()
    uses: list[tuple[int, str]] = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            modules |= {
                alias.asname or alias.name.partition(".")[0]
                for alias in node.names
                if alias.name.partition(".")[0] == "sqlalchemy"
            }
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy":
            uses += [(node.lineno, alias.name) for alias in node.names if alias.name in names]
            modules |= {alias.asname or alias.name for alias in node.names if alias.name in ("postgresql", "sql")}
    for node in nodes(source):
        if isinstance(node, ast.Attribute) and node.attr in names and _root(node) in modules:
            uses.append((node.lineno, node.attr))
    return uses


def built(source: str, names: frozenset[str]) -> list[tuple[int, str]]:
    """Return line and name where a module builds a statement by a table's method.

    `files.delete().where(…)` and `execute(files.insert(), …)` do so, but `queue.delete()` does not.
    """
    calls = [node for node in nodes(source) if isinstance(node, ast.Call)]
    onward = [call.func.value for call in calls if isinstance(call.func, ast.Attribute)]
    onward += [argument for call in calls for argument in call.args if isinstance(call.func, ast.Attribute)]
    return [
        (node.lineno, node.func.attr)
        for node in onward
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in names and not node.args and not node.keywords
    ]


def put_together(source: str) -> list[int]:
    """Return the lines where a module calls `text` on a string that a method makes (`text(" UNION ".join(…))`)."""
    return [
        node.lineno
        for node in nodes(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "text"
        if any(isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) for argument in node.args)
    ]


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None

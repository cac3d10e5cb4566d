"""Reads an annotated article from a file: its text, and its attributions with exact offsets.

A file has a header (`make`, `language`, `purpose`), the text with its annotations, and a table with a row for each
attribution. A line `---` separates these three:

    ⟦c1:“We will not open,”⟧ ⟦q1:said⟧ ⟦s1:Maria Fontes, the mayor⟧. ⟦c1:“Not now.”⟧
    ---
    1 direct | Maria Fontes | person

`c` is content, `s` is source, `q` is cue. An annotation may be inside another annotation. If a number is marked several
times, the content (source, cue) has several parts. `⟦s1,2:she⟧` belongs to two attributions. `| in 1` at the end of a
row means that the attribution is nested in attribution 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Span = tuple[int, int]
"""`[start, end)` in Unicode code points of the article's text without annotations."""

KINDS = ("direct", "mixed", "indirect")
NAMED = ("person", "organisation")
SOURCE_KINDS = (*NAMED, "unnamed", "none")
HEADER = ("make", "language", "purpose")
BRACKET = re.compile(r"⟦([csq])(\d+(?:,\d+)*):|⟦|⟧")
ROW = re.compile(r"(\d+) (\w+) \| ([^|]+) \| (\w+)(?: \| in (\d+))?")


class BrokenMarkup(ValueError):
    """An annotated file that cannot be read; the message names the file, the line and the error."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution. `speaker` is the fullest name in the article; joint speakers are joined by " & "."""

    id: int
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    kind: str
    speaker: str | None
    source_kind: str
    inside: int | None


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """One file: `doc` is its name without suffix, `header` its description."""

    doc: str
    header: dict[str, str]
    text: str
    quotes: tuple[Attribution, ...]


@dataclass(slots=True)
class _Marked:
    """The spans that are marked with one number, while the text is read."""

    line: int
    spans: dict[str, list[Span]] = field(default_factory=lambda: {"c": [], "s": [], "q": []})

    def of(self, role: str) -> tuple[Span, ...]:
        return tuple(sorted(self.spans[role]))


def load(path: Path) -> AnnotatedArticle:
    """Return the article of an annotated file. Raise `BrokenMarkup` if the file has an error."""
    lines = path.read_bytes().decode("utf-8").split("\n")
    rules = [number for number, line in enumerate(lines) if line == "---"]
    if len(rules) != 2:
        raise BrokenMarkup(path.name, len(lines), f"two lines `---` are needed, there are {len(rules)}")
    header = dict(_header(path.name, lines[: rules[0]]))
    text, marked = _annotations(path.name, "\n".join(lines[rules[0] + 1 : rules[1]]), rules[0] + 2)
    quotes = list(_table(path.name, lines[rules[1] + 1 :], rules[1] + 2, marked))
    if missing := marked.keys() - {quote.id for quote in quotes}:
        number = min(missing)
        raise BrokenMarkup(path.name, marked[number].line, f"{number} has no row in the table")
    return AnnotatedArticle(path.stem, header, text, tuple(sorted(quotes, key=lambda quote: quote.content)))


def _header(file: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        key, _, value = line.partition(": ")
        if key not in HEADER or not value.strip():
            raise BrokenMarkup(file, number, f"the header has the lines {', '.join(HEADER)}, not {line!r}")
        yield key, value.strip()
    if {line.partition(":")[0] for line in lines} != set(HEADER):
        raise BrokenMarkup(file, len(lines) + 1, f"the header needs {', '.join(HEADER)}")


def _annotations(file: str, source: str, first_line: int) -> tuple[str, dict[int, _Marked]]:
    """Return the text without its annotations, and the marked spans by number."""
    plain: list[str] = []
    length = at = 0
    open_marks: list[tuple[str, list[int], int, int]] = []
    marked: dict[int, _Marked] = {}
    for bracket in BRACKET.finditer(source):
        line = first_line + source.count("\n", 0, bracket.start())
        plain.append(source[at : bracket.start()])
        length, at = length + bracket.start() - at, bracket.end()
        if bracket.group(1):
            numbers = [int(number) for number in bracket.group(2).split(",")]
            open_marks.append((bracket.group(1), numbers, length, line))
        elif bracket.group() == "⟦" or not open_marks:
            raise BrokenMarkup(file, line, f"a {bracket.group()} that neither begins nor ends an annotation")
        else:
            role, numbers, start, line = open_marks.pop()
            stretch = "".join(plain)[start:]
            if not stretch or stretch != stretch.strip():
                raise BrokenMarkup(file, line, f"an annotation holds {stretch!r}: nothing, or white space at its ends")
            for number in numbers:
                marked.setdefault(number, _Marked(line)).spans[role].append((start, length))
    if open_marks:
        raise BrokenMarkup(file, open_marks[-1][3], "an annotation is not closed")
    return "".join([*plain, source[at:]]), marked


def _table(file: str, rows: list[str], first_line: int, marked: dict[int, _Marked]) -> Iterator[Attribution]:
    seen: set[int] = set()
    for line, row in enumerate(rows, first_line):
        if not row.strip():
            continue
        match = ROW.fullmatch(row.strip())
        if not match:
            raise BrokenMarkup(file, line, f"a row is `1 direct | Speaker or - | source kind [| in 2]`, not {row!r}")
        number, inside = int(match[1]), int(match[5]) if match[5] else None
        quote = Attribution(
            id=number,
            content=marked[number].of("c") if number in marked else (),
            source=marked[number].of("s") if number in marked else (),
            cue=marked[number].of("q") if number in marked else (),
            kind=match[2],
            speaker=None if match[3].strip() == "-" else match[3].strip(),
            source_kind=match[4],
            inside=inside,
        )
        problem = "the number has a row already" if number in seen else _problem(quote, marked)
        if problem:
            raise BrokenMarkup(file, line, f"{number}: {problem}")
        seen.add(number)
        yield quote


def _problem(quote: Attribution, marked: dict[int, _Marked]) -> str | None:
    """Return the error of an attribution; None if there is no error."""
    outer = marked[quote.inside].of("c") if quote.inside in marked else ()
    spans = [*quote.content, *quote.source, *quote.cue]
    checks = {
        "no content is marked": not quote.content,
        f"the kind is none of {', '.join(KINDS)}": quote.kind not in KINDS,
        f"the source kind is none of {', '.join(SOURCE_KINDS)}": quote.source_kind not in SOURCE_KINDS,
        "a person or organisation has a speaker, nobody else": (quote.source_kind in NAMED) != bool(quote.speaker),
        "no source is marked exactly if the source kind is none": (quote.source_kind == "none") == bool(quote.source),
        "a source is marked, but no cue": bool(quote.source) and not quote.cue,
        "two of its own stretches overlap": any(
            a < d and c < b for n, (a, b) in enumerate(spans) for c, d in spans[n + 1 :]
        ),
        "it is not inside the attribution that it names": quote.inside is not None
        and not (
            quote.inside != quote.id
            and outer
            and all(any(a <= s and e <= b for a, b in outer) for s, e in quote.content)
        ),
    }
    return next((problem for problem, holds in checks.items() if holds), None)

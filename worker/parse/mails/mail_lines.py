"""The lines of a plain text in a mail: joined where they are only folded, and told apart by who quotes whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worker.parse.mails.mail_farewell import LEFT_OUT, is_footer, is_link, quotes, without_farewell
from worker.parse.mails.mail_forward import FEWEST_FIELDS, head_fields
from worker.parse.mails.prose import is_prose

QUOTE = re.compile(r"(?:>[ \t]?){1,50}")
ESCAPED_FROM = re.compile(r">+From ")
SIGNATURE = re.compile(r"--[ \xa0]?\Z")
LIST_FOOTER = re.compile(r"_{20,200}\s*\Z")
LONGEST_SIGNATURE = 10  # lines that are not empty; with more, two hyphens end no article
LONGEST_SIGNATURE_TEXT = 800  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its marks of quotation: how often it is quoted, and its text."""

    depth: int
    text: str


def readable(text: str, *, is_flowed: bool = False, deletes_space: bool = False) -> str:
    """Return the text of a plain part: folded lines joined if it says so, quotation marks (`>`) taken off.

    Between lines that are quoted a different number of times there is an empty line. Signatures and the footers of
    mailing lists are left out.
    """
    return readable_with_warnings(text, is_flowed=is_flowed, deletes_space=deletes_space)[0]


def readable_with_warnings(
    text: str, *, is_flowed: bool = False, deletes_space: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Return what `readable` returns, and a warning if lines at an end were left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = list(_flowed(plain, deletes_space)) if is_flowed else list(_fixed(plain))
    whole = _joined(_without_footer(_without_signatures(lines)))
    kept = _without_notes(whole)
    is_cut = whole != _joined(lines) or not whole.endswith(kept)
    return kept, (LEFT_OUT,) if is_cut else ()


def _fixed(text: str) -> Iterator[Line]:
    """Yield the lines of a text whose lines end where they end."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        marks = QUOTE.match(line)
        around = (lines[number - 1] if number else "", lines[number + 1] if number + 1 < len(lines) else "")
        if marks is None:
            yield Line(0, line)
        elif ESCAPED_FROM.match(line) and not any(map(QUOTE.match, around)):
            yield Line(0, line[1:])  # programs that store mail write a mark before this word
        else:
            yield Line(marks[0].count(">"), line[marks.end() :])


def _flowed(text: str, deletes_space: bool) -> Iterator[Line]:
    """Yield the paragraphs of `format=flowed` (RFC 3676): a line that ends in a blank goes on in the next one."""
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        level = len(line) - len(content)
        content = content.removeprefix(" ")
        is_signature = SIGNATURE.match(content) is not None
        if pieces and (level != depth or is_signature):
            yield Line(depth, "".join(pieces).rstrip(" "))
            pieces = []
        depth = level
        goes_on = content.endswith(" ") and not is_signature
        pieces.append(content[:-1] if goes_on and deletes_space else content)
        if not goes_on:
            yield Line(depth, "".join(pieces))
            pieces = []
    if pieces:
        yield Line(depth, "".join(pieces).rstrip(" "))


def _without_signatures(lines: list[Line]) -> list[Line]:
    """Return the lines without each signature: behind a line of two hyphens, to the end of the text or of the quote."""
    kept: list[Line] = []
    skipped_to = -1
    end_of_run = len(lines)
    ends = [0] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        if number + 1 < len(lines) and lines[number + 1].depth != lines[number].depth:
            end_of_run = number + 1
        ends[number] = end_of_run
    for number, line in enumerate(lines):
        if number < skipped_to:
            continue
        if SIGNATURE.match(line.text) and _signs(lines, number, ends[number]):
            skipped_to = ends[number]
        else:
            kept.append(line)
    return kept


def _signs(lines: list[Line], place: int, end: int) -> bool:
    """True if a line of two hyphens is followed by a signature.

    A quotation speaks against it, and a head of a message; if the hyphens have no blank, so does a sentence.
    """
    if not any(each.text.strip() for each in lines[max(0, place - 3) : place]):
        return False
    behind = lines[place + 1 : min(end, place + 2 + 3 * LONGEST_SIGNATURE)]
    is_sure = lines[place].text != "--"
    text = "\n".join(each.text for each in behind)
    if not _is_signature(behind) or quotes(text) or _holds_head(behind):
        return False
    return is_sure or not any(is_prose(each.text) for each in behind)


def _is_signature(lines: list[Line]) -> bool:
    """True if these lines are few and short."""
    rest = [line.text for line in lines if line.text.strip()]
    is_short = len(rest) <= LONGEST_SIGNATURE and sum(map(len, rest)) <= LONGEST_SIGNATURE_TEXT
    return is_short and len(lines) <= 3 * LONGEST_SIGNATURE


def _holds_head(lines: list[Line]) -> bool:
    """True if these lines begin as the head of a message, whose text follows."""
    filled = [each.text for each in lines if each.text.strip()]
    return len(head_fields(filled, 0)) >= FEWEST_FIELDS


def _without_footer(lines: list[Line]) -> list[Line]:
    """Return the lines without the footer of a mailing list: a long line of underscores, and a few lines behind it."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 3 * LONGEST_SIGNATURE), -1):
        if LIST_FOOTER.match(lines[number].text):
            rest = lines[number + 1 :]
            is_beside = is_footer("\n".join(each.text for each in rest)) and not _holds_head(rest)
            return lines[:number] if is_beside and _is_signature(rest) else lines
    return lines


def _joined(lines: list[Line]) -> str:
    """Return the lines as one text; where the depth changes between two lines, there is an empty line."""
    pieces: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None and before.depth != line.depth:
            pieces.append("")
        pieces.append(line.text.rstrip())
        before = line
    return re.sub(r"\n{3,}", "\n\n", "\n".join(pieces)).strip()


def _without_notes(text: str) -> str:
    """Return the text without what newsletters put around it: a link to the web at its start, a farewell at its end."""
    blocks = text.split("\n\n")
    first = 0
    while first < min(3, len(blocks) - 1) and is_link(blocks[first]):
        first += 1
    kept = without_farewell(blocks[first:])
    return "\n\n".join(kept) if any(map(is_prose, kept)) else text

"""The cost of splitting an export of a media database: 500 articles in one file, for each kind of file.

The floor is the decoding of the same bytes and one search for line breaks in their text.
"""

import io
import re
import statistics
import time
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from benchmarks import generated
from benchmarks.figure import Figure
from worker.parse import Limits, split

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AIM = "at most 10 s"  # ONRECORD_PARSE_SECONDS allows as much for one document


def _uni(articles: Sequence[str]) -> list[str]:
    """Return the lines of an export of Nexis Uni."""
    lines = ["User Name: A Reader", f"Documents ({len(articles)})"]
    lines += [f"{number}. Article number {number}" for number in range(1, len(articles) + 1)]
    for number, text in enumerate(articles, 1):
        lines += [f"Article number {number}", "The Daily Tern", "January 4, 2020 Saturday", "Copyright 2020 The Tern"]
        lines += ["Section: NEWS", "Length: 700 words", "Body", *text.split("\n\n"), "Load-Date: January 5, 2020"]
        lines += ["End of Document"]
    return lines


def nexis_text(articles: Sequence[str]) -> bytes:
    """Return the export as text."""
    return "\n\n".join(_uni(articles)).encode()


def nexis_word(articles: Sequence[str]) -> bytes:
    """Return the export as a Word document."""
    paragraphs = (f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in _uni(articles))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        document = f'<w:document xmlns:w="{WORD}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    return stream.getvalue()


def nexis_rtf(articles: Sequence[str]) -> bytes:
    """Return the export as RTF."""
    escaped = ("".join(c if c.isascii() else f"\\u{ord(c)}?" for c in line) for line in _uni(articles))
    return ("{\\rtf1\\ansi " + "".join(f"\\pard\\plain\\f0\\fs20 {line}\\par\n" for line in escaped) + "}").encode()


def factiva_page(articles: Sequence[str]) -> bytes:
    """Return an export of Factiva in HTML, with codes."""
    pieces = ["<html><head><title>Factiva</title></head><body>"]
    for number, text in enumerate(articles, 1):
        body = "".join(f'<p class="articleParagraph">{escape(part)}</p>' for part in text.split("\n\n"))
        cells = {"HD": f"Article number {number}", "PD": "4 January 2020", "SN": "The Daily Tern", "LP": body}
        cells["AN"] = f"Document TERNXX0020200104eg{number:07}"
        rows = "".join(f'<tr><td class="index"><b>{code}</b></td><td>{cell}</td></tr>' for code, cell in cells.items())
        pieces.append(f'<div class="article enArticle"><table>{rows}</table></div>')
    return "".join([*pieces, "</body></html>"]).encode()


KINDS: dict[str, tuple[str, Callable[[Sequence[str]], bytes]]] = {
    "Nexis, text": ("export.txt", nexis_text),
    "Nexis, Word": ("export.docx", nexis_word),
    "Nexis, RTF": ("export.rtf", nexis_rtf),
    "Factiva, HTML": ("export.html", factiva_page),
}


def measure(articles: int, rounds: int) -> list[Figure]:
    """Return the CPU seconds in which each kind of export with so many articles is split: the medians of the rounds."""
    texts = [generated.article(number) for number in range(articles)]
    text = "\n\n".join(texts).encode()
    figures = []
    for kind, (name, made) in KINDS.items():
        work = partial(_split, made(texts), name, articles)
        seconds = statistics.median(_seconds(work) for _ in range(rounds))
        floor = statistics.median(_seconds(partial(_search, text)) for _ in range(rounds))
        figures.append(
            Figure(f"bundle of {articles} articles: {kind}: CPU", seconds, "s", floor, "reading the same text", AIM)
        )
    return figures


def _split(raw: bytes, name: str, articles: int) -> None:
    members = list(split(io.BytesIO(raw), name, Limits()))
    if len(members) != articles or members[-1].note:
        raise ValueError(f"{len(members)} of {articles} articles were found in {name}")


def _search(text: bytes) -> None:
    re.findall("\n", text.decode())


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began

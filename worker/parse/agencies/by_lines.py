"""The names in a by-line of NITF, without the offices of the people and the places of their pictures."""

from typing import TYPE_CHECKING

from worker.parse.documents.elements import child, local, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element


def by_line_of(by_line: "_Element") -> str | None:
    """Return a by-line without the title of the person, such as "AP Business Writer"."""
    person = child(by_line, "person")
    if person is not None:
        return text_in(person)
    pieces = [by_line.text or ""]
    for inner in by_line:
        pieces += ["" if local(inner) in ("byttl", "virtloc") else text_in(inner) or "", inner.tail or ""]
    return " ".join("".join(pieces).split()) or None

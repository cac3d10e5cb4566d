"""Small helpers for the elements of XML, by their names without namespaces."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element


TAG = rb"[A-Za-z_][\w.:-]{0,60}"
"""The name of an element, for patterns."""


def local(element: "_Element") -> str:
    """Return the name of an element without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: "_Element | None", *names: str) -> "_Element | None":
    """Follow the names from an element to its descendant: each is the first child with that name. None if one lacks."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def children(element: "_Element | None", name: str) -> list["_Element"]:
    """Return all children with this name."""
    return [] if element is None else [inner for inner in element if local(inner) == name]


def attribute(element: "_Element | None", name: str) -> str | None:
    """Return an attribute by its name without its namespace, or None."""
    if element is None:
        return None
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def release(element: "_Element") -> None:
    """Free the memory of an element that was read, and of its siblings before it."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text_in(element: "_Element | None") -> str | None:
    """Return all text in an element with its white space folded; None if there is none."""
    return None if element is None else " ".join("".join(map(str, element.itertext())).split()) or None

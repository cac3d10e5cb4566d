"""The options with which every XML parser here is made."""

from typing import Final, TypedDict


class SafeOptions(TypedDict):
    """Options of lxml's parsers of XML."""

    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool
    remove_comments: bool
    remove_pis: bool


SAFE: Final[SafeOptions] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Expand no entity, open no address, load no DTD, keep libxml2's limits, and leave out what is no text."""

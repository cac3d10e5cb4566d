"""The bounds that splitting and parsing keep; the caller fills them from its settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file, one member of it and one text may measure; fields and defaults are those of the settings."""

    max_article_bytes: int = 20_000_000  # a file that is one article
    max_container_bytes: int = 4_000_000_000  # a file with many, as it is and unpacked
    max_member_bytes: int = 20_000_000  # one member of a container, unpacked
    max_ratio: int = 200  # unpacked bytes to packed bytes
    max_members: int = 1_000_000  # members of one container
    max_text: int = 1_000_000  # Unicode code points of one article's text

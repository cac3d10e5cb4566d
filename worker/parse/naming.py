"""File names as text, and their extensions."""

from pathlib import PurePosixPath


def display_name(name: bytes | str) -> str:
    r"""Return the name as text; bytes that are not UTF-8 become `\xNN`."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")


def extension(name: str) -> str:
    """Return the last extension in lower case with its dot: ".gz" for "page.html.gz", "" if there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def without_extension(name: str) -> str:
    """Return the name without its last extension: "page.html" for "page.html.gz"."""
    return name[: len(name) - len(extension(name))]

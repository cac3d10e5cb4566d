"""File names as people see them."""

from pathlib import PurePosixPath


def shown(name: bytes | str) -> str:
    r"""The name as text; bytes that are not UTF-8 become `\xNN`."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")


def extension(name: str) -> str:
    """The last extension in lower case with its dot, or nothing: ".gz" for "page.html.gz"."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def without_extension(name: str) -> str:
    """The name less its last extension: "page.html" for "page.html.gz"."""
    return name[: len(name) - len(extension(name))]

"""File names as text, and their extensions."""

from pathlib import PurePosixPath

COMPANIONS = frozenset(
    ("desktop.ini", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", ".directory", ".ds_store", ".localized", "icon\r")
)
# Windows notes where a file comes from in a second stream, which other systems store as a file of its own. Some
# replace the colon, which they do not allow in names.
MARKS_OF_WINDOWS = tuple(f"{sign}zone.identifier" for sign in ":_\uf03a%.-")


def display_name(name: bytes | str) -> str:
    r"""Return the name as text; bytes that are not UTF-8 become `\xNN`."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")


def extension(name: str) -> str:
    """Return the last extension in lower case with its dot: ".gz" for "page.html.gz", "" if there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def is_companion(name: str) -> bool:
    """True for a file that a system puts beside files or into folders by itself (Windows, KDE, macOS)."""
    base = PurePosixPath(name.replace("\\", "/")).name.lower()
    return base in COMPANIONS or base.startswith("._") or base.endswith(MARKS_OF_WINDOWS)


def without_extension(name: str) -> str:
    """Return the name without its last extension: "page.html" for "page.html.gz"."""
    return name[: len(name) - len(extension(name))]

"""File names as text, and their extensions."""

from pathlib import PurePosixPath

COMPANIONS = frozenset(
    (
        *("desktop.ini", "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "folder.htt", "autorun.inf"),  # Windows
        *(".ds_store", ".localized", ".apdisk", ".metadata_never_index", "icon\r", "icon\uf00d"),  # macOS
        *(".directory", ".hidden", ".dropbox", ".dropbox.attr", "sync.ffs_db"),
    )
)
# Resource forks (macOS), owners' files of open documents (Office, LibreOffice), files that are deleted while open.
BEGINNINGS = ("._", "~$", ".~lock.", ".nfs0", ".fuse_hidden", ".goutputstream-", ".syncthing.", "~syncthing~")
# Windows notes where a file comes from in a second stream, which other systems store as a file of its own: its name
# is that of the file, a colon (or what stands for it) and the name of the stream.
ENDINGS = ("zone.identifier", ":$data", "@synoeastream", "@synoresource", ":afp_afpinfo", ":afp_resource")


def display_name(name: bytes | str) -> str:
    r"""Return the name as text; bytes that are not UTF-8 become `\xNN`."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace")


def extension(name: str) -> str:
    """Return the last extension in lower case with its dot: ".gz" for "page.html.gz", "" if there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def is_companion(name: str) -> bool:
    """True for a file that a system or program puts beside files or into folders by itself."""
    base = PurePosixPath(name.replace("\\", "/")).name.lower()
    return base in COMPANIONS or base.startswith(BEGINNINGS) or base.endswith(ENDINGS)


def without_extension(name: str) -> str:
    """Return the name without its last extension: "page.html" for "page.html.gz"."""
    return name[: len(name) - len(extension(name))]

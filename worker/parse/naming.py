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

# Downloads and copies that are not finished yet: browsers, FTP and torrent programs, synchronisation, editors.
UNFINISHED = (
    *("~", ".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".tmp", ".temp", ".aria2"),
    *(".bc!", ".jc!", ".!qb", ".!ut", ".!bt", ".dtapart", ".fdmdownload", ".unfinished", ".incomplete", ".icloud"),
    *(".ytdl", ".lftp-pget-status", ".swp", ".swx"),
)
BACKUPS = (".bak", ".old", ".orig", ".rej")
"""Copies that programs leave when they change a file: the file itself is beside them."""
# Folders that systems, network disks and programs make: previews, waste baskets, versions, found pieces of files.
MADE_FOLDERS = frozenset(
    (
        *("@eadir", "@tmp", "@recycle", "@recently-snapshot", "@sharebin", "#recycle", "#snapshot", "lost+found"),
        *("$recycle.bin", "recycler", "recycled", "system volume information", "__macosx", "network trash folder"),
        *("temporary items", "trashbox", "~snapshot", "dropbox.cache"),
    )
)


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


def is_unfinished(name: str) -> bool:
    """True for a download or copy that is not finished, and for the working files of editors."""
    return PurePosixPath(name.replace("\\", "/")).name.lower().endswith(UNFINISHED)


def is_backup(name: str) -> bool:
    """True for a copy that a program left beside the file that it changed."""
    return PurePosixPath(name.replace("\\", "/")).name.lower().endswith(BACKUPS)


def is_made_folder(name: str) -> bool:
    """True for a folder that is hidden or that a system or program makes; Safari's downloads are folders, too."""
    return name.startswith(".") or name.lower() in MADE_FOLDERS or name.lower().endswith(".download")


def without_extension(name: str) -> str:
    """Return the name without its last extension: "page.html" for "page.html.gz"."""
    return name[: len(name) - len(extension(name))]

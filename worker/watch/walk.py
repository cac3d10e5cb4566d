"""Walking through a folder without following any link. Onrecord finds every file because this walk finds every file."""

import os
from collections.abc import Iterator

from worker.watch import patterns

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_folder(root: bytes, relative: bytes) -> int:
    """Return a descriptor of a folder below `root`. Each name of the path is opened alone, so that no link is followed.

    Raises `OSError`.
    """
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for name in relative.split(b"/") if relative else ():
        outer = descriptor
        try:
            descriptor = os.open(name, FOLDER, dir_fd=outer)
        finally:
            os.close(outer)
    return descriptor


def stat_below(root: bytes, path: bytes) -> os.stat_result:
    """Return the stat of `path` below `root`. No link is followed, not even the last name. Raises `OSError`."""
    folder, _, name = path.rpartition(b"/")
    if not folder:
        return os.lstat(os.path.join(root, name))
    descriptor = open_folder(root, folder)
    try:
        return os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    finally:
        os.close(descriptor)


class Walk:
    """One walk through a folder: iterate over (path below the root, stat) of every entry that is not a folder.

    The caller may pause between two entries; at most one folder is open meanwhile. A folder that cannot be read is
    noted in `unreadable`, and the walk goes on. Raises `OSError` if the root itself cannot be read.
    """

    def __init__(self, root: bytes, skipped: frozenset[bytes] = frozenset()) -> None:
        self._root = root
        self._skipped = skipped  # folders below the root that the walk does not enter (the archive)
        self.unreadable: dict[bytes, str] = {}

    def __iter__(self) -> Iterator[tuple[bytes, os.stat_result]]:
        waiting = [b""]
        while waiting:
            folder = waiting.pop()
            try:
                yield from self._folder(folder, waiting)
            except (FileNotFoundError, NotADirectoryError):
                if not folder:
                    raise
            except OSError as error:
                if not folder:
                    raise
                self.unreadable[folder] = error.strerror or str(error)

    def _folder(self, folder: bytes, waiting: list[bytes]) -> Iterator[tuple[bytes, os.stat_result]]:
        """Iterate over the entries of one folder. Add its inner folders to `waiting`, for the walk to enter later."""
        prefix = folder + b"/" if folder else b""
        inner: list[bytes] = []
        pages: set[bytes] = set()
        descriptor = open_folder(self._root, folder)
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    name = os.fsencode(entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(name)
                        continue
                    if name.endswith(patterns.PAGES):
                        pages.add(name)
                    try:
                        stat = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue
                    yield prefix + name, stat
        finally:
            os.close(descriptor)
        waiting.extend(
            prefix + name
            for name in inner
            if prefix + name not in self._skipped and patterns.enters(name, pages.__contains__)
        )

"""The one registry: every module in `worker.parse.formats` that has a `FORMAT`.

Adding a format is adding a module there (and a golden test): nothing else names them.
"""

import importlib
import pkgutil
from functools import lru_cache

from worker.parse import formats
from worker.parse.decoding import is_binary, mark
from worker.parse.format import Format
from worker.parse.naming import extension, shown
from worker.reasons import Reason, Refused


@lru_cache(maxsize=1)
def all_formats() -> tuple[Format, ...]:
    """Every format, in the order of their modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))


@lru_cache(maxsize=64)
def for_media_type(media_type: str) -> Format:
    """The format whose `parse` takes this media type; `unsupported_type` where there is none."""
    for candidate in all_formats():
        if media_type in candidate.media_types:
            return candidate
    raise Refused(Reason.UNSUPPORTED_TYPE, f"Nothing here parses the media type {media_type!r}.")


def supported() -> str:
    """The extensions that are read, for messages: ".csv, .eml, …"."""
    return ", ".join(sorted({ext for each in all_formats() for ext in each.extensions + each.shared_extensions}))


def detect(name: bytes | str, head: bytes) -> Format:
    """The format of a file by its name and first bytes (64 KiB will do; all of them if it has fewer).

    Raises `Refused`: `empty`, `binary_content` (a text's name, but no text), `malformed` (an archive's name, but no
    archive), `unsupported_type`.
    """
    found = mark(head)
    content = head[len(found[0]) :] if found else head
    if not content.strip():
        raise Refused(Reason.EMPTY, "The file is empty. Write the article into it and drop it again.")
    ext = extension(shown(name))
    named = next((each for each in all_formats() if ext in each.extensions), None)
    if named is None:
        return _by_content(ext, head, content)
    if named.sniff(content):
        _check_text(named, head)
        return named
    if named.binary:
        raise Refused(Reason.MALFORMED, f"It is named {ext} but is no {named.name}. Save or download it again.")
    _check_text(named, head)
    return _recognised(content) or named


def _by_content(ext: str, head: bytes, content: bytes) -> Format:
    """The format of a file whose extension is nobody's, or is shared by several."""
    if not is_binary(head):
        for each in all_formats():
            if ext in each.shared_extensions and each.sniff(content):
                return each
        if found := _recognised(content):
            return found
    raise Refused(
        Reason.UNSUPPORTED_TYPE,
        f"{'A file named ' + ext if ext else 'A file without an extension'} is not something Onrecord reads"
        f" (with this content). It reads {supported()}.",
    )


def _recognised(content: bytes) -> Format | None:
    return next((each for each in all_formats() if each.by_content and each.sniff(content)), None)


def _check_text(named: Format, head: bytes) -> None:
    if not named.binary and is_binary(head):
        raise Refused(
            Reason.BINARY_CONTENT,
            f"Its name says {named.name}, but its content is binary. Give it the extension of what it really is.",
        )

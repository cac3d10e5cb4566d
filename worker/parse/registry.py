"""The registry of formats: every module in `worker.parse.formats` that has a `FORMAT`.

To add a format, add a module there (and a golden test); no other code lists the formats.
"""

import importlib
import pkgutil
from functools import lru_cache

from worker.parse import formats
from worker.parse.advice import advice, instead
from worker.parse.decoding import byte_order_mark, is_binary
from worker.parse.format import Format
from worker.parse.naming import display_name, extension, is_backup, is_companion, is_unfinished
from worker.reasons import Reason, Refused


@lru_cache(maxsize=1)
def all_formats() -> tuple[Format, ...]:
    """Return all formats, in the order of the names of their modules, but those first that are asked first."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return tuple(sorted(found, key=lambda kind: not kind.narrow))


@lru_cache(maxsize=64)
def for_media_type(media_type: str) -> Format:
    """Return the format that parses this media type. Raise `Refused(unsupported_type)` if there is none."""
    for candidate in all_formats():
        if media_type in candidate.media_types:
            return candidate
    raise Refused(Reason.UNSUPPORTED_TYPE, f"No format has the media type {media_type!r}.")


def detect(name: bytes | str, head: bytes) -> Format:
    """Return the format of a file by its name and its first 64 KiB (`reading.HEAD`).

    Raise `Refused`: `unsupported_type` (also for files that systems make by themselves), `empty`,
    `binary_content` (the name says text, but the content is binary), or `malformed` (the name says archive, but the
    content is not an archive).
    """
    shown = display_name(name)
    if is_companion(shown):
        raise Refused(Reason.UNSUPPORTED_TYPE, "The system made it beside another file; it is no article.")
    if is_unfinished(shown):
        raise Refused(
            Reason.UNSUPPORTED_TYPE, "It is a download or copy that is not finished, or an editor's own file."
        )
    if is_backup(shown):
        raise Refused(
            Reason.UNSUPPORTED_TYPE, "It is a copy that a program left. Give it its old name to have it read."
        )
    mark = byte_order_mark(head)
    content = head[len(mark[0]) :] if mark else head
    if not content.strip():
        raise Refused(Reason.EMPTY, "The file is empty. Write the article into it and drop it again.")
    ext = extension(shown)
    if narrow := next((kind for kind in all_formats() if kind.narrow and kind.sniff(content)), None):
        _check_text(narrow, head)
        return narrow
    by_name = next((kind for kind in all_formats() if ext in kind.extensions), None)
    if by_name is None:
        return _by_content(ext, head, content)
    if by_name.sniff(content):
        _check_text(by_name, head)
        return by_name
    if by_name.binary:
        raise Refused(Reason.MALFORMED, f"It is named {ext} but is no {by_name.name}. {instead(content)}")
    by_content = _under_any_name(content, only_mixed=is_binary(head))
    if by_content is None:
        _check_text(by_name, head)
    return by_content or by_name


def _by_content(ext: str, head: bytes, content: bytes) -> Format:
    """Return the format of a file whose extension belongs to no format, or to several."""
    binary = is_binary(head)
    for kind in all_formats():
        if not binary and ext in kind.shared_extensions and kind.sniff(content):
            return kind
    if kind_by_content := _under_any_name(content, only_mixed=binary):
        return kind_by_content
    raise Refused(Reason.UNSUPPORTED_TYPE, advice(ext, head))


def _under_any_name(content: bytes, *, only_mixed: bool) -> Format | None:
    """Return the first format that recognises this content under any name, or None."""
    kinds = (kind for kind in all_formats() if kind.by_content and (kind.mixed or not only_mixed))
    return next((kind for kind in kinds if kind.sniff(content)), None)


def _check_text(kind: Format, head: bytes) -> None:
    """Raise `Refused(binary_content)` if a text format has binary content."""
    if not kind.binary and not (kind.mixed and kind.sniff(head)) and is_binary(head):
        raise Refused(
            Reason.BINARY_CONTENT,
            f"Its name says {kind.name}, but its content is binary. Give it the extension of what it really is.",
        )

"""Choosing the parts of a mail that hold its text: all of them in order, and of alternatives the one that is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from worker.parse.decoding import Decoded, decode
from worker.parse.encodings import codec_of
from worker.parse.formats.page import declared_charset
from worker.parse.mails.mail_lines import readable_with_warnings
from worker.parse.mails.mime import payload
from worker.parse.mails.prose import prose_words, shared_share
from worker.parse.pages.markup import plain_text
from worker.reasons import Refused

PLAIN, HTML = "plain", "html"
SUBTYPES = {"plain": PLAIN, "markdown": PLAIN, "html": HTML}
MESSAGES = frozenset(("message/rfc822", "message/global", "message/news"))
FULLER = 2  # an HTML part with more than so many times the prose of the plain one is taken
SAME = 0.5  # if less than this share of the plain text is in the HTML, the plain text is only a note about it


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part with text: whether it is plain or HTML, and the message that it belongs to."""

    part: Message
    kind: str
    owner: Message


def leaves(mail: Message) -> list[Leaf]:
    """Return the parts with text, in order; if there are none, the attached texts."""
    return list(_leaves(mail, mail, attached=False)) or list(_leaves(mail, mail, attached=True))


def decoded_part(part: Message) -> Decoded:
    """Return the decoded text of a part. HTML may name its encoding itself."""
    raw, charset = payload(part), part.get_content_charset()
    if part.get_content_subtype() == HTML and codec_of(charset) is None:
        charset = declared_charset(raw)
    return decode(raw, charset)


def plain_part(part: Message) -> Decoded:
    """Return the text of a plain part as it is to be read."""
    found = decoded_part(part)
    text, warnings = readable_with_warnings(
        found.text,
        is_flowed=str(part.get_param("format") or "").lower() == "flowed",
        deletes_space=str(part.get_param("delsp") or "").lower() == "yes",
    )
    return Decoded(text, (*found.warnings, *warnings))


def root_of(related: Message) -> Message | None:
    """Return the part of a `multipart/related` that the others belong to: the named one, or the first that is HTML."""
    parts = [part for part in related.get_payload() if isinstance(part, Message)] if related.is_multipart() else []
    start = related.get_param("start")
    if isinstance(start, str):
        named = (part for part in parts if str(part.get("Content-ID", "")).strip() == start.strip())
        for part in named:
            return part
    return next((part for part in parts if any(each.get_content_subtype() == HTML for each in part.walk())), None)


def _leaves(part: Message, owner: Message, *, attached: bool) -> Iterator[Leaf]:
    media_type = part.get_content_type()
    children = [child for child in part.get_payload() if isinstance(child, Message)] if part.is_multipart() else []
    if media_type in MESSAGES:
        for inner in children:
            yield from _leaves(inner, inner, attached=attached)
    elif media_type == "multipart/alternative":
        yield from _best([list(_leaves(child, owner, attached=attached)) for child in children])
    elif media_type == "multipart/related" and (root := root_of(part)) is not None:
        yield from _leaves(root, owner, attached=attached)
    elif children:
        for child in children:
            yield from _leaves(child, owner, attached=attached)
    elif part.get_content_maintype() == "text" and part.get_content_subtype() in SUBTYPES:
        is_attached = part.get_content_disposition() == "attachment"
        if is_attached == attached and payload(part).strip():
            yield Leaf(part, SUBTYPES[part.get_content_subtype()], owner)


def _best(alternatives: list[list[Leaf]]) -> list[Leaf]:
    """Return the alternative that holds the article: the plain text, unless it is only a note or much shorter."""
    plain = next((found for found in alternatives if found and all(leaf.kind == PLAIN for leaf in found)), [])
    html = next((found for found in reversed(alternatives) if any(leaf.kind == HTML for leaf in found)), [])
    if not plain or not html:
        return plain or html
    note, page = _text(plain), _text(html)
    fewer, more = prose_words(note), prose_words(page)
    if more > FULLER * fewer or (more > fewer and shared_share(note, page) < SAME):
        return html
    return plain if note else html


def _text(found: list[Leaf]) -> str:
    """Return the text of parts, to be compared."""
    pieces = []
    for leaf in found:
        try:
            is_html = leaf.kind == HTML
            pieces.append(plain_text(decoded_part(leaf.part).text) if is_html else plain_part(leaf.part).text)
        except Refused:
            continue
    return "\n\n".join(pieces).strip()

"""Bundles in documents of office programs (Word, RTF, PDF): whether a document is one, and the articles in it."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.bundles import factiva_text, nexis_print, nexis_uni, proquest
from worker.parse.bundles.bundle import LARGEST, Bundle, members
from worker.parse.format import Limits
from worker.parse.reading import HEAD, read_whole
from worker.reasons import Reason, Refused

KINDS: tuple[tuple[Callable[[str], bool], Bundle], ...] = (
    (nexis_uni.looks_like, nexis_uni.BUNDLE),
    (nexis_print.looks_like, nexis_print.BUNDLE),
    (factiva_text.looks_like, factiva_text.BUNDLE),
    (proquest.looks_like, proquest.BUNDLE),
)


def bundle_in(text: str) -> Bundle | None:
    """Return the bundle that the text of a document is, or None."""
    head = text[:HEAD]
    return next((bundle for looks_like, bundle in KINDS if looks_like(head)), None)


def bundle_or_document(
    text_of: Callable[[bytes, Limits], str], media_type: str
) -> Callable[[BinaryIO, str, Limits], Iterator[Member]]:
    """Return `split` for a format of documents: the articles of a bundle, or the document itself as the only member."""

    def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
        raw = read_whole(stream, min(LARGEST, limits.max_container_bytes), "ONRECORD_MAX_CONTAINER_BYTES")
        text = text_of(raw, limits)
        if (bundle := bundle_in(text)) is not None:
            yield from members(bundle, text)
        elif len(raw) > limits.max_article_bytes:
            raise Refused(
                Reason.TOO_LARGE,
                f"It is larger than {limits.max_article_bytes:,} bytes. If it really is one article, raise"
                " ONRECORD_MAX_ARTICLE_BYTES.",
            )
        else:
            yield Member(raw, media_type)

    return split

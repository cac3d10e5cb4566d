"""The item of an agency that an article is a version of: which id is the same id, and which version is the later one.

An article is a *version* if its agency tells versions apart (NewsML, NewsML-G2, ninjs, NITF; also WordPress), or if it
withdraws the item. The id that a media database gives (Nexis, ProQuest, Factiva, …) identifies one text, which the
database exports in several layouts; it has no versions, so nothing replaces anything by it. All functions are pure.

An id is unique in the world if it is a URI ("urn:…", "tag:…", "https://…"), begins with the name of who gave it
("AP:D8XYZ"), or is a UUID. Any other id, such as a number, is unique only at its outlet. If the outlet is not known
either, the article is no version.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from worker.parse.article import Article
from worker.parse.facts.agencies import agency

GIVEN_BY = re.compile(r"[A-Za-z][A-Za-z0-9+. -]{1,80}:\S")
UUID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# RFC 3085: urn:newsml:ProviderId:DateId:NewsItemId:RevisionId Update. Some agencies write the whole of it as the id of
# a NewsML-G2 item, whose versions then seem to have different ids.
WITH_REVISION = re.compile(
    r"(?P<id>urn:newsml:[^:\s]+:\d{8}[^:\s]*:[^:\s]+):(?P<revision>\d{1,10})[NUA]?", re.IGNORECASE
)
DIGITS = 10
"""A number is compared as text, so it has as many digits, as in `Article.revision`."""


@dataclass(frozen=True, slots=True)
class Version:
    """The item that an article is a version of, and its place among the versions.

    `item` is a SHA-256: equal for all versions of the item. `revision` is compared as text, by code points: the later
    version has the greater one. Of equal ones the later arrival is the later version. None comes after all others.
    """

    item: bytes
    revision: str | None
    is_withdrawn: bool


def version_of(article: Article, document_sha256: bytes) -> Version | None:
    """Return the version that an article is; None for an article without versions, as nearly all are.

    `document_sha256` is the SHA-256 of the bytes of its document, which stands for the id of a withdrawn article that
    has none.
    """
    if article.revision is None and not article.is_withdrawn:
        return None
    revision = article.revision
    identifier = article.identifier or ""
    if match := WITH_REVISION.fullmatch(identifier):
        identifier = match["id"]
        revision = revision or match["revision"].zfill(DIGITS)
    name = _name(identifier, article.outlet)
    if name is None:
        if not article.is_withdrawn:
            return None
        name = ("document", document_sha256.hex())
    return Version(sha256("\0".join(name).encode("utf-8", "surrogatepass")).digest(), revision, article.is_withdrawn)


def _name(identifier: str, outlet: str | None) -> tuple[str, ...] | None:
    """Return what identifies an item in the world; None if its id is only known at an outlet that is not named."""
    if not identifier:
        return None
    if GIVEN_BY.match(identifier) or UUID.fullmatch(identifier):
        return ("id", identifier)
    if not outlet:
        return None
    return ("outlet", " ".join((agency(outlet) or outlet).casefold().split()), identifier)

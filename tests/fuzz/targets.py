"""The targets of fuzzing: each with its name, its inputs, the function to run, and its share of the inputs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import checks, documents, texts
from worker.bounded import BoundedParser
from worker.extract.version import Mode
from worker.parse import Limits
from worker.parse.registry import all_formats
from worker.speakers.within import resolve

LIMITS = Limits(max_article_bytes=100_000, max_member_bytes=100_000, max_container_bytes=1_000_000, max_members=1000)
MEDIA_TYPES = sorted({media_type for kind in all_formats() for media_type in kind.media_types})
SUFFIX_OF = {"text/html": ".html", "application/json": ".json", "text/markdown": ".md", "message/rfc822": ".eml"}
SUFFIX_OF |= {"application/rss+xml": ".xml", "application/atom+xml": ".xml", "multipart/related": ".mhtml"}
SUFFIX_OF |= {"application/warc": ".warc", "application/pdf": ".pdf", "application/rtf": ".rtf", "text/rtf": ".rtf"}
SUFFIX_OF |= {"text/vnd.iptc.nitf": ".xml", "text/vnd.iptc.newsml": ".xml", "text/vnd.wordpress.wxr": ".xml"}
SUFFIX_OF |= {"application/vnd.iptc.g2.newsitem+xml": ".xml", "application/vnd.iptc.ninjs+json": ".json"}
SUFFIX_OF |= {"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx"}
SUFFIX_OF |= {"application/vnd.oasis.opendocument.text": ".odt"}


@dataclass(frozen=True, slots=True)
class Target:
    """One function under test.

    `share` is relative, so that slow targets get few inputs: a page takes ten times as long as a text, and the network
    thirty times as long.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], checks.Outcomes]
    share: float


@cache
def parser() -> BoundedParser:
    """Return the one bounded parser of this process. It has the memory of a worker's parser, and twice the time."""
    bounded_parser = BoundedParser(LIMITS, 1_500_000_000, 20.0)
    bounded_parser.warm()
    return bounded_parser


PAGES = {".htm", ".html", ".shtml", ".xhtml", ".mht", ".mhtml", ".warc", ".zip", ".gz"}


def _file(extension: str) -> Target:
    """Return the target that splits and parses files with this extension."""
    return Target(
        f"file {extension}",
        documents.any_document(extension),
        lambda raw: checks.read_file(parser(), raw, "a" + extension),
        1.0 if extension in PAGES else 2.0,
    )


def _document(media_type: str) -> Target:
    """Return the target that parses members of this media type."""
    suffix = SUFFIX_OF.get(media_type, ".txt")
    return Target(
        f"document {media_type}",
        documents.any_document(suffix),
        lambda raw: [checks.read_member(parser(), raw, media_type)],
        0.5 if suffix in PAGES else 2.0,
    )


@st.composite
def readings(draw: st.DrawFn) -> tuple[str, str | None, tuple[int, int]]:
    """Draw a text, its language, and the bounds of its body."""
    text = draw(texts.texts)
    language = draw(st.sampled_from(["en", "en", "en", None, "de", "en-GB", ""]))
    start, end = draw(st.integers(-5, 50)), draw(st.integers(-5, 50))
    return text, language, ((start, len(text) - end) if draw(st.booleans()) else (0, len(text)))


def _reader(mode: Mode, share: float) -> Target:
    """Return the target that extracts in this mode."""
    return Target(
        f"extract {mode.value}", readings(), lambda reading: checks.read_text(reading[0], mode, *reading[1:]), share
    )


def _rules(text: str) -> checks.Outcomes:
    """Extract with the rules alone, and check the result."""
    quotations = checks.by_rule(text)
    checks.check_quotations(text, quotations)
    checks.check_resolution(text, quotations, resolve(text, quotations))
    return ["quoted" if quotations else "no quotation"]


def _fingerprints(text: str) -> checks.Outcomes:
    """Check the hash and the sketch of a text."""
    checks.check_fingerprints(text)
    return ["hashed"]


def targets() -> list[Target]:
    """Return the targets: every extension, every media type, the extractor's rules and its two modes, fingerprints."""
    return [
        *map(_file, documents.EXTENSIONS),
        *map(_document, MEDIA_TYPES),
        Target("extract by rule", texts.texts, _rules, 8.0),
        _reader(Mode.QUOTED, 1.5),
        _reader(Mode.FULL, 1.5),
        Target("fingerprints", texts.texts, _fingerprints, 4.0),
    ]

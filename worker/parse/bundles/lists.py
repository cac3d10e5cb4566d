"""Lists of articles without their texts: what Media Cloud and GDELT export. They are recognised, and refused."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from worker.parse.article import Member
from worker.parse.format import Limits
from worker.parse.reading import CHUNK
from worker.reasons import Reason, Refused

GKG_LINE = re.compile(r"\d{14}-T?\d{1,8}\t\d{14}\t[1-6]\t[^\t\n]{0,200}\t")
EVENT_LINE = re.compile(r"\d{6,12}\t\d{8}\t\d{6}\t\d{4}\t[\d.]{4,12}\t")
MENTION_LINE = re.compile(r"\d{6,12}\t\d{14}\t\d{14}\t[1-6]\t")
GET_TEXTS = (
    "fetch the pages at its addresses with a crawler (news-please, fundus, wget --warc-file), and drop what that saves"
)


def is_media_cloud(head: str) -> bool:
    """True if the first line of a table names the columns of Media Cloud."""
    names = _names(head)
    return {"title", "url", "media_name", "publish_date"} <= names and not names & {
        "text",
        "story_text",
        "body",
        "content",
    }


def is_gdelt(head: str) -> bool:
    """True if a table is one of GDELT's: events, mentions or the knowledge graph (no names), or a list of articles."""
    first = head.partition("\n")[0]
    if GKG_LINE.match(first) or EVENT_LINE.match(first) or MENTION_LINE.match(first):
        return True
    names = _names(head)
    return (
        {"url", "mobileurl", "date", "title"} <= names
        or {"globaleventid", "sourceurl"} <= names
        or "gkgrecordid" in names
    )


def _names(head: str) -> set[str]:
    line = head.partition("\n")[0].replace(";", ",").replace("\t", ",")
    return {name.strip("\ufeff \"'").lower() for name in line.split(",")}


def refusing(database: str, *, has_names: Callable[[str], bool]) -> Callable[[BinaryIO, str, Limits], Iterator[Member]]:
    """Return a function that refuses a list of this database, and says how many articles it lists."""

    def split(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Member]:
        lines, last = 0, b""
        first = b""
        while piece := stream.read(CHUNK):
            first = first or piece[:CHUNK]
            lines += piece.count(b"\n")
            last = piece[-1:]
        lines += last not in (b"", b"\n")
        lines -= has_names(first.decode("utf-8", "replace"))
        raise Refused(
            Reason.MALFORMED,
            f"It is a list of {database} with {max(0, lines):,} lines, without the texts of the articles. To get the"
            f" texts, {GET_TEXTS}.",
        )
        yield  # a generator, as `split` of every format

    return split


def first_line_has_names(head: str) -> bool:
    """True if the first line of a list names its columns."""
    return bool(_names(head) & {"url", "sourceurl", "gkgrecordid", "globaleventid"})

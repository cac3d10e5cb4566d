"""RIS exports of ProQuest and other databases: `TY  - NEWS` begins a reference, `ER  -` ends it.

RIS is for references: most databases write only an abstract into it.
"""

import re

from worker.parse.bundles.bundle import Bundle
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.nexis_print import paragraphs_of
from worker.parse.bundles.proquest_words import ANONYMOUS, NOT_THERE

BEGINNING = re.compile(r"(?m)^TY  ?- ?[A-Z]{3,8}[ \t]{0,20}$")
TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  ?-(?: |$)(?P<value>.{0,1000000})")
NAMES = {"ProQuest": "ProQuest", "Factiva": "Factiva", "Nexis": "Nexis", "EBSCO": "EBSCOhost"}
RIGHTS = re.compile(r"Copyright - \(?([^\n;]{3,300}?)\)?(?=$|\n|;)")
SHORTEST = 200  # a text with fewer words is an abstract


def looks_like(head: str) -> bool:
    """True if the file is in the format RIS."""
    return BEGINNING.match(head.lstrip("\ufeff\n \t")) is not None


def read(text: str) -> Entry:
    """Return the fields of one reference."""
    tags: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):
        match = TAG.match(line)
        if match:
            current = tags.setdefault(match["tag"], [])
            current.append(match["value"].strip())
        elif line.strip() and current:
            current[-1] += "\n" + line.strip()

    def first(*names: str) -> str | None:
        return next((value for name in names for value in tags.get(name, ()) if value.strip(" /")), None)

    body = max((value for name in ("AB", "N2", "FT") for value in tags.get(name, ())), key=len, default="")
    body = "" if NOT_THERE.fullmatch(body.strip()) else "\n\n".join(paragraphs_of(body))
    authors = [value for name in ("AU", "A1", "A2") for value in tags.get(name, ())]
    is_abstract = len(body.split()) < SHORTEST
    return entry(
        _database(first("DB", "DP", "UR") or ""),
        body,
        title=first("T1", "TI", "CT"),
        outlet=first("JF", "JO", "T2", "JA", "BT"),
        date=_date([value for name in ("DA", "Y1", "PY") for value in tags.get(name, ())]),
        authors=[name for author in authors if author.lower() not in ANONYMOUS for name in authors_of(author)],
        section=first("SE"),
        language=first("LA"),
        identifier=first("AN", "ID", "C1"),
        licence=next((match[1] for value in tags.get("N1", ()) if (match := RIGHTS.search(value))), None),
        url=next((value for value in tags.get("UR", ()) if value.startswith("http")), None),
        warnings=["only the abstract is there: the format RIS has no full text"] if body and is_abstract else [],
    )


def _database(named: str) -> str:
    return next((name for word, name in NAMES.items() if word.lower() in named.lower()), "RIS")


def _date(values: list[str]) -> str | None:
    """Return the most exact of the dates of a reference ("2010/05/08/", "2010 May 08", "2010"), in a form all know."""
    for value in values:
        if match := re.match(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)", value):
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    worded = (
        re.sub(r"^(\d{4})[ /]+([^\W\d_]{3,10})[ /]+(\d{1,2})$", r"\3 \2 \1", value.strip(" /")) for value in values
    )
    return next((value for value in worded if not value.isdigit()), None) or next(iter(values), None)


BUNDLE = Bundle(
    database="RIS",
    beginning=BEGINNING,
    read=read,
    advice="Export it again as text or HTML with full texts, and drop that.",
)

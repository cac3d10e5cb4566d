"""Old LexisNexis exports (text and HTML): every document begins with a line such as "3 of 112 DOCUMENTS".

Publication, date, title, fields (`BYLINE: …`), text, fields (`LOAD-DATE: …`) and the copyright follow, each in a block
of its own, with empty lines between the blocks.
"""

import re

from worker.parse.bundles.bundle import Bundle
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.nexis_words import BEFORE, BEHIND, COPYRIGHT, ERROR, label_of
from worker.parse.bundles.written_dates import is_date_line, written_date
from worker.reasons import Reason, Refused

DATABASE = "Nexis"
MARK = re.compile(
    r"(?m)^[ \t\xa0]{0,80}(?=[^\n]{0,40}D[Oo][CcKk][Uu][Mm][Ee][Nn])(?:FOCUS - )?(?:Do[ck]umento? )?"
    r"(?P<number>\d{1,6}) (?:of|OF|von|de|van|di|du) (?P<count>\d{1,6})(?: D[Oo][CcKk][Uu][Mm][Ee][Nn]\w{0,3})?"
    r"[ \t\xa0]{0,80}$"
)
FIELD_LINE = re.compile(
    r"(?m)^[ \t]{0,8}(?:BYLINE|SECTION|LENGTH|LOAD-DATE|LANGUAGE|HEADLINE|AUTOR|RUBRIK|L\S{1,2}NGE|UPDATE|SPRACHE"
    r"|AUTEUR|RUBRIQUE|LONGUEUR|DATE-CHARGEMENT|LENGTE|KOP|TAAL|PUBLICATION-TYPE)\s?:"
)
KEPT = ("title", "outlet", "date", "section", "language", "identifier", "licence", "url")
IDENTIFIERS = frozenset(("acc-no", "accession-number", "document-number"))
INDENTS = ("  ", "\t")  # before the first line of a paragraph
WORD_COUNT = re.compile(r"\d{1,6} (?:words|Wörter|mots|woorden)")
WIDTH = 90  # lines of wrapped text have at most this many characters; a longer line is a whole paragraph
EMPTY_LINE = re.compile(r"\n[ \t\xa0]*\n")
FEWEST_EMPTY = 0.05  # a text with a smaller share of empty lines has one line for each block
REACH = 5  # a field behind the text, such as captions, has at most so many blocks


def looks_like(head: str) -> bool:
    """True if the beginning of a file is an old LexisNexis export in plain text."""
    return MARK.search(head) is not None and FIELD_LINE.search(head) is not None


def read(text: str) -> Entry:
    """Return the fields of one document."""
    blocks = blocks_of(MARK.sub("", text, count=1))
    if ERROR.search(text[:2000]):
        raise Refused(Reason.MALFORMED, "Nexis says that it could not show this document. Export it again.")
    first = next((place for place, block in enumerate(blocks) if _is_field(block, BEFORE)), None)
    if first is None:
        first = _behind_head(blocks)
    head, rest = blocks[:first], blocks[first:]
    fields = _head(head)
    body_start = _fields_before(rest, fields)
    if body_start < len(rest) and WORD_COUNT.fullmatch(rest[body_start].strip()):
        body_start += 1
    body_end = _body_end(rest, body_start)
    _fields_behind(rest[body_end:], fields)
    if "outlet" not in fields and "date" not in fields and first == 0:
        raise Refused(Reason.MALFORMED, "It has neither a publication nor a date, so it is no document of Nexis.")
    paragraphs = [paragraph for block in rest[body_start:body_end] for paragraph in paragraphs_of(block)]
    return entry_of(fields, paragraphs)


def entry_of(fields: dict[str, str], paragraphs: list[str]) -> Entry:
    """Return an entry of Nexis with the fields that are kept, and with these paragraphs as its text."""
    kept = {name: fields[name] for name in KEPT if name in fields}
    return entry(DATABASE, "\n\n".join(paragraphs), authors=authors_of(fields.get("author")), **kept)


def blocks_of(text: str) -> list[str]:
    """Return the blocks of a text that empty lines separate. A field that begins in a block begins a new one."""
    blocks: list[str] = []
    lines_are_blocks = len(EMPTY_LINE.findall(text)) < FEWEST_EMPTY * text.count("\n")  # so it is in Word documents
    for block in text.split("\n") if lines_are_blocks else EMPTY_LINE.split(text):
        lines: list[str] = []
        for line in block.split("\n"):
            if lines and ":" in line and (label := label_of(line.strip())) and _is_capital_field(line, label[0]):
                blocks.append("\n".join(lines))
                lines = []
            if line.strip():
                lines.append(line.rstrip())
        if lines:
            blocks.append("\n".join(lines))
    return blocks


def _is_capital_field(line: str, word: str) -> bool:
    """True if a line begins with a field in capitals, as all fields of these exports are."""
    return (word in BEFORE or word in BEHIND) and line.lstrip()[:2].isupper()


def _is_field(block: str, words: dict[str, str]) -> bool:
    label = label_of(block.strip())
    return label is not None and label[0] in words and block.strip()[:2].isupper()


def paragraphs_of(block: str) -> list[str]:
    """Return the paragraphs of a block: its lines are joined if they are wrapped, or each is a paragraph."""
    lines = block.split("\n")
    if max(map(len, lines)) > WIDTH:
        return [" ".join(line.split()) for line in lines if line.strip()]
    paragraphs: list[list[str]] = []
    all_indented = all(line.startswith(INDENTS) for line in lines)
    for line in lines:
        if not paragraphs or (line.startswith(INDENTS) and not all_indented):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return [" ".join(" ".join(lines).split()) for lines in paragraphs]


def _behind_head(blocks: list[str]) -> int:
    """Return where the text begins in a document without fields: behind publication, date and title."""
    dated = next((place for place, block in enumerate(blocks[:6]) if is_date_line(block.strip())), None)
    return 0 if dated is None else min(len(blocks), dated + 2)


def _head(blocks: list[str]) -> dict[str, str]:
    """Return what stands before the first field: copyright, publication, date and title."""
    fields: dict[str, str] = {}
    names: list[str] = []
    titles: list[str] = []
    for block in blocks:
        line = block.strip()
        if COPYRIGHT.match(line):
            rights, _, last = line.rpartition("\n")
            if rights and not COPYRIGHT.match(last.strip()):  # the publication stands right below its copyright
                names.append(last.strip())
            fields.setdefault("licence", rights or line)
        elif line.startswith(("http://", "https://")):
            fields["url"] = line.split()[0]
        elif "date" not in fields and is_date_line(line.split("\n")[0]):
            fields["date"] = " ".join(line.split())
        elif "date" not in fields:
            names.append(line)
        elif not (is_date_line(line) and not titles) and not _is_edition(block, titles):
            titles.append(line)
    if names and "date" in fields:
        fields["outlet"] = names[-1].split("\n")[0]
        titles = titles or names[:-1]
    elif names:
        fields["outlet"], titles = names[0], names[1:]
    if titles:
        fields["title"] = titles[0]
    return fields


def _is_edition(block: str, titles: list[str]) -> bool:
    """True for the name of an edition, which is in the middle of the line as the date is."""
    return not titles and block.startswith(" " * 12) and len(block.split()) <= 6


def _fields_before(blocks: list[str], fields: dict[str, str]) -> int:
    """Read the fields before the text, and return the place of the first block of the text."""
    for place, block in enumerate(blocks):
        label = label_of(block.strip())
        if label is None or not _is_field(block, BEFORE):
            return place
        word, value = label
        if BEFORE[word] == "body":
            if not value.strip():
                return place + 1
            blocks[place] = value
            return place
        fields.setdefault(BEFORE[word], " ".join(value.split()))
    return len(blocks)


def _body_end(blocks: list[str], start: int) -> int:
    """Return the place behind the last block of the text."""
    kinds = [_kind_behind(block) for block in blocks]
    places = range(start, len(blocks))
    end = next((place for place in places if kinds[place] not in ("", "weak")), None)
    if end is None:
        end = len(blocks)
        while end > max(start, len(blocks) - 2) and COPYRIGHT.match(blocks[end - 1].strip()):
            end -= 1
    for place in range(end - 1, start - 1, -1):
        if end - place > REACH:
            break
        if kinds[place]:
            end = place
    return end


def _kind_behind(block: str) -> str:
    """Return the kind of the field that a block begins with, if it stands behind a text; or else "".

    A block that begins with "UPDATE: " and goes on as text, and not as a date, is text.
    """
    word, value = label_of(block.strip()) or ("", "")
    if not _is_field(block, BEHIND) or (word.startswith("update") and (len(value) > 60 or not written_date(value))):
        return ""
    return BEHIND[word]


def _fields_behind(blocks: list[str], fields: dict[str, str]) -> None:
    """Read the fields behind the text: the language, and the copyright in the middle of the line."""
    for block in blocks:
        line = block.strip()
        word, value = label_of(line) or ("", "")
        if BEHIND.get(word) == "language":
            fields.setdefault("language", value)
        elif word in IDENTIFIERS:
            fields.setdefault("identifier", value)
        elif COPYRIGHT.match(line):
            fields.setdefault("licence", line)


BUNDLE = Bundle(
    database=DATABASE,
    beginning=MARK,
    read=read,
    advice="Export it again as text or Word with full texts, and drop that.",
)

"""ProQuest exports as text and HTML (also in mails): every field has its name before it, in bold or with a colon."""

import re
from typing import TYPE_CHECKING

from worker.parse.bundles.bundle import Bundle, Documents, documents_of
from worker.parse.bundles.entry import Entry, entry
from worker.parse.bundles.names import authors_of
from worker.parse.bundles.pages import blocks, line_of, tree_of, without_classes
from worker.parse.bundles.proquest_words import ANONYMOUS, DATABASE, INFO_DATE, LABEL, NOT_THERE, WEAK, field_of
from worker.reasons import Reason, Refused

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MARK = re.compile(
    r"(?m)^[ \t\xa0]{0,20}(?:Document|Dokument|Documento) (?P<number>\d{1,6}) (?:of|de|sur|von|van|di)"
    r" (?P<count>\d{1,6})[ \t\xa0]{0,20}$"
)
RULE = re.compile(r"(?m)^_{20,}[ \t]{0,20}$")
ID_LINE = re.compile(r"(?m)^[ \t]{0,20}(?:ProQuest document ID|ID du document ProQuest|ProQuest-Dokument-ID|ID de)")
ANCHOR = re.compile(r"<a\b[^<>]{0,100}\bname=[\"']DocID_[^\"'<>]{1,80}[\"'][^<>]{0,50}>", re.I)
FULL_TEXT = re.compile(r"(?i)\b(?:full text|texte intégral|volltext|texto completo|testo completo)\s?:")
CLOSING = re.compile(
    r"(?im)^[ \t]{0,20}(?:Contact us at\b|Database copyright\b|Copyright ©? ?\d{4} ProQuest\b|Terms and Conditions\b"
    r"|Bibliography$|Citation style\b|Nous contacter|Kontakt:)"
)
TEXT_ELEMENT_END = re.compile(r"</text\s*>|<p\b[^<>]{0,200}>\s{0,20}<strong\b[^<>]{0,200}>[^<>]{3,40}:", re.I)
PICTURES = frozenset(("document_view_image", "document_view_caption", "sr-only", "illustration_content"))
TEXT_END = re.compile(r"(?:Credit|Illustration|Photograph|Caption|Word count|Contact)s?\s?:.{0,400}", re.S)
BROKEN_TAG = re.compile(r"^\s*html(?:&gt;|>)")  # in some documents the first mark of the text lacks its bracket
EDITION = re.compile(r"(?<=\S)\s*:?\s*\[[^\[\]]{0,80}\bEdition\]\s*$")  # "Court rules: [Final Edition]"


def looks_like(head: str) -> bool:
    """True if the beginning of a text is an export of ProQuest."""
    if head.lstrip()[:1] == "<" or not ("ProQuest" in head or "Document URL:" in head):
        return False
    return FULL_TEXT.search(head) is not None or ID_LINE.search(head) is not None


def looks_like_page(head: str) -> bool:
    """True if the beginning of a page is an export of ProQuest."""
    return head.lstrip()[:1] == "<" and ("<title>ProQuest" in head or ANCHOR.search(head) is not None)


def documents(text: str) -> Documents:
    """Return the documents of a text: between marks ("Document 1 of 100"), or between rules."""
    if MARK.search(text):
        return documents_of(TEXT_BUNDLE, text)
    pieces = RULE.split(text)
    return Documents([piece for piece in pieces if FULL_TEXT.search(piece) or ID_LINE.search(piece)])


def read_text(text: str) -> Entry:
    """Return the fields of one document in plain text."""
    lines = [line.strip(" \t\xa0") for line in RULE.sub("", MARK.sub("", text, count=1)).split("\n")]
    fields: dict[str, list[str]] = {}
    current = fields.setdefault("head", [])
    for line in lines:
        match = LABEL.match(line)
        field = field_of(match["label"]) if match else None
        if match and field and not (current is fields.get("body") and match["label"].lower() in WEAK):
            is_new = field not in fields and field != "other"
            current = fields.setdefault(field, []) if is_new else []
            line = line[match.end() :]
        elif CLOSING.match(line) and current is not fields["head"]:
            current = []
        current.append(line)
    return _entry({field: _value(field, value) for field, value in fields.items()})


def _value(field: str, lines: list[str]) -> str:
    """Return the value of a field: all lines of a text, or else the lines up to an empty one."""
    value = "\n".join(lines).strip("\n")
    return value if field in ("body", "abstract", "head") else value.partition("\n\n")[0]


def read_page(source: str) -> Entry:
    """Return the fields of one document in HTML."""
    body, rest = _text_element(source)
    root = tree_of(rest)
    fields: dict[str, str] = {}
    title = next((line_of(part) for part in root.iter("p") if _is_title(part)), "")
    for strong in root.iter("strong", "b"):
        field = field_of(line_of(strong))
        parent = strong.getparent()
        if field in (None, "other") or field in fields or parent is None:
            continue
        value = line_of(parent)[len(line_of(strong)) :].strip(" :\xa0")
        if not value and field == "abstract":
            following = parent.getnext()
            value = line_of(following) if following is not None else ""
        fields.setdefault(field, value)
    if body is not None:
        fields["body"] = "\n\n".join(blocks(without_classes(tree_of(body), PICTURES), breaks=" "))
    fields.setdefault("head", title)
    return _entry(fields)


def _text_element(source: str) -> tuple[str | None, str]:
    """Return the source of the text, which is a whole page of its own, and the source of the document without it."""
    begin = re.search(r"<text\b[^<>]{0,200}>", source, re.I)
    if begin is None:
        return None, source
    end = TEXT_ELEMENT_END.search(source, begin.end())
    inside = source[begin.end() : end.start() if end else len(source)]
    inside = re.sub(r"</?(?:html|body)\b[^<>]{0,200}>|<head\b.{0,4000}?</head>", "", inside, flags=re.I | re.S)
    inside = BROKEN_TAG.sub("", inside)
    return inside, source[: begin.start()] + (source[end.start() :] if end else "")


def _is_title(part: "HtmlElement") -> bool:
    style = (part.get("style") or "").replace(" ", "").lower()
    return "font-weight:bold" in style and bool(line_of(part))


def _entry(fields: dict[str, str]) -> Entry:
    body = _body(fields.get("body", ""))
    warnings = []
    if not body or NOT_THERE.fullmatch(body):
        body = fields.get("abstract", "")
        body = "" if NOT_THERE.fullmatch(body) else body
        warnings = ["only the abstract is there: the database gave no full text"] if body else []
    if not (fields.get("outlet") or fields.get("info") or fields.get("date") or body):
        raise Refused(Reason.MALFORMED, "It has none of the fields that documents of ProQuest have. Export it again.")
    info = fields.get("info", "")
    told = INFO_DATE.search(info)
    author = fields.get("author", "")
    head = [line for line in fields.get("head", "").split("\n") if line and not line.startswith(("http", "ProQuest "))]
    return entry(
        DATABASE,
        body,
        title=EDITION.sub("", fields.get("title") or next(iter(head), "")),
        outlet=(fields.get("outlet") or info).split(";")[0].split(", Late")[0],
        date=fields.get("date") or (told["date"] if told else None),
        authors=() if author.strip().lower() in ANONYMOUS else authors_of(author),
        section=fields.get("section"),
        language=fields.get("language"),
        identifier=fields.get("identifier"),
        licence=fields.get("licence", "").strip("()") if "©" not in fields.get("licence", "") else fields["licence"],
        url=next((word for word in fields.get("url", "").split() if word.startswith("http")), None),
        warnings=warnings,
    )


def _body(text: str) -> str:
    """Return the paragraphs of the text, without what stands behind it: credits, captions, addresses."""
    pieces = [" ".join(piece.split()) for piece in re.split(r"\n[ \t]*\n", text) if piece.strip()]
    if len(pieces) == 1 and "\n" in text.strip():
        pieces = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    while len(pieces) > 1 and (
        TEXT_END.fullmatch(pieces[-1]) or pieces[-1].strip("- ") == "" or _is_address(pieces[-1])
    ):
        pieces.pop()
    return "\n\n".join(pieces)


def _is_address(piece: str) -> bool:
    return " " not in piece and "@" in piece


TEXT_BUNDLE = Bundle(database=DATABASE, beginning=MARK, read=read_text)
BUNDLE = Bundle(database=DATABASE, documents=documents, read=read_text)
PAGE_BUNDLE = Bundle(database=DATABASE, beginning=ANCHOR, read=read_page)

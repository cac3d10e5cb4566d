"""What stands around a date on a page: the label that says what it is, or a sentence that only mentions the date."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from worker.parse.facts.date_words import BESIDE, CHANGED_WORDS, plain
from worker.parse.pages.page_elements import classes, properties, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_DATE = 100  # a date with its label has at most this many characters
MOST_BESIDE = 20  # look at no more elements beside a date
WHOLE = frozenset(("article", "main", "body", "html"))
CHANGED = re.compile(r"(?i)updat|modif|edited|revis|aktualis|actuali|aggiorn")
NAMED_PUBLISHED = re.compile(r"(?i)(?:^|\s)(?:date-?)?(?:published|entry-date)(?:$|\s)")
LABELS = re.compile(
    rf"(?P<changed>\b(?:{'|'.join(sorted(map(re.escape, CHANGED_WORDS)))})\b)"
    r"|\b(?:publi|pubbli|gepubli|opublik|posted|geplaatst|veroffentlicht|erschienen|erstellt|paru\b|mis en ligne"
    r"|udgivet|dodano|vydano|опублик|yayin)"
)
"""Words before a date that say what it is."""
LABEL_REACH = 40  # a label stands no further before its date than this many characters
NEAR = 3  # look at so many elements around a date for its label
INLINE = frozenset(("a", "abbr", "b", "em", "font", "i", "q", "small", "span", "strong", "svg", "time", "u", "img"))
FEWEST_OF_SENTENCE = 1  # words in lower case that no label of a date has
LINKING = frozenset((
    *("by", "and", "in", "von", "und", "par", "et", "por", "y", "da", "di", "door", "en", "av", "och", "og", "from"),
    *("last", "this", "story", "article", "was"),
))  # fmt: skip
"""Words that may link a date with a by-line, or stand in its label."""


def is_publication(element: "HtmlElement") -> bool:
    """True if a date can be that of publication: it is no date of a change, and stands in no sentence."""
    before, behind = _line_around(element)
    return not _is_changed(element, before) and not (element.tag == "time" and _is_in_sentence(before, behind))


def _is_changed(element: "HtmlElement", before: str) -> bool:
    """True if a date is that of a change, by the names of its element or by the last label before it."""
    names = [*properties(element), classes(element), element.get("id") or "", *_names_around(element)]
    if any(CHANGED.search(name) and not NAMED_PUBLISHED.search(name) for name in names):
        return True
    own = plain((text_of(element) or "")[:20])
    label = plain(before[-LABEL_REACH:])
    if not label.strip(" :|·•,;/()[]-–—"):
        label = plain((_text_before(element) or "")[-LABEL_REACH:])
    own_labels, labels = list(LABELS.finditer(own)), list(LABELS.finditer(label))
    if labels and not own_labels and re.search(r"\b\d{4}\b", label[labels[-1].end() :]):
        return False  # the label is that of another date
    return any(found["changed"] is not None for found in (own_labels or labels)[-1:])


def _names_around(element: "HtmlElement") -> Iterator[str]:
    """Yield the classes of the elements around a date that hold little else and no other date."""
    for above in islice(element.iterancestors(), NEAR):
        if (
            above.tag in WHOLE
            or len(text_of(above) or "") > LONGEST_DATE
            or len(list(islice(above.iter("time"), 2))) > 1
        ):
            return
        yield classes(above)


def _text_before(element: "HtmlElement") -> str | None:
    """Return the text of the nearest block before an element, if that stands alone in what is around it."""
    for above in (element, *islice(element.iterancestors(), NEAR)):
        if above.tag in WHOLE:
            return None
        previous = above.getprevious()
        while previous is not None and not isinstance(previous.tag, str):
            previous = previous.getprevious()
        if previous is not None and (text := text_of(previous)):
            return text if len(text) <= LONGEST_DATE else None
    return None


def _line_around(element: "HtmlElement") -> tuple[str, str]:
    """Return the text before and behind an element in its line: as far as the next block or break."""
    before, behind, inner = "", "", element
    for _ in range(NEAR + 1):
        above = inner.getparent()
        if above is None:
            break
        earlier = _run(islice(inner.itersiblings(preceding=True), MOST_BESIDE), is_before=True)
        before = (earlier if _is_cut(inner, is_before=True) else f"{above.text or ''}{earlier}") + before
        behind += (inner.tail or "") + _run(islice(inner.itersiblings(), MOST_BESIDE), is_before=False)
        if above.tag not in INLINE:
            break
        inner = above
    return " ".join(before.split()), " ".join(behind.split())


def _is_cut(element: "HtmlElement", *, is_before: bool) -> bool:
    """True if a block or a break stands among the elements before (or behind) an element."""
    siblings = islice(element.itersiblings(preceding=is_before), MOST_BESIDE)
    return any(isinstance(each.tag, str) and each.tag not in INLINE for each in siblings)


def _run(siblings: "Iterator[HtmlElement]", *, is_before: bool) -> str:
    """Return the text of elements inside a line, and of what stands between them, as far as the next block."""
    pieces: list[str] = []
    for each in siblings:
        is_block = isinstance(each.tag, str) and each.tag not in INLINE
        own = "" if is_block or not isinstance(each.tag, str) else f" {text_of(each) or ''} "
        tail = each.tail or ""
        pieces.append((tail if is_block else own + tail) if is_before else ("" if is_block else own + tail))
        if is_block:
            break
    return "".join(reversed(pieces) if is_before else pieces)


def _is_in_sentence(before: str, behind: str) -> bool:
    """True if a date stands in a sentence of the text: much is around it, or words that are no label of a date."""
    if len(before) + len(behind) > LONGEST_DATE:
        return True
    if LABELS.search(plain(before[-LABEL_REACH:])):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", f"{before} {behind}") if word.islower() and len(word) > 1]
    unknown = [word for word in words if plain(word) not in BESIDE and plain(word) not in LINKING]
    return len(unknown) >= FEWEST_OF_SENTENCE and re.search(r"[.!?…][”\"'»)]{0,2}\Z", behind) is not None

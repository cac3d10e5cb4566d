"""The text of the article on a page.

trafilatura says which words of a page belong to its article; the text itself is read here, from the blocks of the
page. So no paragraph is cut, joined or split by the conversions of trafilatura (2.3.1: lists, tables and `<pre>` are
lost or split, text behind inline elements starts new lines), and blocks that it misses inside an article are added.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from worker.parse.pages.blocks import LONG_BLOCK, SENTENCE_END, Block, blocks, is_prose
from worker.parse.pages.boxes import is_summary
from worker.parse.pages.overlap import Grams, bare, grams, share_in
from worker.parse.pages.trimming import (
    picture_boxes,
    pull_quotes,
    without_asides,
    without_captions,
    without_edges,
    without_repeats,
    without_title,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SAME = 0.6  # a block with at least this share of its words in trafilatura's text belongs to the article
MOSTLY_LINKS = 0.5
LONGEST_CAPTION = 300  # a shorter text in a box with a picture is about the picture
LEVELS = 2  # a lead stands so many levels above the text at most
TAIL = 0.15  # at most this share of an article stands behind the end of the text in JSON-LD without belonging to it
ROW_TAGS = frozenset(("tr", "td", "th", "table"))
CUT = re.compile(r"(?:…|\.\.\.)[\s\]\)]{0,3}\Z")
MOST_ROWS = 40  # trafilatura's time grows with the square of the number of cells, of which it takes none
MOST_BLOCKS = 1000  # and with that of short blocks, if it compares its choice with that of jusText
LIST_TAGS = frozenset(("li", "dd", "dt", "tr", "td", "th", "ul", "ol", "dl", "table"))


@dataclass(frozen=True, slots=True)
class PageText:
    """The article's blocks, and all blocks of its page."""

    chosen: tuple[Block, ...]
    page: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The paragraphs, with empty lines between them."""
        return "\n\n".join(block.text for block in self.chosen)


def page_text(root: "HtmlElement", title: str | None, hint: str | None = None) -> PageText:
    """Return the text of the article on the page, whose tree is clean.

    `title` is left out where it stands before the text. `hint` is the text as the page's JSON-LD has it.
    """
    pulled = pull_quotes(root)
    found = blocks(root)
    boxes = picture_boxes(root)
    extracted = _extracted(root, found)
    kept = _without_copies(found, _kept(found, extracted))
    if hint:
        kept = _agreed(found, kept, hint)
    chosen = [found[place] for place in sorted(_completed(found, kept, boxes))]
    chosen = without_captions(without_edges(without_asides(without_title(chosen, title))), boxes)
    return PageText(tuple(without_repeats(chosen, pulled)), tuple(found))


def fragment_text(root: "HtmlElement") -> str:
    """Return the text of a fragment, whose tree is clean: all of it but what is no part of an article anywhere."""
    pulled = pull_quotes(root)
    chosen = without_repeats(without_asides(blocks(root)), pulled)
    return "\n\n".join(block.text for block in chosen)


def _extracted(root: "HtmlElement", found: list[Block]) -> str:
    """Return what trafilatura takes for the article. Long tables leave the tree before, if there is prose beside them.

    Their rows are blocks already, and are chosen for where they stand.
    """
    from lxml import etree
    from trafilatura import extract

    rows = sum(block.tag in ROW_TAGS for block in found)
    if rows > MOST_ROWS and any(is_prose(block) and block.tag not in ROW_TAGS for block in found):
        etree.strip_elements(root, "table", with_tail=False)
    fast = len(found) > MOST_BLOCKS
    return extract(root, fast=fast, include_comments=False, include_tables=False, with_metadata=False) or ""


def _kept(found: list[Block], text: str) -> set[int]:
    """Return the places of the blocks that stand in a text, whole or with most of their words."""
    lines = {bare(line) for line in text.split("\n")}
    kept, rest = set(), []
    for place, block in enumerate(found):
        if block.bare in lines:
            kept.add(place)
        else:
            rest.append(place)
    if rest:
        whole = grams(text)
        kept |= {place for place in rest if share_in(grams(found[place].text), whole) >= SAME}
    return kept


def _without_copies(found: list[Block], kept: set[int]) -> set[int]:
    """Return the places without those of copies in other parts of the page: some hold a text twice, for two screens."""
    weights = _weights(found, kept)
    homes: dict[str, HtmlElement] = {}
    for place in sorted(kept, key=lambda place: (-weights[found[place].home], place)):
        homes.setdefault(found[place].bare, found[place].home)
    return {place for place in kept if homes[found[place].bare] is found[place].home}


def _weights(found: list[Block], kept: set[int]) -> Counter["HtmlElement"]:
    """Return how many characters of the chosen blocks each part of the page has."""
    weights: Counter[HtmlElement] = Counter()
    for place in kept:
        weights[found[place].home] += len(found[place].text)
    return weights


def _agreed(found: list[Block], kept: set[int], hint: str) -> set[int]:
    """Return the places of the article's blocks, by trafilatura's choice and by the text in the page's JSON-LD.

    That text may be a summary, or only the beginning. If it is the article's, the blocks that it has belong to the
    article, and little text behind the last of them does not. If trafilatura has chosen another text of the page, but
    the text in JSON-LD is there, too, it is believed.
    """
    whole = grams(hint)
    hinted = _without_copies(found, _kept(found, hint))
    shown = _grams_of(found, hinted)
    seen = _grams_of(found, kept)
    if not whole or share_in(seen, whole) < SAME:
        return hinted if hinted and share_in(whole, shown) >= SAME and len(shown) >= len(seen) / 2 else kept
    if not hinted:
        return kept
    texts = {found[place].bare for place in kept}
    both = kept | {place for place in hinted if found[place].bare not in texts}
    behind = {place for place in both if place > max(hinted) and found[place].tag not in LIST_TAGS}
    is_little = sum(len(found[place].text) for place in behind) <= TAIL * sum(len(found[place].text) for place in both)
    return both - behind if is_little and SENTENCE_END.search(hint) and not CUT.search(hint) else both


def _grams_of(found: list[Block], places: set[int]) -> Grams:
    return grams("\n".join(found[place].text for place in sorted(places)))


def _completed(found: list[Block], kept: set[int], boxes: dict["HtmlElement", int]) -> set[int]:
    """Return the places with those of blocks that stand between the chosen ones, in the same parts of the page."""
    weights = _weights(found, kept)
    if not weights:
        return kept
    heaviest = max(weights.values())
    main = {home for home, weight in weights.items() if weight >= LONG_BLOCK and 20 * weight >= heaviest}
    alike = {_likeness(home) for home in main}
    first, last = min(kept), max(kept)
    headline = max((place for place in range(first) if found[place].tag == "h1"), default=-1)
    added, homes = set(kept), {found[place].bare: found[place].home for place in kept}
    for place, block in enumerate(found):
        inside = first < place < last
        if place in kept or block.link_share >= MOSTLY_LINKS or place < headline or not (inside or is_prose(block)):
            continue
        if (block.home in main or _is_near(block, main, alike, boxes)) and homes.get(
            block.bare, block.home
        ) is block.home:
            added.add(place)
    return added | _lead(found, headline, first, main) | _list_behind(found, max(added))


def _lead(found: list[Block], headline: int, first: int, main: set["HtmlElement"]) -> set[int]:
    """Return the places of the paragraphs between the headline and the part of the page with the article's text."""
    around = {above for home in main for above in islice(home.iterancestors(), LEVELS)}
    between = range(headline + 1, first) if headline >= 0 else range(0)
    return {
        place
        for place in between
        if found[place].tag == "p"
        and found[place].home in around
        and is_prose(found[place])
        and found[place].link_share < MOSTLY_LINKS
        and not is_summary(found[place].names)
    }


def _likeness(home: "HtmlElement") -> tuple[object, object, str | None]:
    """Return what parts of a page that hold the paragraphs of one article have in common, if each holds one."""
    return home.getparent(), home.tag, home.get("class")


def _is_near(
    block: Block,
    main: set["HtmlElement"],
    alike: set[tuple[object, object, str | None]],
    boxes: dict["HtmlElement", int],
) -> bool:
    """True if a block's part of the page belongs to a part with text of the article.

    It does inside such a part (a list in a `div`), and beside one of the same name (one `div` a paragraph).
    """
    parent = block.home.getparent()
    above = parent.getparent() if parent is not None else None
    if parent in main or above in main:
        box = block.home if parent in main else parent
        if len(block.text) <= LONGEST_CAPTION and box in boxes:
            return False
        return block.tag in LIST_TAGS or block.quoted or is_prose(block)
    is_sentence = SENTENCE_END.search(block.text[-5:]) is not None and not block.linked
    return (is_prose(block) or is_sentence) and _likeness(block.home) in alike


def _list_behind(found: list[Block], last: int) -> set[int]:
    """Return the places of a list that stands behind the last chosen block, if that announces it."""
    added: set[int] = set()
    if found[last].text.rstrip().endswith(":"):
        for place in range(last + 1, len(found)):
            block = found[place]
            if block.tag not in LIST_TAGS or block.link_share >= MOSTLY_LINKS or block.home is not found[last].home:
                break
            added.add(place)
    return added

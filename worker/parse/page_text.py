"""The text of the article on a page.

trafilatura says which words of a page belong to its article; the text itself is read here, from the blocks of the
page. So no paragraph is cut, joined or split by the conversions of trafilatura (2.3.1: lists, tables and `<pre>` are
lost or split, text behind inline elements starts new lines), and blocks that it misses inside an article are added.
"""

import logging
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.parse.blocks import HEADINGS, SENTENCE_END, Block, blocks
from worker.parse.boxes import is_pull_quote
from worker.parse.cleaning import drop_element
from worker.parse.wording import Kind, kind_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

WORD = re.compile(r"\w+")
UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")  # trafilatura leaves these out
SAME = 0.6  # a block with at least this share of its words in trafilatura's text belongs to the article
REPEATED = 0.6  # and a pull quote with this share of its words in the article repeats it
MOSTLY_LINKS = 0.5
LONG_BLOCK = 60  # characters of a paragraph: a shorter one outside of the article's paragraphs may be anything
HEADLINE_LEVELS = ("h1", "h2")
LIST_TAGS = frozenset(("li", "dd", "dt", "tr", "td", "th", "ul", "ol", "dl", "table"))
EDGE_BLOCKS = 4  # by-lines and dates stand in so many first blocks, a biography in so many last ones
LONGEST_LISTED = 160  # characters of a block in a list of links to other articles

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it says about a page, the article's warnings say

Grams = set[tuple[str, str, str, str]]


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
    pulled = _pull_quotes(root)
    found = blocks(root)
    extracted = _extracted(root)
    if not extracted and not hint:
        return PageText((), tuple(found))
    kept = _kept(found, extracted)
    if hint and _is_same_article(hint, [found[place] for place in kept]):
        kept |= _kept(found, hint)
    chosen = [found[place] for place in sorted(_completed(found, kept))]
    chosen = _without_edges(without_asides(_without_title(chosen, title)))
    return PageText(tuple(_without_repeats(chosen, pulled)), tuple(found))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return WORD.findall(UNSEEN.sub("", text).lower())


def grams(text: str) -> Grams:
    """Return every four words that stand in a row in the text."""
    listed = words(text)
    return set(zip(listed, listed[1:], listed[2:], listed[3:], strict=False))


def share_in(part: Grams, whole: Grams) -> float:
    """Return the share of the words of one text that another has, too."""
    return len(part & whole) / len(part) if part else 0.0


def _extracted(root: "HtmlElement") -> str:
    from trafilatura import extract

    return extract(root, include_comments=False, include_tables=False, with_metadata=False) or ""


def _pull_quotes(root: "HtmlElement") -> list[Grams]:
    """Take quotations in large letters out of the page, and return their words.

    One that no sentence of the article has comes back as a paragraph: it is put into the tree again without its name.
    """
    pulled = [element for element in root.iter() if element.attrib and is_pull_quote(element)]
    if not pulled:
        return []
    for element in pulled:
        for cite in [*element.iter("cite", "footer")]:
            drop_element(cite)
    return [grams(" ".join(element.itertext())) for element in pulled]


def _kept(found: list[Block], text: str) -> set[int]:
    """Return the places of the blocks that stand in a text, whole or with most of their words."""
    lines = {_bare(line) for line in text.split("\n")}
    kept, rest = set(), []
    for place, block in enumerate(found):
        if _bare(block.text) in lines:
            kept.add(place)
        else:
            rest.append(place)
    if rest:
        whole = grams(text)
        kept |= {place for place in rest if share_in(grams(found[place].text), whole) >= SAME}
    return kept


def _bare(text: str) -> str:
    """Return a text without white space and characters that nobody sees."""
    return "".join(UNSEEN.sub("", text).split())


def _is_same_article(hint: str, kept: list[Block]) -> bool:
    """True if the text in JSON-LD is that of the article, and not a summary of it or of another one."""
    whole = grams(hint)
    seen = grams("\n".join(block.text for block in kept))
    return bool(whole) and (not seen or share_in(seen, whole) >= SAME)


def _completed(found: list[Block], kept: set[int]) -> set[int]:
    """Return the places with those of blocks that stand between the chosen ones, in the same parts of the page."""
    weights: Counter[HtmlElement] = Counter()
    for place in kept:
        weights[found[place].home] += len(found[place].text)
    if not weights:
        return kept
    heaviest = max(weights.values())
    main = {home for home, weight in weights.items() if weight >= LONG_BLOCK and 20 * weight >= heaviest}
    first, last = min(kept), max(kept)
    added = set(kept)
    for place, block in enumerate(found):
        if place in kept or block.link_share >= MOSTLY_LINKS:
            continue
        inside = first < place < last
        if block.home in main:
            if (inside or _is_prose(block)) and not _is_before_headline(found, place, first):
                added.add(place)
        elif (inside or _is_prose(block)) and _is_near(block, main):
            added.add(place)
    return added | _list_behind(found, max(added))


def _is_prose(block: Block) -> bool:
    return len(block.text) >= LONG_BLOCK and SENTENCE_END.search(block.text[-5:]) is not None


def _is_before_headline(found: list[Block], place: int, first: int) -> bool:
    """True if a headline stands between a block and the first chosen one: the block is no part of the article."""
    return place < first and any(block.tag == "h1" for block in found[place:first])


def _is_near(block: Block, main: set["HtmlElement"]) -> bool:
    """True if a block's part of the page belongs to a part with text of the article.

    It does inside such a part (a list in a `div`), and beside one of the same name (one `div` a paragraph).
    """
    home = block.home
    parent = home.getparent()
    above = parent.getparent() if parent is not None else None
    if parent in main or above in main:
        return block.tag in LIST_TAGS or block.quoted or _is_prose(block)
    names = home.get("class")
    return (
        parent is not None
        and _is_prose(block)
        and any(other.getparent() is parent and other.tag == home.tag and other.get("class") == names for other in main)
    )


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


def _without_title(chosen: list[Block], title: str | None) -> list[Block]:
    """Leave out the headline at the beginning: it is the title."""
    titles = {" ".join(words(title))} if title else set()
    start = 0
    while start < len(chosen) - 1 and (
        chosen[start].tag == "h1" or (start < EDGE_BLOCKS and " ".join(words(chosen[start].text)) in titles)
    ):
        start += 1
    return chosen[start:]


def without_asides(chosen: list[Block]) -> list[Block]:
    """Leave out what is no part of an article wherever it stands, and the lists of links behind their headings."""
    kinds = [kind_of(block) for block in chosen]
    if sum(len(block.text) for block, kind in zip(chosen, kinds, strict=True) if kind == Kind.ASIDE) * 2 > sum(
        len(block.text) for block in chosen
    ):
        return chosen  # the page is written like that; none of its own words is left out
    left: list[Block] = []
    listing = False
    for block, kind in zip(chosen, kinds, strict=True):
        if kind == Kind.LIST:
            listing = True
        elif listing and (len(block.text) >= LONGEST_LISTED or (_is_prose(block) and not block.links)):
            listing = False
        if not listing and kind in (Kind.PROSE, Kind.EDGE):
            left.append(block)
    return left


def _without_edges(chosen: list[Block]) -> list[Block]:
    """Leave out by-lines and dates at the beginning, biographies and headings without text at the end."""
    start, end = 0, len(chosen)
    for place in range(min(EDGE_BLOCKS, end - 1)):
        if kind_of(chosen[place]) == Kind.EDGE and len(chosen[place].text) <= LONGEST_LISTED:
            start = place + 1
    while end > start + 1 and (kind_of(chosen[end - 1]) == Kind.EDGE or chosen[end - 1].tag in HEADINGS):
        end -= 1
    return chosen[start:end]


def _without_repeats(chosen: list[Block], pulled: list[Grams]) -> list[Block]:
    """Leave out pull quotes that repeat the article, and a quotation that stands twice in a row."""
    if pulled:
        counted = Counter(gram for block in chosen for gram in grams(block.text))
        chosen = [block for block in chosen if not _repeats(grams(block.text), pulled, counted)]
    twice = {place for place, (one, other) in enumerate(pairwise(chosen), 1) if one.text == other.text and one.quoted}
    return [block for place, block in enumerate(chosen) if place not in twice]


def _repeats(own: Grams, pulled: list[Grams], counted: Counter[tuple[str, str, str, str]]) -> bool:
    """True if the block is a pull quote whose words stand in another block, too."""
    if not own or not any(share_in(own, quote) >= SAME for quote in pulled):
        return False
    return sum(counted[gram] > 1 for gram in own) >= REPEATED * len(own)

"""Leaving out of an article's blocks what is no part of it: its title, by-lines, credits, links, pull quotes."""

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.parse.pages import phrases
from worker.parse.pages.blocks import HEADINGS, SENTENCE_END, Block, is_prose
from worker.parse.pages.boxes import is_pull_quote
from worker.parse.pages.overlap import Gram, Grams, grams, share_in, words
from worker.parse.pages.wording import Kind, kind_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

REPEATED = 0.6  # a pull quote with this share of its words in the article repeats it
MOST_PULL_QUOTES = 30  # an article has a few; each is compared with each block
ALL_LINKS = 0.8
LONG_BLOCK = 60  # characters: a longer block is not a label above the headline
EDGE_BLOCKS = 4  # by-lines and dates stand in so many first blocks
LONGEST_CAPTION = 300
LONGEST_LABEL = 50  # characters without blanks: a caption may have the name of the photographer beside it
PICTURES = frozenset(("img", "amp-img"))
LISTED = frozenset(("li", "dd", "dt", "tr", "td", "th"))
MOSTLY_LINKS = 0.5
LONGEST_LISTED = 160  # characters of a block in a list of links to other articles


def pull_quotes(root: "HtmlElement") -> list[Grams]:
    """Return the words of each quotation in large letters, without the name below it, which leaves the tree."""
    from lxml import etree

    pulled = [element for element in root.iter() if element.attrib and is_pull_quote(element)][:MOST_PULL_QUOTES]
    for element in pulled:
        etree.strip_elements(element, "cite", "footer", with_tail=False)
    return [grams(" ".join(element.itertext())) for element in pulled]


def without_title(chosen: list[Block], title: str | None) -> list[Block]:
    """Leave out the headline at the beginning, and the labels above it: it is the title."""
    bare = "".join(words(title or ""))
    start = 0
    for place, block in enumerate(chosen[: min(EDGE_BLOCKS, len(chosen) - 1)]):
        if block.tag == "h1" or "".join(words(block.text)) == bare:
            start = place + 1
        elif len(block.text) > LONG_BLOCK:
            break
    return chosen[start:]


def without_asides(chosen: list[Block]) -> list[Block]:
    """Leave out what is no part of an article wherever it stands, and the lists of links behind their headings."""
    kinds = [kind_of(block) for block in chosen]
    length = sum(len(block.text) for block in chosen)
    if sum(block.links for block in chosen) > ALL_LINKS * length:
        return chosen  # all of it is a link to the article itself, or a title that is a link
    left: list[Block] = []
    listing, read = False, 0
    heading: Block | None = None  # of a list of which nothing has been seen yet
    for block, kind in zip(chosen, kinds, strict=True):
        if kind == Kind.COMMENTS and 2 * read >= length:
            break
        if kind == Kind.LIST:
            listing, heading = True, block
        elif listing and not _is_listed(block):
            listing = False
            if heading is not None and heading.tag in HEADINGS and phrases.TOPIC_HEADING.match(heading.text):
                left.append(heading)
        elif listing:
            heading = None
        if not listing and kind in (Kind.PROSE, Kind.EDGE):
            left.append(block)
        read += len(block.text)
    return left or chosen


def _is_listed(block: Block) -> bool:
    """True if a block behind the heading of a list of links belongs to that list, and is no paragraph of the article.

    A paragraph may have a link in it; an item of a list with a link is one of its sources.
    """
    if block.link_share >= MOSTLY_LINKS or (block.tag in LISTED and block.links):
        return True
    if len(block.text) >= LONGEST_LISTED or is_prose(block):
        return False
    return block.tag not in ("p", "blockquote") or not SENTENCE_END.search(block.text[-5:])


def without_edges(chosen: list[Block]) -> list[Block]:
    """Leave out by-lines and dates at the beginning, biographies and headings without text at the end."""
    start, end = 0, len(chosen)
    for place in range(min(EDGE_BLOCKS, end - 1)):
        if kind_of(chosen[place]) == Kind.EDGE and len(chosen[place].text) <= LONGEST_LISTED:
            start = place + 1
    ending = [block for block in chosen[max(start + 1, end - EDGE_BLOCKS) :] if kind_of(block) != Kind.EDGE]
    left = [*chosen[start : max(start + 1, end - EDGE_BLOCKS)], *ending]
    while len(left) > 1 and left[-1].tag in HEADINGS:
        left.pop()
    return left


def picture_boxes(root: "HtmlElement") -> dict["HtmlElement", int]:
    """Return the elements with a picture in them, and how many characters of text each has, without blanks."""
    if next(root.iter(*PICTURES), None) is None:
        return {}
    lengths: Counter[HtmlElement] = Counter()
    found: dict[HtmlElement, int] = {}
    pictured: set[HtmlElement] = set()
    for element in reversed(list(root.iter())):
        length = lengths.pop(element, 0) + sum(map(len, (element.text or "").split()))
        parent = element.getparent()
        if element in pictured:
            found[element] = length
        if parent is not None:
            lengths[parent] += length + sum(map(len, (element.tail or "").split()))
            if element in pictured or element.tag in PICTURES:
                pictured.add(parent)
    return found


def without_captions(chosen: list[Block], boxes: dict["HtmlElement", int]) -> list[Block]:
    """Leave out the short texts that stand alone in a box with a picture, and are no paragraphs."""
    return [block for block in chosen if not _is_caption(block, boxes)]


def _is_caption(block: Block, boxes: dict["HtmlElement", int]) -> bool:
    if block.tag != "div" or len(block.text) > LONGEST_CAPTION:
        return False
    for box in (block.home, block.home.getparent()):
        if box in boxes:
            return boxes[box] <= len(block.bare) + LONGEST_LABEL
    return False


def without_repeats(chosen: list[Block], pulled: list[Grams]) -> list[Block]:
    """Leave out pull quotes that repeat the article, and a quotation that stands twice in a row."""
    if pulled:
        counted = Counter(gram for block in chosen for gram in grams(block.text))
        chosen = [block for block in chosen if not _repeats(grams(block.text), pulled, counted)]
    twice = {place for place, (one, other) in enumerate(pairwise(chosen), 1) if one.text == other.text and one.quoted}
    return [block for place, block in enumerate(chosen) if place not in twice]


def _repeats(own: Grams, pulled: list[Grams], counted: Counter[Gram]) -> bool:
    """True if the block is a pull quote whose words stand in another block, too."""
    if not own or not any(share_in(own, quote) > REPEATED for quote in pulled):
        return False
    return sum(counted[gram] > 1 for gram in own) >= REPEATED * len(own)

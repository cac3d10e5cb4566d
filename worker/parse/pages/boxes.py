"""The names by which pages mark boxes that are no part of the article: adverts, captions, links to other articles, …

The names are those that content management systems give in `class` and `id`. A name alone is not enough: a box with
half of the page's paragraphs is kept, for systems also name the article after what stands beside it ("with-sidebar").
"""

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_NAMES = 300  # look at so many characters of the names of one element
LARGEST_SHARE = 0.5  # a box with a larger share of the page's paragraphs is the article
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _names(*words: str) -> re.Pattern[str]:
    """Return a pattern of these words as whole parts of a name ("share" in "post-share", not in "shareholder")."""
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words)})(?![a-z])")


BOXES = _names(
    # sharing, following, newsletters, subscriptions
    *("shares?", "sharing", "share-?(?:bar|tools?|buttons?|links?)", "socials?", "sociable", "addtoany", "sharedaddy"),
    *("addthis", "follow-?us", "newsletters?", "news-?letter", "sign-?up", "subscribe", "mc-?embed", "mailchimp"),
    *("opt-?in", "donate", "donation-?\\w*", "support-?us", "app-?(?:promo|download|banner)", "google-?news"),
    # other articles
    *("related", "relateds", "recirc\\w*", "recommend(?:ed|ations?)?", "read-?(?:more|also|next|on)"),
    *("also-?(?:read|like)",),
    *("more-?(?:stories|news|from|on|articles|posts|about)", "see-?also", "you-?(?:may|might)", "trending", "popular"),
    *("most-?(?:read|viewed|popular)", "latest-?(?:news|posts|stories|articles)", "next-?(?:up|post|article|story)"),
    *("prev(?:ious)?-?(?:post|article|story)", "post-?nav(?:igation)?", "outbrain", "taboola", "promos?"),
    *("cross-?links?",),
    *("yarpp", "jp-relatedposts", "linkbox", "link-?(?:list|box)", "teaser-?(?:list|box|group)", "up-?next"),
    *("mehr-zum",),
    # advertising
    *("ads?", "advert\\w*", "adslot", "adbox", "adunit", "ad-?(?:slot|unit|container|wrapper|box|label)", "anzeigen?"),
    *("werbung", "publicidad", "publicite", "pubblicita", "reklame?", "sponsor(?:ed|s)?", "dfp", "promoted"),
    # comments, about the author, facts about the article
    *("comments?-?(?:list|area|section|form|container|wrapper|thread)?", "disqus(?:-thread)?", "respond"),
    *("leserbriefe?",),
    *("byline", "by-line", "bio", "authors?", "author-?\\w+", "about-?(?:the-)?authors?", "contributor-?\\w*"),
    *("(?:post|entry|article|story|page)-?(?:meta|info|tags|date|footer)", "meta", "timestamp", "date", "pub-?date"),
    *("published", "updated", "tags", "tag-?(?:list|cloud|links)", "topics", "keywords", "cat-?links", "breadcrumbs?"),
    *("reading-?time", "read-?time", "word-?count", "rating"),
    # pictures, sound
    *("captions?", "wp-caption-text", "wp-caption-dd", "credits?"),
    *("(?:photo|image|img|picture)-?(?:credits?|caption|info|source)",),
    *("copyright", "legende", "bildunterschrift", "bildnachweis", "slideshow", "carousel", "lightbox", "gallery"),
    *("thumb", "thumbcaption", "audio-?player", "video-?player", "listen", "readspeaker", "tts"),
    # what stands around the article
    *("cookies?", "cookie-?\\w+", "consent", "gdpr", "onetrust", "nav", "navigation", "navbar", "menu"),
    *("pagination", "pager"),
    *("page-?links", "toc", "table-of-contents", "skip-?(?:link|to-content|nav)", "sidebar", "toolbar", "toolbox"),
    *("search",),
    *("pop-?up", "modal", "toast", "ticker", "buttons?", "btn", "no-?print", "print-?(?:link|button)", "site-?footer"),
    # what is for screen readers only, and what wikis put around the text
    *("sr-?only", "visually-?hidden", "screen-?reader(?:-text)?", "mw-editsection", "reflist", "references", "navbox"),
    *("infobox", "catlinks", "hatnote", "mw-jump-link", "ambox", "sistersitebox", "printfooter", "site-sub"),
    *("content-sub",),
    *("authority-control", "mw-references-wrap", "shortdescription", "mw-indicators", "vector-\\w+-landmark"),
)  # fmt: skip
INLINE = _names(
    *("sr-?only", "visually-?hidden", "screen-?reader(?:-text)?", "mw-editsection", "reference", "captions?"),
    *("credits?",),
    *("(?:photo|image|img|picture)-?(?:credits?|caption|source)", "share", "footnote-?ref", "ad-?label"),
    *("caption-?text",),
    *("cite-bracket", "noprint", "tooltip-?(?:text|content)"),
)  # fmt: skip
# Classes that describe an article or its state: WordPress names its tags and categories, others what stands in it.
SEPARATOR = "[-_]{1,2}"
STATES = re.compile(
    rf"(?:^|(?<=\s))(?:(?:has|no|not|non|with|without|hide|show|uses|contains|category|tag|format|type|status|layout"
    rf"|template|theme|is(?!{SEPARATOR}(?:ad|sponsor|promo|related)))"
    rf"{SEPARATOR}(?!print|list|cloud|links?\b)\S*"
    rf"|\S{{1,60}}?{SEPARATOR}(?:enabled|disabled|updated|ready|loaded|active|visible|layout|page|template|theme|free)"
    rf"|(?:read{SEPARATOR}more|subscribe\w{{0,2}}|toc|printable|listen){SEPARATOR}(?:content|body|text|wrapper))(?=\s|$)"
)
OF_PARAGRAPHS = re.compile(rf"(?:^|(?<=\s))\S{{1,60}}?{SEPARATOR}(?:content|body|paragraph)(?=\s|$)")
SENTENCE = re.compile(r".{60}.*[.!?…。！？]", re.DOTALL)
SHORT_SENTENCE = re.compile(r"\D{2,999}[.!?…。！？][\"'”’»)」]{0,2}")  # with a number it may be a date
MOST_TEXTS = 200  # look for a sentence in so many texts of a box
PULL_QUOTES = _names(
    "pull-?quotes?", "pulled-?quote", "quote-?box", "zitat-?box", "blockquote-?pull", "highlight-?quote"
)
SUMMARIES = _names(
    *("summary", "excerpt", "deck?", "stand-?first", "sub-?(?:title|head\\w*|line)", "description", "teaser"),
    *("abstract", "kicker", "strap-?line", "blurb"),
)  # fmt: skip
INLINE_TAGS = frozenset(
    ("span", "a", "em", "i", "b", "strong", "small", "sup", "sub", "cite", "font", "label", "time", "abbr", "mark", "u")
)
NEVER = frozenset(("html", "body", "main", "article", "tbody", "tr", "td"))
ROLES = frozenset(("navigation", "complementary", "contentinfo", "search", "dialog", "alertdialog", "menu", "tablist"))


def is_named_box(element: "HtmlElement") -> bool:
    """True if the names of an element say that it is no part of the article."""
    tag = element.tag
    if tag in NEVER:
        return False
    if element.get("role") in ROLES:
        return True
    names = _names_of(element)
    if not names or tag in INLINE_TAGS:
        return bool(names) and _is_inline_box(names)
    return _is_box(names) and (_is_box(_stateless(names, tag == "p")) or not _has_sentence(element))


def is_pull_quote(element: "HtmlElement") -> bool:
    """True if the names of an element say that it repeats a sentence of the article in large letters."""
    names = _names_of(element)
    return bool(names) and PULL_QUOTES.search(_parted(names)) is not None


def is_summary(names: str) -> bool:
    """True if the names of a paragraph say that it sums the article up."""
    return bool(names) and SUMMARIES.search(_parted(names[:LONGEST_NAMES])) is not None


def _names_of(element: "HtmlElement") -> str:
    names, identity = element.get("class"), element.get("id")
    return f"{names or ''} {identity or ''}"[:LONGEST_NAMES] if names or identity else ""


@lru_cache(maxsize=4096)
def _is_box(names: str) -> bool:
    return BOXES.search(_parted(names)) is not None


@lru_cache(maxsize=4096)
def _stateless(names: str, of_paragraph: bool) -> str:
    """Return the names without those that only describe a state."""
    left = STATES.sub(" ", _parted(names))
    return OF_PARAGRAPHS.sub(" ", left) if of_paragraph else left


def _has_sentence(element: "HtmlElement") -> bool:
    if element.tag == "p" and SHORT_SENTENCE.fullmatch("".join(islice(element.itertext(), MOST_TEXTS))[:1000].strip()):
        return True
    return any(SENTENCE.search(text[:1000]) for text in islice(element.itertext(), MOST_TEXTS))


@lru_cache(maxsize=4096)
def _is_inline_box(names: str) -> bool:
    return INLINE.search(_parted(names)) is not None


def _parted(names: str) -> str:
    """Return the names in lower case, with a hyphen where a capital letter begins a word ("articleMeta")."""
    return HUMP.sub("-", names).lower()

"""Texts made to break the extractor: typical words and quotation marks in any order, and damaged real articles."""

from functools import cache

from hypothesis import strategies as st

from tests.sample_articles import ARTICLES

LONGEST = 3_000  # texts have at most this many code points; the full network reads about 5,000 in 20 ms
PIECES = [
    *['"', "“", "”", "‘", "’", "'", "''", "``", "«", "»", "„", "‹", "›", "「", "」", "＂", "‟"],
    *[" ", "\u00a0", "\n", "\n\n", "\r\n", "\t", "\u2028", ".", ",", ":", ";", "?", "!", "—", "-", "(", ")", "[", "]"],
    *["\x00", "\ud800", "🎉", "é", "e\u0301", "İ", "ß", "ﬁ", "\u202e", "\u200b", "中文", "عرب", "1,1", "90s", "U.S."],
    *["he", "said", "She", "added", "that", "Ms.", "Anna Berg", "Berg", "the minister", "told reporters", "Berg’s"],
    *["according to", "the plan", "is good", "who", "and", "SMITH:", "wants to", "called", "it", "as saying", "O’Neil"],
    *["Q:", "A:", "* ", "• ", "1. ", "By Anna Berg", "Anna Berg, the minister,", "the ministry", "NATO", "President"],
    *["in a statement", "asked whether", "if", "not", "de la", "van", "Jr.", "Al-", "http://a.b/c", "@berg"],
]  # fmt: skip
PARAGRAPHS = [
    "“We will not open,” said Maria Fontes, the mayor of Sol. “Not now.”\n\n",
    "Fontes said that the quay, which she called “a ruin,” would close.\n",
    "According to the ministry, nobody knew.\n\n“Nobody,” he added, “at all.\n\n“Not even I.”\n\n",
    "SMITH: Did you go?\n\nBERG: I did. He said, ‘Go!’\n\n",
    "Asked whether she would go, Berg replied: “The minister told me, ‘No.’”\n",
]


@cache
def articles() -> tuple[str, ...]:
    """Return the articles in `seeds/`, each cut to `LONGEST`."""
    return tuple(path.read_text(encoding="utf-8")[:LONGEST] for path in ARTICLES)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw an article with some of its spans removed, repeated, or replaced."""
    text = draw(st.sampled_from(articles() + tuple(PARAGRAPHS) + ("".join(PARAGRAPHS),)))
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 1, 2, 30, 300))))
        new = draw(mess) if draw(st.booleans()) else text[start:end] * draw(st.integers(0, 6))
        text = text[:start] + new + text[end:]
    return text[:LONGEST]


def _joined(pieces: list[str], between: str) -> str:
    """Return the pieces as one text, cut to `LONGEST`."""
    return between.join(pieces)[:LONGEST]


mess = st.builds(_joined, st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(("", " ", " ", "\n")))
prose = st.builds(_joined, st.lists(st.sampled_from(PARAGRAPHS + PIECES), max_size=12), st.just(""))
anything = st.text(max_size=200)
texts = mess | prose | damaged() | anything

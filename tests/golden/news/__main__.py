"""`python -m tests.golden.news OUT.jsonl` writes the gold of all articles in the form of `onrecord eval`.

Each article is one line `{"doc", "text", "language", "quotes"}`. `language` (ISO 639-1) is that of the header. A quote
has `id`, `content`, `source`, `cue` (lists of `[start, end)` in code points of `text`), `kind`, `speaker`,
`source_kind`, `inside` (the outer quote's id, or null) and `mention_type`.
"""

import json
import re
import sys
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

from tests.golden.news.markup import AnnotatedArticle, Attribution, load

ARTICLES = Path(__file__).parent / "articles"
PRONOUNS = frozenset(["i", "he", "she", "it", "they", "him", "her", "we", "who", "which", "that", "both"])


def articles() -> list[AnnotatedArticle]:
    """Return all annotated articles, by file name."""
    return [load(path) for path in sorted(ARTICLES.glob("*.txt"))]


def mention_type(text: str, quote: Attribution) -> str:
    """Return how the source names its speaker: name (in full), surname (or other words), pronoun, description or none.

    Other spellings of a name ("Riabtseva") are recognised by their likeness.
    """
    source = " ".join(text[start:end] for start, end in quote.source).lower()
    if not source:
        return "none"
    if source in PRONOUNS:
        return "pronoun"
    words = re.findall(r"\w+", source)
    name = [word for word in re.findall(r"\w+", (quote.speaker or "").lower()) if len(word) > 1]
    matches = sum(bool(get_close_matches(word, words, 1, 0.75)) for word in name)
    if not matches:
        return "description"
    return "name" if matches == len(name) else "surname"


def record(article: AnnotatedArticle) -> dict[str, object]:
    """Return one line of gold for JSON."""
    quotes = [asdict(quote) | {"mention_type": mention_type(article.text, quote)} for quote in article.quotes]
    return {"doc": article.doc, "text": article.text, "language": article.header["language"], "quotes": quotes}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        sys.exit(__doc__)
    with Path(arguments[0]).open("w", encoding="utf-8") as gold:
        gold.writelines(json.dumps(record(article), ensure_ascii=False) + "\n" for article in articles())


if __name__ == "__main__":
    main(sys.argv[1:])

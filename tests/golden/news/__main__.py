"""`python -m tests.golden.news OUT.jsonl` writes the gold of all articles, one line each, in the form of the scorer.

A line is `{"doc", "text", "quotes"}`; a quote has `id`, `content`, `source`, `cue` (lists of `[start, end)` in code
points of `text`), `kind`, `speaker`, `source_kind` and `inside` (the outer quote's id, or null).
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.golden.news.markup import AnnotatedArticle, load

ARTICLES = Path(__file__).parent / "articles"


def articles() -> list[AnnotatedArticle]:
    """All annotated articles, by file name."""
    return [load(path) for path in sorted(ARTICLES.glob("*.txt"))]


def record(article: AnnotatedArticle) -> dict[str, object]:
    """One line of gold, ready for JSON."""
    return {"doc": article.doc, "text": article.text, "quotes": [asdict(quote) for quote in article.quotes]}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1:
        sys.exit(__doc__)
    with Path(arguments[0]).open("w", encoding="utf-8") as gold:
        gold.writelines(json.dumps(record(article), ensure_ascii=False) + "\n" for article in articles())


if __name__ == "__main__":
    main(sys.argv[1:])

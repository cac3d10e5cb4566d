"""These tests check the annotations of the invented articles (the gold), and the errors for broken markup."""

import json
import re
from pathlib import Path

import pytest

from tests.golden.news.__main__ import articles, main, mention_type
from tests.golden.news.markup import NAMED, AnnotatedArticle, Attribution, BrokenMarkup, Span, load

ALL = articles()
each_article = pytest.mark.parametrize("article", ALL, ids=lambda article: article.doc)

DOUBLE = re.compile(
    r"“[^“”]*”|«[^»]*»|„[^“”]*[“”]|''.*?''|\"[^\"“”]*[\"”]|“[^\"”]*\"|[“\"„«][^”\"»]*$|^[^“\"]*[”\"]", re.S
)
SINGLE = re.compile(r"(?<!\w)[‘'‚](?=[\w“\"…]).*['’‘](?!\w)", re.S)

GOOD = "make: wire\nlanguage: en\npurpose: x\n---\n⟦c1:“No,”⟧ ⟦q1:said⟧ ⟦s1:Al⟧.\n---\n1 direct | Al | person\n"


def cut(article: AnnotatedArticle, spans: tuple[Span, ...]) -> list[str]:
    return [article.text[start:end] for start, end in spans]


def kind_by_marks(parts: list[str]) -> str:
    """Return direct if all words are in marks, mixed if only some are, else indirect.

    If a mark has no partner, the lost mark is taken to be at the end of the part.
    """
    rest = [DOUBLE.sub("", SINGLE.sub("", part)) for part in parts]
    if not any(re.search(r"\w", text) for text in rest):
        return "direct"
    return "indirect" if rest == parts else "mixed"


def test_there_is_enough_of_it() -> None:
    english = [article for article in ALL if article.header["language"] == "en"]
    assert len(english) >= 116
    assert {article.header["language"] for article in ALL} >= {"en", "fr", "de", "es", "ru"}
    assert len({article.header["make"] for article in ALL}) >= 100
    counts = [sum(quote.kind == kind for a in ALL for quote in a.quotes) for kind in ("direct", "mixed", "indirect")]
    assert min(counts) >= 180
    assert sum(counts) >= 1400


@each_article
def test_an_article_is_news_sized_and_free_of_markup(article: AnnotatedArticle) -> None:
    assert 600 <= len(article.text) <= 4000
    assert not set("⟦⟧") & set(article.text)
    assert sorted(quote.id for quote in article.quotes) == list(range(1, len(article.quotes) + 1))


@each_article
def test_kinds_agree_with_the_marks(article: AnnotatedArticle) -> None:
    kinds = {quote.id: kind_by_marks(cut(article, quote.content)) for quote in article.quotes}
    assert kinds == {quote.id: quote.kind for quote in article.quotes}


@each_article
def test_stretches_are_cut_at_words(article: AnnotatedArticle) -> None:
    for quote in article.quotes:
        for start, end in (*quote.content, *quote.source, *quote.cue):
            inner = article.text[start : start + 1].isalnum() and article.text[start - 1 : start].isalnum()
            assert not inner, article.text[start - 10 : end]
            assert not (article.text[end - 1].isalnum() and article.text[end : end + 1].isalnum()), quote
        for part in cut(article, quote.content):
            assert quote.kind != "indirect" or part[-1] not in ",;:", part


@each_article
def test_a_speaker_bears_a_name_that_the_article_gives(article: AnnotatedArticle) -> None:
    words = set(re.findall(r"[\w'’.&\-]+", article.text)) | set(re.findall(r"\w+", article.text))
    for quote in article.quotes:
        assert bool(quote.speaker) == (quote.source_kind in NAMED)
        for word in re.findall(r"[\w'’.\-]+", quote.speaker or ""):
            assert {word, word.strip("."), word.removesuffix("’s")} & words, (quote.id, quote.speaker)


@each_article
def test_other_languages_have_marks_alone(article: AnnotatedArticle) -> None:
    if article.header["language"] != "en":
        assert {(q.kind, q.source, q.cue, q.source_kind) for q in article.quotes} == {("direct", (), (), "none")}


def test_the_annotations_cut_what_they_should(tmp_path: Path) -> None:
    path = tmp_path / "01-a.txt"
    path.write_text(
        "make: wire\nlanguage: en\npurpose: x\n---\n⟦c1:“No,”⟧ ⟦q1:said⟧ ⟦s1,2:Al⟧, ⟦q2:adding⟧ ⟦c2:that Bo cried, "
        "⟦c3:‘Yes’⟧⟧.\n\n⟦c1:“Never.”⟧\n---\n1 direct | Al Roe | person\n2 mixed | Al Roe | person\n"
        "3 direct | - | none | in 2\n",
        encoding="utf-8",
    )
    article = load(path)
    assert article.doc == "01-a"
    assert article.text == "“No,” said Al, adding that Bo cried, ‘Yes’.\n\n“Never.”"
    assert article.quotes == (
        Attribution(1, ((0, 5), (45, 53)), ((11, 13),), ((6, 10),), "direct", "Al Roe", "person", None),
        Attribution(2, ((22, 42),), ((11, 13),), ((15, 21),), "mixed", "Al Roe", "person", None),
        Attribution(3, ((37, 42),), (), (), "direct", None, "none", 2),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("make: wire\n", "", 3, "the header needs"),
        ("make: wire", "maker: wire", 1, "the header has the lines"),
        ("---\n1", "1", 7, "two lines `---` are needed"),
        ("⟦s1:Al⟧", "⟦s1:Al", 5, "not closed"),
        ("⟦s1:Al⟧", "Al⟧", 5, "neither begins nor ends"),
        ("⟦s1:", "⟦x1:", 5, "neither begins nor ends"),
        ("⟦s1:Al⟧", "⟦s1: Al⟧", 5, "white space"),
        ("⟦s1:Al⟧", "⟦s1:⟧", 5, "nothing"),
        ("⟦s1:Al⟧", "⟦s2:Al⟧", 7, "no source is marked"),
        ("⟦q1:said⟧", "said", 7, "no cue"),
        ("⟦c1:“No,”⟧", "“No,”", 7, "no content is marked"),
        ("⟦c1:“No,”⟧ ⟦q1:said⟧", "⟦c1:“No,” ⟦q1:said⟧⟧", 7, "overlap"),
        ("1 direct", "2 direct", 7, "no content is marked"),
        ("1 direct", "1 straight", 7, "the kind is none of"),
        ("| person", "| body", 7, "the source kind is none of"),
        ("| Al |", "| - |", 7, "has a speaker"),
        ("| person", "| unnamed", 7, "has a speaker"),
        ("| person", "| person | in 1", 7, "not inside"),
        ("| person", "| person | in 9", 7, "not inside"),
        ("1 direct | Al | person", "1 direct, Al, person", 7, "a row is"),
        ("person\n", "person\n1 direct | Al | person\n", 8, "has a row already"),
        ("⟦s1:Al⟧", "⟦s1:Al⟧ and ⟦c2:more⟧", 5, "2 has no row"),
    ],
)
def test_broken_markup_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    path = tmp_path / "07-broken.txt"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenMarkup, match=f"07-broken.txt:{line}: .*{re.escape(problem)}"):
        load(path)


def test_the_gold_is_written_one_line_an_article(tmp_path: Path) -> None:
    main([str(tmp_path / "gold.jsonl")])
    lines = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["doc"] for line in lines] == [article.doc for article in ALL]
    assert lines[0].keys() == {"doc", "text", "language", "quotes"}
    assert {line["language"] for line in lines} == {"en", "fr", "de", "es", "ru"}
    assert lines[0]["quotes"][0].keys() == {
        *("id", "content", "source", "cue", "kind", "speaker", "source_kind", "inside", "mention_type"),
    }


@pytest.mark.parametrize(
    ("source", "speaker", "expected"),
    [
        ("Mayor Maria Fontes, 51,", "Maria Fontes", "name"),
        ("Ms Fontes", "Maria Fontes", "surname"),
        ("FONTES", "Maria Fontes", "surname"),
        ("Evgeny Smoliakov", "Yevgeny Smolyakov", "name"),
        ("She", "Maria Fontes", "pronoun"),
        ("the mayor", "Maria Fontes", "description"),
        ("a spokesman", None, "description"),
        ("", None, "none"),
    ],
)
def test_a_source_names_its_speaker_in_one_of_five_ways(source: str, speaker: str | None, expected: str) -> None:
    spans = ((0, len(source)),) if source else ()
    assert mention_type(source, Attribution(1, ((0, 1),), spans, (), "direct", speaker, "person", None)) == expected

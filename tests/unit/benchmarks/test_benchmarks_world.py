"""The invented articles: what makes real ones cost more is in them, and a folder of one's own takes their place."""

from collections import Counter
from pathlib import Path

from benchmarks.material import Material, of_folder
from benchmarks.world import article, cast


def test_the_same_number_gives_the_same_article() -> None:
    first = [article(number) for number in range(20)]
    assert first == [article(number) for number in range(20)]
    assert len(set(first)) == 20


def test_names_and_lengths_are_as_in_news_and_stories_come_in_versions() -> None:
    articles = [article(number) for number in range(300)]
    mean = sum(map(len, articles)) / len(articles)
    assert 2_200 < mean < 3_400
    loudest = cast()[0][0].first.split(",")[0]
    assert 12 < sum(loudest in text for text in articles) < 60
    paragraphs = Counter(paragraph for text in articles for paragraph in set(text.split("\n\n")))
    assert 200 < sum(count > 1 for count in paragraphs.values()) < 0.5 * len(paragraphs)


def test_hundreds_of_people_share_a_surname() -> None:
    surnames = Counter(source.later for source in cast()[0])
    assert surnames.most_common(1)[0][1] > 100
    assert sum(count == 1 for count in surnames.values()) > 500


def test_a_folder_is_read_with_its_folders_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/a.html", ".hidden", ".git/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    material = of_folder(tmp_path)
    assert [material.article(place).name for place in range(material.count)] == ["0000000-a.html", "0000001-b.txt"]
    assert material.article(1).content == b"b.txt"


def test_slices_hold_every_file_once() -> None:
    assert [list(part) for part in Material(45).slices(5)] == [list(range(22)), list(range(22, 45))]
    assert [len(part) for part in Material(500).slices(5)] == [100] * 5

"""What the search box understands."""

from datetime import UTC, datetime

import pytest

from worker.report.search_line import SearchLine, Unreadable, read_line

NOW = datetime(2024, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", SearchLine()),
        ('talks -nuclear "sunset clause"', SearchLine(words='talks -nuclear "sunset clause"')),
        ("speaker:lavrov talks", SearchLine(words="talks", speakers=("lavrov",))),
        ('Speaker:"Ali Bagheri" -speaker:lavrov', SearchLine(speakers=("Ali Bagheri",), not_speakers=("lavrov",))),
        ('a outlet:irna b -outlet:"Mehr News" c', SearchLine("a b c", outlets=("irna",), not_outlets=("Mehr News",))),
        ('for:boeing x -for:"Trade Ministry"', SearchLine("x", behalf=("boeing",), not_behalf=("Trade Ministry",))),
        ("kind:direct", SearchLine(kind="direct")),
        ("Denied:YES wall", SearchLine("wall", denied=True)),
        ("denied:no", SearchLine(denied=False)),
        ("after:2024-05-17", SearchLine(after=datetime(2024, 5, 17, tzinfo=UTC))),
        ("before:7d", SearchLine(before=datetime(2024, 6, 3, 12, tzinfo=UTC))),
        ("a:b http://x.example/?speaker:y", SearchLine(words="a:b http://x.example/?speaker:y")),
        ("aftermath: before", SearchLine(words="aftermath: before")),
    ],
)
def test_a_line_is_read(line: str, expected: SearchLine) -> None:
    assert read_line(line, NOW) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x" * 501, "at most 500"),
        ("speaker:", "speaker:lavrov"),
        ('outlet:""', 'outlet:"Mehr News"'),
        ("-for:", "-for:boeing"),
        ("after:never", "is no day"),
        ("kind:loud", "direct, mixed or indirect"),
        ("denied:perhaps", "denied:yes"),
        ("-denied:yes", "without the minus"),
        ("-after:2024-05-17", "without the minus"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_line(line, NOW)

"""Text from articles and file names is made safe before it is printed."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from worker.report.printable import printable, printable_json


def test_escapes() -> None:
    assert printable("plain “text” – ünï, 中文, 🙂") == "plain “text” – ünï, 中文, 🙂"
    assert printable("a\nb\tc\r\nd") == "a b c d"
    assert printable("\x1b[31mred\x1b[0m \x9b1m \x7f \x00") == "\\x1b[31mred\\x1b[0m \\x9b1m \\x7f \\x00"
    assert printable("abc\u202etxt.exe \u2066 \udcff") == "abc\\u202etxt.exe \\u2066 \\udcff"
    assert printable("one\ntwo\x1b", lines=True) == "one\ntwo\\x1b"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    shown.encode("utf-8")


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None, exclude_categories=()))))
def test_json_keeps_its_meaning(values: dict[str, str]) -> None:
    line = printable_json(json.dumps(values, ensure_ascii=False))
    assert json.loads(line) == values
    line.encode("utf-8")
    assert "\x1b" not in line

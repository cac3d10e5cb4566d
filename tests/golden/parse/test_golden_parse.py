"""Checks the articles that each format must give. Each case is a folder with one input and `expected.json`.

To add a case, make the folder and its input, run `python tests/golden/parse/test_golden_parse.py FOLDER`, and read the
`expected.json` that it writes before you commit it. A wrong expectation is worse than none.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from worker.parse import Limits, Member, parse, split
from worker.reasons import Refused

HERE = Path(__file__).parent
FOLDERS = sorted(path for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("_"))


def outcomes(file: Path) -> list[dict[str, Any]]:
    """Return the outcome of each member of the file."""
    with file.open("rb") as stream:
        return [outcome(member) for member in split(stream, file.name, Limits())]


def outcome(member: Member) -> dict[str, Any]:
    """Return the fields of the member's article that are not empty, or the reason of its refusal."""
    described: dict[str, Any] = {"member": member.name, "media_type": member.media_type}
    if member.reason:
        return {**described, "reason": member.reason}
    try:
        article = parse(member.raw, member.media_type, Limits())
    except Refused as refusal:
        return {**described, "reason": refusal.reason}
    values = json.loads(json.dumps(article.to_json()))
    return {
        **described,
        **{field: value for field, value in values.items() if value not in (None, []) and value is not False},
    }


def input_of(folder: Path) -> Path:
    """Return the one input of a case."""
    (file,) = (path for path in folder.iterdir() if path.name != "expected.json")
    return file


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_format_gives_its_articles(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert outcomes(input_of(folder)) == expected


def write_expected(folder: Path) -> None:
    """Write the outcomes of a case to its `expected.json`."""
    expected = json.dumps(outcomes(input_of(folder)), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(expected + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_expected(HERE / name)

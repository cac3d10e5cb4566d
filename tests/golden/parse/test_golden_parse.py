"""Every format against the articles it must yield: a folder each, with one input and `expected.json`.

To add one, make the folder and its input, run `python tests/golden/parse/test_golden_parse.py FOLDER`, and read what it
wrote before committing it. A wrong expectation is worse than none.
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
    """What each member of the file becomes: its article's fields that say something, or the reason it is refused."""
    with file.open("rb") as stream:
        return [outcome(member, file.name) for member in split(stream, file.name, Limits())]


def outcome(member: Member, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"member": member.name, "media_type": member.media_type}
    if member.reason:
        return {**found, "reason": member.reason}
    try:
        article = parse(member.raw, member.media_type, Limits())
    except Refused as refusal:
        return {**found, "reason": refusal.reason}
    values = json.loads(json.dumps(article.to_json()))
    return {**found, **{field: value for field, value in values.items() if value not in (None, [])}}


def input_of(folder: Path) -> Path:
    (file,) = (path for path in folder.iterdir() if path.name != "expected.json")
    return file


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_format_yields_its_articles(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert outcomes(input_of(folder)) == expected


def write(folder: Path) -> None:
    found = json.dumps(outcomes(input_of(folder)), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(found + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(HERE / name)

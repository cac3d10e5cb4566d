"""The version of the extractor."""

import hashlib
import json
import re
from importlib.resources import files

from worker.extract.version import GENERATIONS, Mode, model_hash, of


def test_the_models_hash_is_that_of_its_files() -> None:
    folder = files("worker.extract.model")
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for name in card["files"]:
        digest.update((folder / name).read_bytes())
    assert card["sha256"] == digest.hexdigest() == model_hash()


def test_the_card_lists_everything_that_decides_what_is_found() -> None:
    folder = files("worker.extract.model")
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    present = {path.name for path in folder.iterdir() if path.is_file() and not path.name.endswith(".py")}
    assert set(card["files"]) == present - {"model.json"}


def test_a_version_is_named_for_its_mode_its_generation_and_its_model() -> None:
    assert of(Mode.FULL).name == f"full-{GENERATIONS[Mode.FULL]}-{model_hash()[:12]}"
    for mode in Mode:
        assert re.fullmatch(rf"{mode}-\d+-[0-9a-f]{{12}}", of(mode).name)
        assert of(mode).mode is mode


def test_what_reads_more_is_of_a_later_generation() -> None:
    assert 1 < of(Mode.QUOTED).generation < of(Mode.FULL).generation  # 1 was the first release, which had rules only
    assert set(GENERATIONS) == set(Mode)

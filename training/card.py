"""The card of a model: a file with its hash, so that the worker can identify the model without reading it."""

import hashlib
import json
from pathlib import Path

FILES = ["encoder.onnx", "links.npz", "certainty.json", "tokenizer.json"]


def write_card(folder: Path) -> None:
    """Write `model.json`: the names of all files that the extractor's output depends on, and their common hash."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((folder / name).read_bytes())
    card = {"files": FILES, "sha256": digest.hexdigest()}
    (folder / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")

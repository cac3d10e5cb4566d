"""The three sample articles in `seeds/`, by name: people drop articles of their own into that folder, too."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "seeds"
NAMES = ("000_5fecdb64b3222853.txt", "001_84ab17fe87df7723.txt", "002_4a51cc29514ceefc.txt")
ARTICLES = tuple(FOLDER / name for name in NAMES)

"""The containers have no password that anybody could know, and `make passwords` makes new ones."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = tuple(f"ONRECORD_{name}_PASSWORD" for name in ("DB", "READER", "REPORT", "BROKER", "WEB"))


def passwords(folder: Path) -> dict[str, str]:
    """Run `make passwords` in a folder; return what `.env` holds."""
    subprocess.run(["make", "-f", ROOT / "Makefile", "passwords"], cwd=folder, check=True, capture_output=True)
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_no_password_of_compose_has_a_default() -> None:
    compose = "".join(file.read_text() for file in sorted(ROOT.glob("docker-compose*.yml")))
    assert "pool_mode" in compose, "the file with the pooler is there"
    uses = re.findall(r"\$\{(ONRECORD_\w+_PASSWORD)(:?.)", compose)
    assert {name for name, _ in uses} == set(NAMES)
    assert {sign for _, sign in uses} == {":?"}


def test_passwords_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    made = passwords(tmp_path)
    assert set(made) == set(NAMES)
    assert all(re.fullmatch("[0-9a-f]{48}", password) for password in made.values())
    assert len(set(made.values())) == len(NAMES)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert passwords(tmp_path) == made, "passwords that are there stay"


def test_a_file_of_other_settings_is_added_to(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ONRECORD_DB_PASSWORD=mine\nONRECORD_DROP=/srv")  # without a last newline
    made = passwords(tmp_path)
    assert (made["ONRECORD_DB_PASSWORD"], made["ONRECORD_DROP"]) == ("mine", "/srv")
    assert set(made) == {*NAMES, "ONRECORD_DROP"}

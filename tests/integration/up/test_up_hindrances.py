"""`up` says on the terminal what keeps its processes from their work."""

import io

from rich.console import Console
from sqlalchemy import Engine, text

from worker.cli.hindrances import Hindrances
from worker.store import processes

SET = "UPDATE processes SET folders_unreadable = :folders, trouble = :trouble, detail = 'cannot load x'"


def test_each_hindrance_is_told_once_while_it_lasts(engine: Engine) -> None:
    processes.register(engine, "watch")
    printed = io.StringIO()
    hindrances = Hindrances(engine, Console(file=printed))

    def look(folders: list[str], trouble: str | None = None) -> str:
        printed.truncate(0)
        printed.seek(0)
        with engine.begin() as connection:
            connection.execute(text(SET), {"folders": folders, "trouble": trouble})
        hindrances.look(at_once=True)
        return printed.getvalue()

    assert look([]) == ""
    assert "may not be listed, so its files wait: /news/2024: Permission denied." in look(
        ["/news/2024: Permission denied"]
    )
    assert look(["/news/2024: Permission denied"]) == ""
    assert look([]) == "" and not hindrances.lacks_library
    assert "/news/2024" in look(["/news/2024: Permission denied"])
    assert look([], "installation") == "A worker cannot load x. Install Onrecord again; the files wait.\n"
    assert hindrances.lacks_library

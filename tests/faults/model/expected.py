"""What the tables must contain when all is at rest, according to the record of the contents of each path."""

from collections import Counter

from tests.faults.model.contents import GOOD, Content, Told
from tests.faults.model.forgotten import Forgotten
from tests.faults.model.record import Line, Record
from tests.faults.model.tables import FileRow, Tables

IGNORED = (".part", ".tmp")
TERMINAL = {"stored", "duplicate", "quarantined", "ignored"}


def readable(path: str) -> bool:
    """True if a file of this name is read."""
    return not path.endswith(IGNORED)


class Expected:
    """Checks the tables at each rest. If the design allows two results, this class remembers the result that came."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.forgotten = Forgotten()
        self.contents: dict[str, Content] = {}  # all contents that were ever at some path, by hash
        self.stood: dict[str, set[str]] = {}  # for each path, the hashes of its contents
        self.rested: set[str] = set()  # hashes of the contents that were at rest at some time
        self.reported: set[str] = set()  # keys of the articles that were in the reports at the last rest

    def wrong(self, tables: Tables) -> list[str]:
        """Return what is wrong in the tables or missing from them. Then this rest counts as the last rest."""
        self.look()
        self.rested |= {content.sha256 for path, content in self.record.lying.items() if readable(path)}
        for path, content in self.record.lying.items():
            self.forgotten.dropped_again(content, self.record.drops.get(path, 0) if readable(path) else 0)
        wrong = [*self._files(tables), *self._documents(tables), *self._articles(tables)]
        self.reported = {article.key for article in tables.articles if article.current}
        for line in self.record.lines.values():
            line.settle()
        return wrong

    def look(self) -> None:
        """Note the contents that paths have had since the last rest."""
        for path, line in self.record.lines.items():
            for content in filter(None, line.since()):
                if readable(path):
                    self.contents[content.sha256] = content
                    self.stood.setdefault(path, set()).add(content.sha256)
        self.forgotten.look(self.contents.values())

    # files

    def _files(self, tables: Tables) -> list[str]:
        wrong = []
        lying = self.record.lying
        for row in tables.files:
            if row.state not in TERMINAL:
                wrong.append(f"not at rest: {row}")
            if row.sha256 is not None and row.sha256 not in self.stood.get(row.path, set()):
                wrong.append(f"never stood there: {row}")
            if row.current and row.path not in lying and not (row.missing or row.disposed or row.reason == "vanished"):
                wrong.append(f"nothing lies there any more: {row}")
            if row.state == "duplicate" and row.duplicate_of is None:
                wrong.append(f"a duplicate of nothing: {row}")
        for path, content in lying.items():
            rows = [row for row in tables.files if row.path == path]
            wrong += self._read(path, content, rows) if readable(path) else self._left_out(path, rows)
        there = {row.sha256 for row in tables.files}
        wrong += [f"lost: no row for {self.contents[digest].what}" for digest in self.rested - there]
        places = Counter((row.path, row.sha256) for row in tables.files if row.sha256)
        return wrong + [f"doubled: {place}" for place, count in places.items() if count > 1]

    def _read(self, path: str, content: Content, rows: list[FileRow]) -> list[str]:
        """Return what is wrong with the rows of a path with a file that Onrecord reads."""
        current = [row for row in rows if row.current]
        if [row.sha256 for row in current] != [content.sha256]:
            return [f"{path} is {content.what}, but {rows}"]
        [row] = current
        wrong = [f"{path} lies there: {row}"] if row.missing else []
        if (row.state, row.reason) not in self._ends(content):
            wrong.append(f"{path} is {content.what}, but {row}")
        if row.state in ("stored", "duplicate") and row.members != content.members:
            wrong.append(f"{path} has {content.members} members: {row}")
        if row.after != "keep" and row.state in ("stored", "duplicate") and not (row.quarantined or row.left_alone):
            wrong.append(f"{path} should have left the folder: {row}")
        return wrong

    def _ends(self, content: Content) -> set[tuple[str, str | None]]:
        """Return the states with their reasons in which the file of a content may end."""
        whole: set[tuple[str, str | None]] = {("ignored", "forgotten")} if self.forgotten.had(content) else set()
        if content.state != GOOD:
            return {(content.state, content.reason)} | whole
        gone = {self.forgotten.is_gone(one) for one in content.told}
        taken_in: set[tuple[str, str | None]] = {("stored", None), ("duplicate", None)}
        refused: set[tuple[str, str | None]] = {("ignored", "forgotten")}
        if content.members > len(content.told):  # one of its members is broken
            refused = {("quarantined", "malformed")}
        return (taken_in if gone != {True} else set()) | (refused | whole if False not in gone else set())

    # documents

    def _documents(self, tables: Tables) -> list[str]:
        told = {one.document: one for content in self.contents.values() for one in content.told}
        wrong = []
        for row in tables.documents:
            if row.sha256 not in told:
                continue
            gone = self.forgotten.is_gone(told[row.sha256])
            if gone and ((row.state, row.reason) != ("ignored", "forgotten") or row.has_bytes):
                wrong.append(f"forgotten, but {row}")
            if gone is False and row.state not in ("stored", "duplicate"):
                wrong.append(f"not forgotten, but {row}")
        return wrong

    def _left_out(self, path: str, rows: list[FileRow]) -> list[str]:
        """Return what is wrong with the rows of a path whose name is ignored."""
        left_out = [row for row in rows if row.reason == "pattern"]
        if len(left_out) != 1 or left_out[0].missing or any(row.sha256 for row in rows):
            return [f"{path} is left out, once: {rows}"]
        return []

    # articles

    def _articles(self, tables: Tables) -> list[str]:
        told = {one.key: one for content in self.contents.values() for one in content.told}
        count = Counter(article.key for article in tables.articles)
        wrong = [f"an article that was never dropped: {key[:60]}" for key in count.keys() - told.keys()]
        gone: dict[str, set[bool | None]] = {}
        for one in (one for digest in self.rested for one in self.contents[digest].told):
            gone.setdefault(one.key, set()).add(self.forgotten.is_gone(one))
        rested = {key for key, carried in gone.items() if False in carried}
        wrong += [f"{count[key]} articles, not one: {key[:60]}" for key in rested if count[key] != 1]
        # A file that was archived was never at rest in the folder, but its text may be stored.
        ever: dict[str, set[bool | None]] = {}
        for one in (one for content in self.contents.values() for one in content.told):
            ever.setdefault(one.key, set()).add(self.forgotten.is_gone(one))
        wrong += [f"forgotten, but stored: {key[:60]}" for key in count if ever.get(key) == {True}]
        wrong += [f"{times} articles, not one: {key[:60]}" for key, times in count.items() if times > 1]
        held = {
            key
            for row in tables.files
            if row.current and row.sha256 in self.contents
            for key in (one.key for one in self.contents[row.sha256].told if self.forgotten.is_gone(one) is False)
        }
        for article in tables.articles:
            shown = tables.quotes.get(article.id, [])
            if article.key in told and shown != (
                [quote for quote in told[article.key].quotes if (article.id, quote) not in tables.rejected]
                if article.current
                else []
            ):
                wrong.append(f"shown of {article.key[:60]}: {shown}")
            if article.current not in self._may(article.key, held):
                wrong.append(f"{'' if article.current else 'not '}in the reports: {self._about(told, article.key)}")
        return wrong

    def _may(self, key: str, held: set[str]) -> set[bool]:
        """Return {True} if an article must be in the reports, {False} if it must not, {True, False} if it may be."""
        if key in held:
            return {True}
        if key in self.forgotten.touched:
            return {True, False}  # a text that was forgotten replaces nothing, and may have come back
        lines = [line for path, line in self.record.lines.items() if readable(path)]
        left = [versions for line in lines if (versions := after(line.since(), key))]
        if not left:
            if key not in self.reported:
                return {False}
            once = any(after(line.versions, key) for line in lines)
            return {True, False} if once else {True}
        if any(content and content.keys & self.forgotten.touched for versions in left for content in versions):
            return {True, False}
        if all(replaced(versions, key) for versions in left):
            return {False}
        # Once a newer version has replaced the text at one path, only other files keep it in the reports. When none of
        # them holds it any more, it may go.
        replaced_once = any(replaced(versions, key) for line in lines if (versions := after(line.versions, key)))
        perhaps = (
            replaced_once
            or key not in self.reported
            or any(content.single and key not in content.keys for versions in left for content in versions if content)
        )
        return {True, False} if perhaps else {True}

    def _about(self, told: dict[str, Told], key: str) -> str:
        lines = {path: described(line) for path, line in self.record.lines.items() if after(line.versions, key)}
        return f"{key[:60]} {lines}"


def after(versions: list[Content | None], key: str) -> list[Content | None]:
    """Return the contents of a path since an article first appeared there; empty if it never did."""
    first = next((place for place, content in enumerate(versions) if content and key in content.keys), len(versions))
    return versions[first:]


def replaced(versions: list[Content | None], key: str) -> bool:
    """True if another article has replaced an article at a path.

    For that, the path must always have had a file, and no file of many articles.
    """
    last = versions[-1]
    return (
        last is not None
        and last.single
        and key not in last.keys
        and all(content is not None and (content.single or content.hollow) for content in versions)
    )


def described(line: Line) -> str:
    """Return a line in readable form, for messages."""
    return " → ".join(content.what if content else "nothing" for content in line.versions)

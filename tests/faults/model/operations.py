"""The decisions that an example makes: each chooses what it is about from the tables, and notes what came of it."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.faults.model.decided import Corrected, Decided, Forgot, Made, Merged, Named, Parted, Refused
from tests.faults.model.expected import Expected
from tests.faults.model.forgotten import Mark
from tests.faults.model.operation import Hands, Operation, Row
from tests.faults.model.people import Newest, People
from tests.faults.model.printed import word
from tests.faults.model.tables import Rows
from worker.store.catalogue import outlet_key

ABOUT_SPEAKERS = ("merge", "split", "refuse", "rename")
ABOUT_QUOTES = ("set_speaker", "no_speaker", "reject")
FORGETTING = ("forget_article", "forget_file", "forget_outlet")


class Chooser:
    """Makes operations out of numbers, for one example."""

    def __init__(self, rows: Rows, hands: Hands, expected: Expected, name: str, prefix: str) -> None:
        self.rows = rows
        self.hands = hands
        self.expected = expected
        self.decided = Decided()
        self.newest = Newest.look(rows)
        self._name = name
        self._prefix = prefix
        self._chance = Random(f"{name} {prefix}")
        self._made = 0
        self.at_once = False
        """True while two operations ran at once: what one of them found before may have changed meanwhile."""

    def people(self) -> People:
        """Read the speakers and quotes of the example."""
        return People.look(self.rows, self.newest)

    def operation(self, kind: str, number: int, other: int) -> Operation | None:
        """Return a decision of a kind; None if there is nothing yet that it could be about."""
        self._made += 1
        reason = f"operation {self._made} of {self._name} {self._prefix}".strip()
        chosen: Operation | None = getattr(self, f"_{kind}")(reason, number, other)
        return chosen

    def noted(self, operation: Operation) -> list[Made]:
        """Keep what an operation has stored, and return it. It has no rows if it was refused or died before its end."""
        found = self.rows(
            "SELECT id, kind, speaker_id, undoes, value ->> 'name' FROM decisions WHERE reason = :reason ORDER BY id",
            reason=operation.reason,
        )
        made = operation.note([Row(*row) for row in found])
        if operation.what.startswith("forget"):
            self.forgot()
        for one in made:
            self.decided.add(one)
        return made

    def forgot(self) -> None:
        """Note which forms of names are stored after a removal: decisions about the others have lost their words."""
        self.decided.keep({name for _, name in self.people().forms})

    def first_row(self, operation: Operation) -> int:
        """Return the lowest id of an operation's rows; 0 if it has none."""
        query = "SELECT coalesce(min(id), 0) FROM decisions WHERE reason = :reason"
        return int(self.rows(query, reason=operation.reason)[0][0])

    # speakers

    def _merge(self, reason: str, number: int, other: int) -> Operation | None:
        people = self.people()
        if len(people.speakers) < 2:
            return None
        ids = sorted(people.speakers)
        one, into = ids[number % len(ids)], ids[other % len(ids)]
        roots = self.decided.roots()

        def note(rows: list[Row]) -> list[Made]:
            roots = self.decided.roots()
            return [Merged(row.id, roots.get(one, one), roots.get(into, into)) for row in rows]

        return Operation(
            f"merge {one} into {into}",
            reason,
            lambda: self.hands.merge(one, into, reason),
            note,
            roots.get(one, one) == roots.get(into, into),
        )

    def _split(self, reason: str, number: int, other: int) -> Operation | None:
        people = self.people()
        if not people.forms:
            return None
        speaker, form = people.forms[number % len(people.forms)]
        root = people.speakers[speaker].root
        family = {name for owner, name in people.forms if people.speakers[owner].root == root}

        holders = frozenset(
            owner for owner, name in people.forms if name == form and people.speakers[owner].root == root
        )

        def note(rows: list[Row]) -> list[Made]:
            return [Parted(row.id, form, row.speaker or 0, holders) for row in rows]

        return Operation(
            f"split {form} from {speaker}",
            reason,
            lambda: self.hands.split(speaker, form, reason),
            note,
            family == {form},
        )

    def _refuse(self, reason: str, number: int, other: int) -> Operation | None:
        people = self.people()
        if len(people.speakers) < 2:
            return None
        ids = sorted(people.speakers)
        one, two = ids[number % len(ids)], ids[other % len(ids)]

        def note(rows: list[Row]) -> list[Made]:
            held = [frozenset(name for owner, name in people.forms if owner == speaker) for speaker in (one, two)]
            return [Refused(row.id, *held) for row in rows]

        return Operation(
            f"refuse {one} and {two}", reason, lambda: self.hands.refuse(one, two, reason), note, one == two
        )

    def _rename(self, reason: str, number: int, other: int) -> Operation | None:
        people = self.people()
        if not people.speakers:
            return None
        speaker = sorted(people.speakers)[number % len(people.speakers)]
        name = self._new_name()

        def note(rows: list[Row]) -> list[Made]:
            return [Named(row.id, self.decided.roots().get(speaker, speaker), name) for row in rows]

        return Operation(f"rename {speaker} to {name}", reason, lambda: self.hands.rename(speaker, name, reason), note)

    def _new_name(self) -> str:
        return f"Nora {word(self._chance)}{word(self._chance)}".title()

    # quotes

    def _set_speaker(self, reason: str, number: int, other: int) -> Operation | None:
        people = self.people()
        known = sorted(people.speakers.values(), key=lambda speaker: speaker.id)
        if not known or other % 3 == 0:
            name, speaker = self._new_name(), None
        else:
            chosen = known[other % len(known)]
            name, speaker = chosen.name, chosen.id if other % 3 == 1 else None
        return self._correct(
            "set_speaker",
            reason,
            number,
            lambda quote: self.hands.set_speaker(quote, speaker or name, reason),
            name=name,
            speaker=speaker,
        )

    def _no_speaker(self, reason: str, number: int, other: int) -> Operation | None:
        return self._correct("no_speaker", reason, number, lambda quote: self.hands.no_speaker(quote, reason))

    def _reject(self, reason: str, number: int, other: int) -> Operation | None:
        return self._correct("reject", reason, number, lambda quote: self.hands.reject(quote, reason), rejected=True)

    def _correct(
        self,
        what: str,
        reason: str,
        number: int,
        make: Callable[[int], Any],
        *,
        name: str | None = None,
        speaker: int | None = None,
        rejected: bool = False,
    ) -> Operation | None:
        quotes = self.people().quotes
        if not quotes:
            return None
        quote = quotes[number % len(quotes)]

        def note(rows: list[Row]) -> list[Made]:
            # The other decision may have changed what the speaker is called.
            names = [row.name if speaker is not None and self.at_once else name for row in rows]
            return [
                Corrected(row.id, quote.article, quote.parts, named, speaker, rejected)
                for row, named in zip(rows, names, strict=True)
            ]

        return Operation(f"{what} {quote.id} {speaker or name or ''}", reason, lambda: make(quote.id), note)

    # forgetting

    def _forget_article(self, reason: str, number: int, other: int) -> Operation | None:
        articles = [
            row[0]
            for row in self.rows("SELECT id FROM articles WHERE id > :newest ORDER BY id", newest=self.newest.article)
        ]
        if not articles:
            return None
        article = articles[number % len(articles)]
        what = f"forget article {article}"
        documents = self._documents("d.article_id = :article", article=article)
        keys = frozenset(key for _, key, _ in documents if key)
        return self._forget(what, reason, lambda: self.hands.forget_article(article, reason), documents, keys=keys)

    def _forget_file(self, reason: str, number: int, other: int) -> Operation | None:
        paths = sorted(self.expected.stood)
        if not paths:
            return None
        path = paths[number % len(paths)]
        shown = self._prefix + path
        file = "JOIN inboxes i ON i.id = f.inbox_id WHERE i.name = :inbox AND f.shown = :path"
        if not self.rows(f"SELECT 1 FROM files f {file}", inbox=self._name, path=shown):
            return None
        documents = self._documents(
            f"d.id IN (SELECT fd.document_id FROM files f JOIN file_documents fd ON fd.file_id = f.id {file})",
            inbox=self._name,
            path=shown,
        )
        read = {
            row[0]
            for row in self.rows(f"SELECT encode(f.sha256, 'hex') FROM files f {file}", inbox=self._name, path=shown)
        }
        known = self.expected.contents
        documents += [(one.document, one.key, False) for sha256 in read & known.keys() for one in known[sha256].told]
        perhaps = {one.document for sha256 in self.expected.stood[path] for one in known[sha256].told}
        what = f"forget file {shown}"
        return self._forget(
            *(what, reason, lambda: self.hands.forget_file(shown, reason), documents),
            perhaps=frozenset(perhaps),
            files=frozenset(self.expected.stood[path]),
        )

    def _forget_outlet(self, reason: str, number: int, other: int) -> Operation | None:
        outlets = {one.outlet for content in self.expected.contents.values() for one in content.told if one.outlet}
        if not outlets:
            return None
        outlet = min(outlets)
        key = outlet_key(outlet)
        documents = self._documents(
            "d.id IN (SELECT s.document_id FROM article_sources s JOIN outlets o ON o.id = s.outlet_id"
            " WHERE o.key = :key)",
            key=key,
        )
        what = f"forget outlet {outlet}"
        return self._forget(what, reason, lambda: self.hands.forget_outlet(outlet, reason), documents, outlet=key)

    def _documents(self, where: str, **values: Any) -> list[tuple[str, str | None, bool]]:
        """Return some documents: SHA-256, key of the article, whether only they carry the article."""
        told = {one.document: one for content in self.expected.contents.values() for one in content.told}
        rows = self.rows(
            f"WITH chosen AS (SELECT d.id, d.sha256, d.article_id FROM documents d WHERE {where})"
            " SELECT encode(sha256, 'hex'), article_id IS NOT NULL AND NOT EXISTS (SELECT FROM documents o"
            " WHERE o.article_id = chosen.article_id AND o.id NOT IN (SELECT id FROM chosen))"
            " FROM chosen ORDER BY id",
            **values,
        )
        return [(sha256, told[sha256].key if sha256 in told else None, alone) for sha256, alone in rows]

    def _forget(
        self,
        what: str,
        reason: str,
        make: Callable[[], Any],
        documents: list[tuple[str, str | None, bool]],
        *,
        keys: frozenset[str] = frozenset(),
        outlet: str | None = None,
        perhaps: frozenset[str] = frozenset(),
        files: frozenset[str] = frozenset(),
    ) -> Operation:
        hashes = frozenset(sha256 for sha256, _, _ in documents)
        texts = keys | {key for _, key, alone in documents if key is not None and alone}

        def note(rows: list[Row]) -> list[Made]:
            made: list[Made] = [Forgot(row.id) for row in rows]
            if made:
                self.expected.look()
                contents = self.expected.contents.values()
                sure = keys if self.at_once else texts
                ids = frozenset(one.id for one in made)
                self.expected.forgotten.add(
                    Mark(ids, hashes, sure, outlet, (perhaps | (texts - sure)) - hashes, files), contents
                )
            return made

        return Operation(what, reason, make, note)

    # undoing

    def _undo(self, reason: str, number: int, other: int) -> Operation | None:
        made = [one for _, one in sorted(self.decided.made.items())]
        live = [one for one in made if not one.undone]
        among = made if other % 10 == 0 else live
        if not among:
            return None
        undone = among[number % len(among)]

        def note(rows: list[Row]) -> list[Made]:
            for _ in (row for row in rows if row.undoes == undone.id):
                assert not undone.undone, f"{undone} was undone twice"
                undone.undone = True
                self.expected.look()
                contents = self.expected.contents.values()
                self.expected.forgotten.undo(undone.id, contents, self.expected.record.last_drop)
            return []

        about = (
            undone.speaker if isinstance(undone, Parted | Named) else undone.one if isinstance(undone, Merged) else None
        )
        lost = about is not None and about not in self.people().speakers  # all that the speaker said was forgotten
        refused = undone.undone or (None if lost else False)
        return Operation(f"undo {undone}", reason, lambda: self.hands.undo(undone.id, reason), note, refused)

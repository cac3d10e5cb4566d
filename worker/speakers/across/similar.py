"""Finds, among many forms, those with which a name is to be compared."""

from collections.abc import Iterable

from worker.speakers.across.name import ParsedName, read_name
from worker.speakers.within.resolution import EntityKind
from worker.store.speakers import StoredForm

FEW = 200
"""A name is compared with all forms if there are at most so many; usual articles have fewer."""


class SimilarForms:
    """Forms of speakers, stored ones and new ones, by the keys of these speakers."""

    def __init__(self, stored: Iterable[StoredForm], most: int) -> None:
        """Begin with some forms. A key that more than `most` speakers have finds nothing."""
        self._most = most
        self._forms: list[StoredForm] = []
        self._of_speaker: dict[int, list[int]] = {}
        self._speakers: dict[tuple[str, str], set[int]] = {}
        for form in stored:
            self.add(form)

    def add(self, form: StoredForm) -> None:
        """From now on, find this form, too."""
        self._of_speaker.setdefault(form.speaker_id, []).append(len(self._forms))
        self._forms.append(form)
        for key in read_name(form.name, EntityKind(form.kind)).keys:
            self._speakers.setdefault((form.kind, key), set()).add(form.speaker_id)

    def to(self, name: ParsedName) -> list[StoredForm]:
        """Return the forms of the same kind that may mean the same speaker, at most `FEW`, in the order of adding."""
        kind = name.kind.value
        if len(self._forms) <= FEW:
            return [form for form in self._forms if form.kind == kind]
        speakers: set[int] = set()
        for key in name.search_keys:
            having = self._speakers.get((kind, key), ())
            if len(having) <= self._most:
                speakers.update(having)
        places = sorted(place for speaker in speakers for place in self._of_speaker[speaker])
        return [self._forms[place] for place in places[:FEW] if self._forms[place].kind == kind]

"""Finds, among many forms, those with which a name is to be compared."""

from collections.abc import Iterable

from worker.speakers.across.name import read_name
from worker.speakers.across.partition import FormWithRoles
from worker.speakers.across.role_keys import role_keys
from worker.speakers.within.resolution import EntityKind
from worker.store.forms import StoredForm

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
        self._listed: dict[tuple[str, int], list[int]] = {}
        for form in stored:
            self.add(form)

    def add(self, form: StoredForm) -> None:
        """From now on, find this form, too."""
        self._of_speaker.setdefault(form.speaker_id, []).append(len(self._forms))
        self._forms.append(form)
        if form.listed is not None:
            self._listed.setdefault((form.kind, form.listed), []).append(len(self._forms) - 1)
        name = read_name(form.name, EntityKind(form.kind))
        for key in name.keys | role_keys(name, form.roles):
            self._speakers.setdefault((form.kind, key), set()).add(form.speaker_id)

    def to(self, new: FormWithRoles, contenders: Iterable[int] = ()) -> list[StoredForm]:
        """Return the forms of the same kind that may mean the same speaker, at most `FEW`, in the order of adding.

        `contenders` are speakers of imported lists who have this name, too; their forms are among those returned.
        """
        kind = new.name.kind.value
        if len(self._forms) <= FEW:
            return [form for form in self._forms if form.kind == kind]
        listed = {*contenders} if new.listed is None else {*contenders, new.listed}
        of_lists = [place for number in sorted(listed) for place in self._listed.get((kind, number), ())]
        speakers: set[int] = set()
        for key in new.name.search_keys | role_keys(new.name, new.roles):
            having = self._speakers.get((kind, key), ())
            if len(having) <= self._most:
                speakers.update(having)
        places = sorted(place for speaker in speakers for place in self._of_speaker[speaker])
        chosen = sorted({*of_lists[:FEW], *places[: FEW - len(of_lists[:FEW])]})
        return [self._forms[place] for place in chosen if self._forms[place].kind == kind]

"""What people decided about speakers and quotes, as the model keeps it, and what must therefore stand in the tables."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tests.faults.model.people import People, QuoteRow

LEAST_IOU = 0.5
"""At least this intersection over union of their places makes two quotations of one article the same."""


@dataclass(slots=True)
class Made:
    """A decision: the id of its row, and whether it was undone."""

    id: int
    undone: bool = field(default=False, kw_only=True)


@dataclass(slots=True)
class Merged(Made):
    """The root `one` was merged into the root `into`."""

    one: int
    into: int


@dataclass(slots=True)
class Parted(Made):
    """A form was given to a new speaker."""

    form: str | None
    speaker: int
    origins: frozenset[int]
    """The speakers that lost the form. Others of the same name keep theirs."""


@dataclass(slots=True)
class Refused(Made):
    """No form of one speaker may be joined by the machine with a form of the other."""

    forms: frozenset[str]
    others: frozenset[str]


@dataclass(slots=True)
class Named(Made):
    """A speaker got a name."""

    speaker: int
    name: str


@dataclass(slots=True)
class Corrected(Made):
    """A quote was given a speaker's `name` (None: nobody known), or it was rejected."""

    article: int
    parts: tuple[int, ...]
    name: str | None = None
    speaker: int | None = None
    rejected: bool = False


@dataclass(slots=True)
class Forgot(Made):
    """Something was forgotten; `Forgotten` keeps what."""


class Decided:
    """The decisions of one example, in the order of their rows."""

    def __init__(self) -> None:
        self.made: dict[int, Made] = {}

    def add(self, made: Made) -> None:
        """Note a decision."""
        self.made[made.id] = made

    def keep(self, forms: Collection[str]) -> None:
        """Let decisions forget the names that nothing in the tables carries any more: they were forgotten."""
        for made in self.made.values():
            if isinstance(made, Parted) and made.form not in forms:
                made.form = None
            elif isinstance(made, Refused):
                made.forms, made.others = made.forms & set(forms), made.others & set(forms)

    def live(self) -> list[Made]:
        """Return the decisions that are not undone, in order."""
        return [made for _, made in sorted(self.made.items()) if not made.undone]

    def roots(self) -> dict[int, int]:
        """Return the root of each speaker that a live merge concerns."""
        roots: dict[int, int] = {}
        for merged in self.live():
            if isinstance(merged, Merged):
                one, into = (roots.setdefault(speaker, speaker) for speaker in (merged.one, merged.into))
                roots = {speaker: into if root == one else root for speaker, root in roots.items()}
        return roots

    def wrong(self, people: People) -> list[str]:
        """Return what in the tables is against a decision."""
        return [
            *self._merges(people),
            *self._splits(people),
            *self._refusals(people),
            *self._names(people),
            *self._corrections(people),
        ]

    def _merges(self, people: People) -> Iterable[str]:
        roots = self.roots()
        stored = {speaker.id: speaker.root for speaker in people.speakers.values()}
        for one in stored:
            for other in stored:
                together = roots.get(one, one) == roots.get(other, other)
                if one < other and together != (stored[one] == stored[other]):
                    yield f"speakers {one} and {other} are {'not ' * together}one: {people.speakers}"
        for speaker in people.speakers.values():
            root = people.speakers.get(speaker.root)
            if root is None or root.root != root.id:
                yield f"the root of {speaker} is no root: {root}"

    def _splits(self, people: People) -> Iterable[str]:
        latest = {made.form: made for made in self.live() if isinstance(made, Parted) and made.form}
        for form, split in latest.items():
            for quote in people.quotes:
                for said in quote.speakers:
                    if said.name == form and not said.by_hand and said.speaker in split.origins:
                        yield f"{form} was given to speaker {split.speaker}: {quote}"
            for speaker, name in people.forms:
                if name == form and speaker in split.origins and not people.by_hand(speaker, name):
                    yield f"{form} was given to speaker {split.speaker}, and stands at {speaker}"

    def _refusals(self, people: People) -> Iterable[str]:
        for refused in self.live():
            if isinstance(refused, Refused):
                # Two speakers of one name may be refused, too: then the common name tells nothing.
                forms, others = refused.forms - refused.others, refused.others - refused.forms
                for speaker in people.speakers:
                    held = {name for owner, name in people.forms if owner == speaker}
                    if held & forms and held & others:
                        yield f"{refused} is not kept: speaker {speaker} has {held}"

    def _names(self, people: People) -> Iterable[str]:
        for named in {made.speaker: made for made in self.live() if isinstance(made, Named)}.values():
            speaker = people.speakers.get(named.speaker)
            if speaker is not None and (speaker.name != named.name or not speaker.named_by_hand):
                yield f"{named}, but {speaker}"

    def _corrections(self, people: People) -> Iterable[str]:
        live = [made for made in self.live() if isinstance(made, Corrected)]
        articles = {made.article for made in live}
        aims: dict[int, list[Corrected]] = {quote.id: [] for quote in people.quotes}
        for made in live:
            quote = found(made, [quote for quote in people.quotes if quote.article == made.article])
            if quote is not None:
                aims[quote.id].append(made)
        for quote in people.quotes:
            if quote.article in articles or quote.by_hand or quote.rejected:
                yield from against(quote, aims[quote.id])


def found(made: Corrected, quotes: Sequence[QuoteRow]) -> QuoteRow | None:
    """Return the quote that a decision is about: the one at its place, if there is one."""
    scored = [(shared(made.parts, quote.parts), -quote.id, quote) for quote in quotes]
    best = max(scored, default=None, key=lambda row: row[:2])
    return best[2] if best is not None and best[0] >= LEAST_IOU else None


def shared(parts: Sequence[int], others: Sequence[int]) -> float:
    """Return the intersection over union of two lists of spans, given as starts and ends in turn."""
    one = {place for start, end in zip(parts[::2], parts[1::2], strict=True) for place in range(start, end)}
    other = {place for start, end in zip(others[::2], others[1::2], strict=True) for place in range(start, end)}
    return len(one & other) / len(one | other)


def against(quote: QuoteRow, decisions: Sequence[Corrected]) -> Iterable[str]:
    """Yield what in a quote's row is against the live decisions about it, which are in order."""
    if quote.rejected != any(made.rejected for made in decisions):
        yield f"{'' if quote.rejected else 'not '}rejected: {quote}; decided: {decisions}"
    about_speaker = [made for made in decisions if not made.rejected]
    if not about_speaker:
        if quote.by_hand:
            yield f"given a speaker by hand, which nobody decided: {quote}"
    elif [(said.name, said.by_hand) for said in quote.speakers] != (
        [(about_speaker[-1].name, True)] if about_speaker[-1].name is not None else []
    ):
        yield f"decided: {about_speaker[-1]}, but {quote}"

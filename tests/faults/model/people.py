"""The speakers and quotes of one example, read at one moment."""

from dataclasses import dataclass

from tests.faults.model.tables import Rows


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A row of `speakers`."""

    id: int
    name: str
    named_by_hand: bool
    root: int


@dataclass(frozen=True, slots=True)
class Said:
    """A row of `quote_speakers`."""

    speaker: int
    name: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A current row of `quotes`, with its speakers."""

    id: int
    article: int
    parts: tuple[int, ...]
    rejected: bool
    speakers: tuple[Said, ...]

    @property
    def by_hand(self) -> bool:
        """True if a person named a speaker of it."""
        return any(said.by_hand for said in self.speakers)


@dataclass(frozen=True, slots=True)
class Newest:
    """The highest ids before an example began; all rows with higher ids are the example's."""

    speaker: int
    article: int

    @classmethod
    def look(cls, rows: Rows) -> "Newest":
        """Read the highest ids."""
        query = "SELECT coalesce((SELECT max(id) FROM {}), 0)"
        return cls(*(rows(query.format(table))[0][0] for table in ("speakers", "articles")))


@dataclass(frozen=True, slots=True)
class People:
    """All speakers, forms of names and current quotes of an example."""

    speakers: dict[int, SpeakerRow]
    forms: list[tuple[int, str]]  # (speaker, form), joined
    quotes: list[QuoteRow]

    @classmethod
    def look(cls, rows: Rows, newest: Newest) -> "People":
        """Read the rows that came after `newest`."""
        speakers = rows(
            "SELECT id, name, named_by_hand, coalesce(merged_into, id) FROM speakers WHERE id > :newest ORDER BY id",
            newest=newest.speaker,
        )
        forms = rows(
            "SELECT speaker_id, name FROM speaker_names WHERE status = 'joined' AND speaker_id > :newest ORDER BY 1, 2",
            newest=newest.speaker,
        )
        said: dict[int, list[Said]] = {}
        for quote, *values in rows(
            "SELECT s.quote_id, s.speaker_id, s.name, s.by_hand"
            " FROM quote_speakers s JOIN quotes q ON q.id = s.quote_id"
            " WHERE q.current AND q.article_id > :newest ORDER BY s.quote_id, s.position, s.speaker_id",
            newest=newest.article,
        ):
            said.setdefault(quote, []).append(Said(*values))
        quotes = rows(
            "SELECT id, article_id, parts, rejected FROM quotes WHERE current AND article_id > :newest ORDER BY id",
            newest=newest.article,
        )
        return cls(
            {row[0]: SpeakerRow(*row) for row in speakers},
            [(speaker, name) for speaker, name in forms],
            [
                QuoteRow(number, article, tuple(parts), rejected, tuple(said.get(number, ())))
                for number, article, parts, rejected in quotes
            ],
        )

    def by_hand(self, speaker: int, name: str) -> bool:
        """True if a person named this speaker by this name for some quote."""
        return any(Said(speaker, name, True) in quote.speakers for quote in self.quotes)

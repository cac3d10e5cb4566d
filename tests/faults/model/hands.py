"""What people do, by the functions that the commands call. Each call has a reason of its own, by which it is found."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, text

from worker.decisions import forgetting, quotes, speakers
from worker.decisions.deciding import decide
from worker.decisions.forgetting import FileVersion
from worker.speakers.across import moving
from worker.store import retrying

VERSIONS = text("""
SELECT f.id, f.sha256 FROM files f JOIN inboxes i ON i.id = f.inbox_id
WHERE i.name = :inbox AND f.shown = :path ORDER BY f.id
""")


class Hands:
    """The people of one example."""

    def __init__(self, engine: Engine, inbox: str) -> None:
        self.engine = engine
        self.inbox = inbox

    def _decide(self, work: Callable[[Connection], object]) -> object:
        result = decide(self.engine, work)
        moving.finish(self.engine)
        return result

    def merge(self, speaker: int, into: int, reason: str) -> None:
        """Make a speaker one with another."""
        self._decide(lambda c: speakers.merge(c, [speaker], into, who=self.inbox, reason=reason))

    def split(self, speaker: int, form: str, reason: str) -> None:
        """Give a form of a speaker's name to a new speaker."""
        self._decide(lambda c: speakers.split(c, speaker, form, who=self.inbox, reason=reason))

    def refuse(self, speaker: int, other: int, reason: str) -> None:
        """Say that two speakers are two."""
        self._decide(lambda c: speakers.refuse(c, speaker, other, who=self.inbox, reason=reason))

    def rename(self, speaker: int, name: str, reason: str) -> None:
        """Choose a speaker's name."""
        self._decide(lambda c: speakers.rename(c, speaker, name, who=self.inbox, reason=reason))

    def set_speaker(self, quote: int, speaker: int | str, reason: str) -> None:
        """Say who said a quote."""
        self._decide(lambda c: quotes.set_speaker(c, quote, speaker, who=self.inbox, reason=reason))

    def no_speaker(self, quote: int, reason: str) -> None:
        """Say that nobody known said a quote."""
        self._decide(lambda c: quotes.no_speaker(c, quote, who=self.inbox, reason=reason))

    def reject(self, quote: int, reason: str) -> None:
        """Say that a quote is no quotation."""
        self._decide(lambda c: quotes.reject(c, quote, who=self.inbox, reason=reason))

    def undo(self, decision: int, reason: str) -> None:
        """Undo a decision."""
        self._decide(lambda c: speakers.undo(c, decision, who=self.inbox, reason=reason))

    def forget_article(self, article: int, reason: str) -> None:
        """Forget an article."""
        self._forget(lambda c: forgetting.forget_article(c, article, who=self.inbox, reason=reason))

    def forget_outlet(self, outlet: str, reason: str) -> None:
        """Forget an outlet."""
        self._forget(lambda c: forgetting.forget_outlet(c, outlet, who=self.inbox, reason=reason))

    def forget_file(self, path: str, reason: str) -> None:
        """Forget a file: all contents that were seen at its path."""

        def mark(connection: Connection) -> int:
            rows = connection.execute(VERSIONS, {"inbox": self.inbox, "path": path})
            versions = [FileVersion(*row) for row in rows]
            return forgetting.forget_file(connection, path, versions, who=self.inbox, reason=reason)

        self._forget(mark)

    def _forget(self, mark: Callable[[Connection], int]) -> None:
        self._decide(mark)
        self.go_on()

    def go_on(self) -> None:
        """Go on with what died commands have left to be done, as a later command or the housekeeping does."""
        moving.finish(self.engine)
        forgetting.remove(self.engine)

    def retry(self, files: list[int]) -> None:
        """Let refused files and their refused members wait again."""
        self._decide(lambda c: retrying.retry_files(c, files))

"""The error of this room."""


class BackupError(Exception):
    """A backup cannot be written or restored: a sentence that says why, and one that says what to do."""

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(f"{sentence} {advice}".rstrip())
        self.sentence = sentence
        self.advice = advice

"""What is raised if a receiver does not take a message."""


class NotTaken(Exception):
    """A receiver did not take a message; the text says why, without a word of the message or a secret.

    `wait`: the receiver asks not to be told again for so many seconds. `is_final`: it wants no messages any more.
    """

    def __init__(self, why: str, *, wait: float = 0, is_final: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        self.is_final = is_final

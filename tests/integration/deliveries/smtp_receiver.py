"""A mail server on loopback, as small as RFC 5321 allows: it takes every mail, or refuses one recipient."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps the mail that it took."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[EmailMessage] = []

    @property
    def url(self) -> str:
        """The address for `ONRECORD_SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a sender."""

    server: MailServer

    def handle(self) -> None:
        """Answer each command until the sender says goodbye."""
        self.say("220 receiver ready")
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words[:4].upper()
            if command == "EHLO":
                self.say("250 receiver")
            elif command == "RCPT" and "nobody@" in words:
                self.say("550 no such person")
            elif command == "DATA":
                self.say("354 go on")
                self.take()
                self.say("250 taken")
            elif command == "QUIT":
                self.say("221 goodbye")
                return
            else:
                self.say("250 well")

    def take(self) -> None:
        """Read one mail, until the line with a single dot."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.taken.append(mail)

    def say(self, words: str) -> None:
        """Send one line."""
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server while the `with` block runs."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)

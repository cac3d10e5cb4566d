"""The parts, lines and senders of mails."""

"""Sends a message as one mail, a digest of all its deliveries, to the SMTP server of the settings."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from worker.deliveries.deadline import ended_after
from worker.deliveries.message import Item, permalink
from worker.deliveries.refusal import NotTaken
from worker.deliveries.standing import in_marks
from worker.report.printable import printable
from worker.settings import Settings

SECONDS = 30.0
"""The server has so many seconds for each answer, and twice as many for the whole conversation."""
PORTS = {"smtp": 25, "smtps": 465}
LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
UNSET = "No mail is sent until ONRECORD_SMTP_URL and ONRECORD_SMTP_FROM are set, and Onrecord is started again."


def is_set(config: Settings) -> bool:
    """True if the settings say how mail is sent, and from whom."""
    return bool(config.smtp_url.reveal() and config.smtp_from)


def digest(watch_list: str, items: Sequence[Item], page: str) -> tuple[str, str]:
    """Return the subject and the text of a mail about deliveries."""
    new = sum(item.delivery.what == "new" for item in items)
    counts = [f"{new} new quotation{'s' if new != 1 else ''}"] if new else []
    if withdrawn := len(items) - new:
        counts.append(f"{withdrawn} withdrawn")
    text = "\n\n".join("\n".join(lines_of(item, page)) for item in items)
    return f"{watch_list}: {', '.join(counts)}", f"{text}\n\n-- \nOnrecord, watch-list “{watch_list}”\n"


def lines_of(item: Item, page: str) -> Iterator[str]:
    """Yield the lines of a mail about one delivery."""
    said = item.quotation
    if said is None:
        yield f"Withdrawn: quotation {item.delivery.quote_id}, which an earlier mail told."
    else:
        yield printable(in_marks(str(said["quote"]), str(said["kind"])))
        who = said["speaker"] or said["source_text"] or "nobody named"
        cue = f" ({said['cue']})" if said["cue"] else ""
        day = said["published_at"]
        printed = (said["outlet"], f"{day:%Y-%m-%d}" if day else "undated", said["title"])
        yield printable(f"{who}{cue}{', DENIED' if said['denied'] else ''}")
        yield printable(", ".join(str(part) for part in printed if part))
        if said["link"]:
            yield printable(str(said["link"]))
    if page:
        yield permalink(page, item.delivery.quote_id)


def send(config: Settings, to: str, subject: str, text: str, message_id: str, seconds: float = SECONDS) -> None:
    """Send a mail; return when the server has taken it. The same mail has the same `message_id`. Raises `NotTaken`."""
    url = config.smtp_url.reveal()
    if not is_set(config):
        raise NotTaken(UNSET)
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = config.smtp_from
    mail["To"] = to
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message_id}@{config.smtp_from.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it (RFC 3834)
    mail.set_content(text)
    try:
        hand_over(url, mail, seconds)
    except smtplib.SMTPResponseException as error:
        raise NotTaken(f"The mail server answered {error.smtp_code}.") from error
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise NotTaken(f"The mail server does not take mail for this address ({codes[0]}).") from error
    except smtplib.SMTPException as error:
        raise NotTaken(f"The mail server did not take it: {type(error).__name__}.") from error
    except ssl.SSLError as error:
        raise NotTaken("No encrypted connection to the mail server could be made.") from error
    except UnicodeError as error:
        raise NotTaken("The name of the mail server, or an address, cannot be used.") from error
    except TimeoutError as error:
        raise NotTaken("The mail server did not answer in time.") from error
    except OSError as error:
        raise NotTaken(f"The mail server cannot be reached: {error.strerror or type(error).__name__}.") from error


def hand_over(url: str, mail: EmailMessage, seconds: float) -> None:
    """Give a mail to the server. Raises `OSError` and the exceptions of `smtplib`."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    with server, ended_after(2 * seconds, lambda: server.sock):
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.scheme == "smtp" and parts.password and host not in LOCAL:
            raise NotTaken("The mail server offers no encryption, and the password is not sent without: use smtps://.")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)

"""The page as one of the processes of `onrecord up`. Whatever is wrong with it, articles are still stored."""

from typing import IO, TYPE_CHECKING

from worker.cli.children import SupervisedProcess

if TYPE_CHECKING:
    from rich.console import Console

    from worker.cli.forked import WaitingProcesses
    from worker.settings import Settings


def page_process(
    settings: "Settings", output: IO[bytes], console: "Console", waiting: "WaitingProcesses"
) -> SupervisedProcess | None:
    """Return the process that serves the page, and print where; None, with a sentence about the reason, if none can."""
    from rich.text import Text

    from worker.cli.errors import Complaint
    from worker.cli.web import demanded_password
    from worker.report.printable import printable
    from worker.web.address import free_port, url_of

    def say(sentence: str) -> None:
        console.print(Text(printable(sentence)), soft_wrap=True)

    wanted = settings.web_port
    if not wanted:
        return None
    try:
        demanded_password(settings)
        port = free_port(settings.web_host, wanted)
    except Complaint as complaint:
        say(f"There is no page: {complaint.message} {complaint.todo}")
        return None
    except OSError as error:
        say(f"There is no page: it cannot listen on {settings.web_host} ({error.strerror}). Set ONRECORD_WEB_HOST.")
        return None
    taken = "" if port == wanted else f" (port {wanted} is taken)"
    say(f"The page: {url_of(settings.web_host, port)}{taken}")
    return SupervisedProcess("web", ["web", "--port", str(port)], output, forked=waiting.take("web"))

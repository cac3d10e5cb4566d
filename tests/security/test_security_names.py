"""Hostile names and texts: no terminal, shell, database or spreadsheet may execute what they contain."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence

import pytest

from tests.stack import Stack, stack

__all__ = ["stack"]

NAMES = [
    b"new\nline.txt",
    b"return\rline.txt",
    b"tab\t.txt",
    b"ansi\x1b[31m\x1b]0;owned\x07\x1b[2J.txt",
    b"c1 \xc2\x9b31m.txt",
    b"bell\x07back\x08.txt",
    "bidi\u202etxt.exe.txt".encode(),
    "isolate\u2066x\u2069 \u200fmark.txt".encode(),
    "separator\u2028\u2029.txt".encode(),
    b"invalid\xff\xfe\x80.txt",
    b"'; DROP TABLE files; --.txt",
    b'"quote" `touch pwned` $(touch pwned).txt',
    b"=HYPERLINK(1).txt",
    b"+1.txt",
    b"@SUM.txt",
    b"-rf.txt",
    b"--help.txt",
    b"<b onclick=x>html.txt",
    b"[bold red]rich[bold] [link=x].txt",
    b"%s %(x)s {0} {x!r}.txt",
    b"back\\slash\\n.txt",
    b" blanks .txt",
    b"colon:17.txt",
]
SAID = "\x1b[31mred\x1b[0m \u202eright [bold]b[/bold] =1+1 <i>x</i> '; DROP TABLE quotes; --"
ARTICLE = "The harbour stays {number} open. “{said} number {number} stays,” said mayor Arne {surname} on Tuesday.\n"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
UNSAFE = {"Cc", "Cs", "Zl", "Zp"}


def obeyed(output: str) -> list[str]:
    """Return the control characters of an output, which a terminal would execute."""
    bidi = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    control = {character for character in output if unicodedata.category(character) in UNSAFE and character != "\n"}
    return sorted(map(repr, control | set(bidi.findall(output))))


def drop_all(stack: Stack) -> None:
    """For every name, drop an article and an empty file. Also drop a zip with all names, and a hostile page."""
    inbox = os.fsencode(stack.inbox)
    for number, name in enumerate(NAMES):
        words = ARTICLE.format(number=f"number{number} " * 9, said=SAID, surname="Lie" + LETTERS[number])
        for folder, content in ((b"good", words.encode()), (b"bad", b"")):
            os.makedirs(os.path.join(inbox, folder), exist_ok=True)
            with open(os.path.join(inbox, folder, name), "wb") as file:
                file.write(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in NAMES:
            if b"\xff" not in name:
                archive.writestr(zipfile.ZipInfo(name.decode()), b"")
    stack.inbox.joinpath("archive.zip").write_bytes(packed.getvalue())
    head = f'<title>{SAID}</title><meta name="author" content="{SAID}"><meta property="og:site_name" content="{SAID}">'
    body = "<p>“It will dry,” said mayor Arne Lie on Tuesday, and went home to his supper.</p>" * 5
    stack.inbox.joinpath("page.html").write_text(f"<html><head>{head}</head><body>{body}</body></html>")
    stack.inbox.joinpath("broken.json").write_text('{"a\x1b[31m": \x1b]0;x\x07\u202e')


@pytest.fixture
def full(stack: Stack) -> tuple[Stack, str]:
    """Run `up --once` on all files of `drop_all`; return the stack and the output."""
    drop_all(stack)
    logs = {"ONRECORD_LOG_FORMAT": "json", "ONRECORD_LOG_LEVEL": "debug"}
    ran = stack.run("up", "--once", "--inbox", f"news={stack.inbox}", ONRECORD_EXTRACTOR="quoted", **logs)
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    return stack, ran.stdout + ran.stderr


COMMANDS = [
    *(("files",), ("files", "--limit", "0"), ("files", "--members", "--limit", "0"), ("files", "-f", "json")),
    *(("quotes", "--limit", "0"), ("quotes", "-f", "json"), ("report", "speakers"), ("speakers",), ("decisions",)),
    *(("status",), ("status", "--json"), ("doctor",), ("sql", "SELECT * FROM articles"), ("sql", "TABLE files")),
    *(("sql", "TABLE files", "-f", "json"), ("sql", "SELECT '\x1b[31m' AS \"\x1b[32m\n\u202e\"")),
    *(("sql", "SELECT \x1b[31m"), ("sql", "\x1b[31m\u202e"), ("sql", "SELECT 'x\x1b'::int"), ("sql", "\\d \x1b[31m")),
    *(("export", "quotes", "-f", "jsonl"), ("export", "articles", "-f", "jsonl"), ("export", "-o", "/no\x1b[31m/x")),
    *(("quotes", "--speaker", "\x1b[31m"), ("quotes", "--since", "\x1b[31m"), ("files", "--file", "\x1b[31m\n")),
    *(("report", "\x1b[31m"), ("retry", "--file", "\x1b[31m\n"), ("extract", "/no/\x1b[31m\nfile.txt")),
    *(("quotes", "fix", "1", "--speaker", "\x1b[31m\u202e", "--reason", "\x1b[31m\n"), ("decisions", "list")),
    *(("forget", "--file", "\x1b[31m", "--reason", "x"), ("speakers", "list")),
]


# Runs commands in one process, and prints the output of each.
ONE_BY_ONE = """
import contextlib, io, json, sys
from worker.cli import main
for command in json.load(sys.stdin):
    written, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(command)
        except SystemExit:
            pass
    print(json.dumps([command, written.getvalue().decode(), err.getvalue()]), flush=True)
"""


def all_of(stack: Stack, commands: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Run the commands; iterate over (command, its standard output, its standard error)."""
    ran = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE],
        input=json.dumps(commands),
        env=os.environ | {"ONRECORD_HOME": str(stack.home)},
        cwd=stack.inbox.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(results) == len(commands), ran.stderr
    for command, out, err in results:
        yield tuple(command), out, err


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_command_shows_them_escaped(full: tuple[Stack, str]) -> None:
    stack, output = full
    assert obeyed(output) == []
    assert r"ansi\x1b[31m\x1b]0;owned\x07" in output
    assert r"invalid\xff\xfe\x80.txt" in output
    assert "[bold red]rich[bold]" in output
    inbox = os.fsencode(stack.inbox)
    paths = [os.path.join(inbox, folder, name) for name in NAMES[:12] for folder in (b"good", b"bad")]
    extracting = [("extract", *options, "--", os.fsdecode(path)) for path in paths for options in ((), ("--json",))]
    wrong = {}
    for command, out, err in all_of(stack, [*COMMANDS, *extracting]):
        if characters := obeyed(out + err):
            wrong[command] = characters
        if "Traceback" in err or "not made for" in err:
            wrong[command] = [err]
        if "json" in command or ("--json" in command and command[0] == "status"):
            json.loads(out)
        if "jsonl" in command or "--json" in command:
            assert all(json.loads(line) for line in out.splitlines())
    assert wrong == {}
    log = (stack.home / "logs" / "processes.log").read_text()
    assert obeyed(log) == []
    assert all(json.loads(line) for line in log.splitlines())
    check_rows(stack)


def check_rows(stack: Stack) -> None:
    """Check that intake executed nothing either: every file has a row, and no shell ran a command."""
    states = {row["file"]: row["state"] for row in json.loads(stack.run("files", "--limit", "0", "-f", "json").stdout)}
    assert sum(state == "stored" for name, state in states.items() if name.startswith("good/")) == len(NAMES)
    assert sum(name.startswith("bad/") for name in states) == len(NAMES)
    assert not list(stack.inbox.parent.rglob("pwned"))
    rows = list(csv.reader(io.StringIO(stack.run("sql", "SELECT right(file, -5) FROM files", "-f", "csv").stdout)))
    assert not [row for row in rows if row and row[0].startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert stack.run("sql", "SELECT count(*) FROM files").returncode == 0


@pytest.mark.long
@pytest.mark.timeout(300)
def test_console_logs_are_escaped_too(stack: Stack) -> None:
    drop_all(stack)
    ran = stack.run(
        "up", "--once", "--inbox", str(stack.inbox), ONRECORD_LOG_LEVEL="debug", ONRECORD_EXTRACTOR="quoted"
    )
    assert ran.returncode == 3, ran.stderr
    assert obeyed((stack.home / "logs" / "processes.log").read_text()) == []

"""Check the locked dependencies for known vulnerabilities: `make audit`, and `.ci/run`.

pip-audit asks the advisory service. Its answer is read here, because pip-audit also says "no known vulnerabilities" of
packages that the service does not know. The first question is about a package that has had advisories for years: if the
service calls it sound, the service cannot be trusted and gets no other question.

Exit status: 0 if all is sound, or if no service answers (with a loud message; 3 with `--strict`); 1 for a
vulnerability, for an exception that has expired or is no longer needed, if pip-audit is not installed, and for an
unreadable lock file. The exceptions stand in `audit-exceptions.toml`.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock")
KNOWN_BAD = "jinja2==2.11.2"  # PYSEC-2021-66 and more
EXCEPTIONS = Path(__file__).parent / "audit-exceptions.toml"
SECONDS = 600
"""Wait at most so many seconds for pip-audit."""


@dataclass(frozen=True)
class Waived:
    """An exception: a vulnerability that is accepted until a day, and the reason."""

    id: str
    package: str
    reason: str
    until: date


@dataclass(frozen=True)
class Answer:
    """The service's answer: vulnerable packages as (name and version, ids), and the packages that it does not know."""

    vulnerable: list[tuple[str, frozenset[str]]]
    unknown: list[str]


class Unreachable(Exception):
    """The service did not answer."""


def ask(requirements: Path, extra: Sequence[str]) -> Answer:
    """Run pip-audit over a file of pinned requirements; return the service's answer. Raises `Unreachable`."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--disable-pip", "--no-deps"]
    command += ["--format", "json", "--aliases", "on", "--progress-spinner", "off", *extra]
    result = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    try:
        output = json.loads(result.stdout)
    except ValueError:
        lines = result.stderr.strip().splitlines()
        raise Unreachable(lines[-1] if lines else f"pip-audit ended with status {result.returncode}") from None
    vulnerable, unknown = [], []
    for package in output["dependencies"]:
        if "skip_reason" in package:
            unknown.append(package["name"])
            continue
        for advisory in package["vulns"]:
            ids = frozenset([advisory["id"], *advisory["aliases"]])
            vulnerable.append((f"{package['name']} {package['version']}", ids))
    return Answer(vulnerable, unknown)


def exceptions(path: Path) -> list[Waived]:
    """Return the exceptions of a file. A missing reason or day is an error."""
    entries = tomllib.loads(path.read_text()).get("exception", [])
    return [Waived(entry["id"], entry["package"], entry["reason"], entry["until"]) for entry in entries]


def judge(answer: Answer, waived: Sequence[Waived], today: date) -> list[str]:
    """Return one line for each problem."""
    problems, used = [], set()
    for package, ids in answer.vulnerable:
        name = package.split()[0]
        entry = next((entry for entry in waived if entry.id in ids and entry.package == name), None)
        if entry is None:
            problems.append(f"{package} is vulnerable: {', '.join(sorted(ids))}")
        elif entry.until < today:
            problems.append(f"{package} is vulnerable: {entry.id}; its exception ran out on {entry.until}")
        used.add(entry)
    known = {entry.package for entry in waived} - set(answer.unknown)
    problems += [
        f"the exception {entry.id} of {entry.package} is needed no more: remove it"
        for entry in waived
        if entry not in used and entry.package in known
    ]
    return problems


def usable(extra: Sequence[str]) -> None:
    """Raise `Unreachable` if the service calls a package sound that is known to be vulnerable."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "requirements.txt"
        probe.write_text(f"{KNOWN_BAD}\n")
        if not ask(probe, extra).vulnerable:
            raise Unreachable(f"it does not know of the vulnerabilities of {KNOWN_BAD}")


def loudly(lines: Sequence[str]) -> None:
    """Print lines that nobody can take for a pass."""
    bar = "!" * 100
    print(bar, *(f"!! {line}" for line in lines), bar, sep="\n", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the lock files; return the exit status."""
    parser = argparse.ArgumentParser(description="audit the locked dependencies")
    parser.add_argument("--strict", action="store_true", help="fail where nothing could be asked")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS)
    parser.add_argument("--osv-url", help="another advisory service that speaks as OSV does")
    parser.add_argument("locks", nargs="*", type=Path, default=[Path(name) for name in LOCKS])
    options = parser.parse_args(arguments)
    extra = ["--vulnerability-service", "osv", "--osv-url", options.osv_url] if options.osv_url else []
    waived = exceptions(options.exceptions)
    if importlib.util.find_spec("pip_audit") is None:
        sys.exit("audit: pip-audit is not installed here: make dev")
    try:
        usable(extra)
    except (Unreachable, subprocess.TimeoutExpired) as error:
        loudly(["DEPENDENCIES NOT AUDITED: no advisory service answers here.", f"Why: {error}",
                "Run `make audit` where there is one; nothing is known about the locked dependencies."])  # fmt: skip
        return 3 if options.strict else 0
    try:
        answers = [ask(lock, extra) for lock in options.locks]
    except (Unreachable, subprocess.TimeoutExpired) as error:  # the service has just answered
        sys.exit(f"audit: the lock files could not be audited: {error}")
    answer = Answer(
        sorted({package for answer in answers for package in answer.vulnerable}, key=str),
        sorted({name for answer in answers for name in answer.unknown}),
    )
    problems = judge(answer, waived, datetime.now(UTC).date())
    if answer.unknown:
        loudly([f"NOT AUDITED, since the advisory service does not know them: {', '.join(answer.unknown)}"])
    print(*problems, sep="\n", end="\n" if problems else "")
    accepted = f", {len(waived)} exception{'' if len(waived) == 1 else 's'}"
    print(f"audit: {len(problems)} wrong{accepted}, {len(answer.unknown)} packages unknown to the service.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

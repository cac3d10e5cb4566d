"""Ask whether a locked dependency has a known vulnerability: `make audit`, and `.ci/run`.

pip-audit asks the advisory service; its answer is read here, since it also says "no known vulnerabilities" of packages
that the service knows nothing about. First comes one package with advisories of many years: where that one is called
sound, the service cannot be believed, and is not asked about the others.

Exit status: 0 sound, or (said loudly) nothing could be asked; 1 vulnerable, an exception that has run out or is needed
no more, no pip-audit here, or a lock file that it cannot read; with `--strict`, 3 where nothing could be asked.
Exceptions stand in `audit-exceptions.toml`.
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


@dataclass(frozen=True)
class Waived:
    """A vulnerability that is lived with until a day, and why."""

    id: str
    package: str
    reason: str
    until: date


@dataclass(frozen=True)
class Told:
    """What the service said: findings as (package and version, ids), and the packages it knows nothing of."""

    found: list[tuple[str, frozenset[str]]]
    unknown: list[str]


class Unreachable(Exception):
    """The service did not answer."""


def ask(requirements: Path, extra: Sequence[str]) -> Told:
    """Run pip-audit over a file of pinned requirements."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--disable-pip", "--no-deps"]
    command += ["--format", "json", "--aliases", "on", "--progress-spinner", "off", *extra]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        raise Unreachable(lines[-1] if lines else f"pip-audit ended with status {done.returncode}") from None
    found, unknown = [], []
    for each in answer["dependencies"]:
        if "skip_reason" in each:
            unknown.append(each["name"])
            continue
        for one in each["vulns"]:
            found.append((f"{each['name']} {each['version']}", frozenset([one["id"], *one["aliases"]])))
    return Told(found, unknown)


def exceptions(path: Path) -> list[Waived]:
    """The vulnerabilities that are lived with. A missing reason or day is an error."""
    entries = tomllib.loads(path.read_text()).get("exception", [])
    return [Waived(each["id"], each["package"], each["reason"], each["until"]) for each in entries]


def judge(told: Told, waived: Sequence[Waived], today: date) -> list[str]:
    """What is wrong, a line each."""
    wrong, used = [], set()
    for package, ids in told.found:
        entry = next((each for each in waived if each.id in ids and each.package == package.split()[0]), None)
        if entry is None:
            wrong.append(f"{package} is vulnerable: {', '.join(sorted(ids))}")
        elif entry.until < today:
            wrong.append(f"{package} is vulnerable: {entry.id}; its exception ran out on {entry.until}")
        used.add(entry)
    known = {each.package for each in waived} - set(told.unknown)
    wrong += [
        f"the exception {each.id} of {each.package} is needed no more: remove it"
        for each in waived
        if each not in used and each.package in known
    ]
    return wrong


def usable(extra: Sequence[str]) -> None:
    """Raise `Unreachable` where the service calls sound what is known to be vulnerable."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "requirements.txt"
        probe.write_text(f"{KNOWN_BAD}\n")
        if not ask(probe, extra).found:
            raise Unreachable(f"it does not know of the vulnerabilities of {KNOWN_BAD}")


def loudly(lines: Sequence[str]) -> None:
    """Say it so that nobody takes it for a pass."""
    bar = "!" * 100
    print(bar, *(f"!! {line}" for line in lines), bar, sep="\n", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the lock files; the exit status."""
    parser = argparse.ArgumentParser(description="audit the locked dependencies")
    parser.add_argument("--strict", action="store_true", help="fail where nothing could be asked")
    parser.add_argument("--exceptions", type=Path, default=EXCEPTIONS)
    parser.add_argument("--osv-url", help="another advisory service that speaks as OSV does")
    parser.add_argument("locks", nargs="*", type=Path, default=[Path(name) for name in LOCKS])
    given = parser.parse_args(arguments)
    extra = ["--vulnerability-service", "osv", "--osv-url", given.osv_url] if given.osv_url else []
    waived = exceptions(given.exceptions)
    if importlib.util.find_spec("pip_audit") is None:
        sys.exit("audit: pip-audit is not installed here: make dev")
    try:
        usable(extra)
    except (Unreachable, subprocess.TimeoutExpired) as error:
        loudly(["DEPENDENCIES NOT AUDITED: no advisory service answers here.", f"Why: {error}",
                "Run `make audit` where there is one; nothing is known about the locked dependencies."])  # fmt: skip
        return 3 if given.strict else 0
    try:
        answers = [ask(lock, extra) for lock in given.locks]
    except (Unreachable, subprocess.TimeoutExpired) as error:  # the service has just answered
        sys.exit(f"audit: the lock files could not be audited: {error}")
    told = Told(
        sorted({each for answer in answers for each in answer.found}, key=str),
        sorted({name for answer in answers for name in answer.unknown}),
    )
    wrong = judge(told, waived, datetime.now(UTC).date())
    if told.unknown:
        loudly([f"NOT AUDITED, since the advisory service does not know them: {', '.join(told.unknown)}"])
    print(*wrong, sep="\n", end="\n" if wrong else "")
    lived = f", {len(waived)} exception{'' if len(waived) == 1 else 's'}"
    print(f"audit: {len(wrong)} wrong{lived}, {len(told.unknown)} packages unknown to the service.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

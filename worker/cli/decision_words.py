"""Says in words what a person decided: what it is about, what was before it, and what is since."""

from collections.abc import Mapping
from typing import Any, NamedTuple

WORDS = 60
"""Show at most so many characters of a quotation."""
NOBODY = "nobody known"
A_FORGOTTEN = "a name that was forgotten"
"""Names go when the last article that has them is forgotten; the decision stays."""
FORGOTTEN_WORDS = "words that were forgotten"
A_QUOTATION, NO_QUOTATION = "a quotation", "no quotation"


class Change(NamedTuple):
    """What a decision is about, what was before it (empty if that is not known), and what is since."""

    about: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change on one line."""
        since = f"{self.before} → {self.after}" if self.before else self.after
        return f"{self.about}: {since}" if since else self.about


def change_of(row: Mapping[str, Any]) -> Change:
    """Return the change of a row of `worker.cli.decisions.DECISIONS`."""
    kind, value = row["kind"], row["value"]
    if kind in ("set_speaker", "no_speaker", "reject", "accept", "restore"):
        return of_quote(row)
    if kind in ("recut", "add"):
        return of_words(row)
    if kind == "undo":
        return Change(f"decision {row['undoes']}", "", "taken back")
    if kind == "merge":
        return Change("speaker", called(row["speaker"], row["speaker_id"]), called(row["other"], row["other_id"]))
    if kind == "rename":
        return Change(f"speaker {row['speaker_id']}", row["earlier"] or "", value.get("name") or A_FORGOTTEN)
    if kind == "split" and "refused" in value:
        two = f"{called(row['other'], row['other_id'])} and {called(row['speaker'], row['speaker_id'])}"
        return Change(two, "", "two speakers")
    if kind == "split":
        names = f"“{', '.join(value['names'])}”" if value["names"] else A_FORGOTTEN
        return Change(names, called(row["other"], row["other_id"]), called(row["speaker"], row["speaker_id"]))
    if kind == "import":
        return Change(f"list {value.get('file') or ''}".strip(), "", "imported")
    if kind == "forget":
        return Change(forgotten(value), "", "forgotten")
    return Change(f"{kind} of quote {row['quote_id']}" if row["quote_id"] else kind, "", "")


def of_words(row: Mapping[str, Any]) -> Change:
    """Return the change of a decision about where a quotation begins and ends."""
    said = cut(" […] ".join(row["value"].get("words") or ()))
    return Change(f"quote {row['quote_id']}", NO_QUOTATION if row["kind"] == "add" else "", said or FORGOTTEN_WORDS)


def cut(words: str) -> str:
    """Return the first `WORDS` characters of a quotation in quotation marks; an empty text for no words."""
    return f"“{words[:WORDS]}{'…' if len(words) > WORDS else ''}”" if words else ""


def of_quote(row: Mapping[str, Any]) -> Change:
    """Return the change of a decision about a quotation."""
    kind, value = row["kind"], row["value"]
    about = f"quote {row['quote_id']} {cut(value.get('text') or '')}".rstrip()
    if kind == "reject":
        return Change(about, A_QUOTATION, NO_QUOTATION)
    if kind in ("accept", "restore"):
        return Change(about, "", A_QUOTATION)
    named = [speaker["name"] for speaker in (value.get("machine") or {}).get("speakers", ())]
    source = f"({row['source_text']})" if row["source_text"] else NOBODY
    before = row["earlier"] or " & ".join(named) or source
    return Change(about, before, NOBODY if kind == "no_speaker" else value.get("name") or A_FORGOTTEN)


def called(name: str | None, number: int | None) -> str:
    """Return a speaker by name and number; a speaker of whom everything was forgotten has only a number."""
    return f"{name} ({number})" if name else f"speaker {number}"


def forgotten(value: Mapping[str, Any]) -> str:
    """Return what was forgotten. Of an outlet only the hash of the name is kept."""
    if "article" in value:
        return f"article {value['article']}"
    if "file" in value:
        return f"file {value['file']}"
    return "an outlet" if "outlet" in value else "what a list of hashes names"

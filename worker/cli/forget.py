"""`onrecord forget`: removes the articles of a file or an outlet, or one article, and keeps them out from then on."""

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, write_line
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint, remove_error_files
from worker.cli.options import CORRECT, ReasonOption, from_one
from worker.cli.output import output_path, written
from worker.cli.plural import counted
from worker.cli.progress import progress_bar
from worker.report.printable import printable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from worker.cli.named_file import NamedFile
    from worker.store.forgettable import OtherFile

NAMED = 5
"""At most this many other files are named."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a command would remove: the sentences for the person, and the decision that starts it."""

    sentences: Sequence[str]
    mark: "Callable[[Connection, str, str], int]"
    copies: Sequence[str] = ()
    files: "Sequence[NamedFile]" = field(default_factory=tuple)


def forget(
    reason: ReasonOption = "",
    article: Annotated[
        int | None, typer.Option("--article", metavar="INTEGER", parser=from_one, help="This article_id.")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="All articles of the file at exactly this path below its inbox.")
    ] = None,
    outlet: Annotated[str | None, typer.Option("--outlet", help="All articles of this outlet.")] = None,
    again: Annotated[
        Path | None,
        typer.Option("--again", help="What was forgotten before: the forgotten.jsonl of a HOME, or a copy."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", parser=output_path, metavar="FILE", help="Write what was forgotten, for --again."),
    ] = None,
    archived: Annotated[bool, typer.Option("--archived", help="With --file: its copy in the archive, too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove articles and their quotes for good.

    The same text is not stored again, unless the decision is undone. Your files are not touched. An interrupted
    removal goes on by itself; the same command shows how far it is.
    """
    if sum(option is not None for option in (article, file, outlet, again, save)) != 1:
        raise Complaint(
            "Say what to forget.", "Give one of --article N, --file F, --outlet O, --again FILE, --save FILE."
        )
    if save is not None:
        save_marks(save)
        return
    if again is not None:
        forget_again(again, reason)
        return
    if archived and file is None:
        raise Complaint("--archived needs --file.", "Say which file's copy in the archive to delete.")
    if not reason.strip():
        raise Complaint("A decision needs a reason.", 'Say why: --reason "asked for by the person quoted"')
    subject = f"article {article}" if article else f"file {file}" if file else f"outlet {outlet}"
    if not yes and not sys.stdin.isatty():
        raise Complaint(f"There is no terminal to ask whether to remove {subject}.", "Add --yes to remove it.")
    with owner_engine() as engine:
        with engine.connect() as connection:
            plan = plan_for(connection, article, file, outlet)
        for sentence in plan.sentences:
            remark(sentence)
        if not yes and not typer.confirm(printable(f"Remove {subject} and all its quotes?")):
            raise typer.Exit(1)
        carry_out(engine, plan, reason.strip())
        if archived:
            remove_archived(plan.files)


def save_marks(file: Path) -> None:
    """Write the marks in force, for `--again` on another database. They are hashes, and hold no words."""
    from worker.backups import marks_file
    from worker.store import marks

    number = 0
    with written(file, private=True) as out, owner_engine() as engine, engine.connect() as connection:
        for mark in marks.every(connection):
            out.write(marks_file.written(mark, lifted=False))
            number += 1
    if file.is_file():
        write_line(f"{file}: {counted(number, 'mark')}. `onrecord forget --again {file}` applies them.")


def forget_again(file: Path, reason: str) -> None:
    """Apply the marks of a file, and remove what has them."""
    from worker.cli import kept_marks
    from worker.cli.signature import user_name
    from worker.decisions import forgetting
    from worker.store import marks, vacuuming

    kept_marks.kept_in()  # complains about a HOME that cannot be used before anything is decided
    again = kept_marks.read(file)
    with owner_engine() as engine:
        decision = forgetting.apply_marks(
            engine, again, who=user_name(), reason=reason.strip() or f"forgotten before: {file.name}"
        )
        with_progress(engine)
        kept_marks.keep(engine)
        if decision is None:
            print("All of it is forgotten already.")
            return
        with engine.connect() as connection:
            articles = marks.count_texts(connection, decision)
        write_line(f"{counted(articles, 'text')} forgotten (decision {decision}); your files were not touched.")
        vacuuming.vacuum(engine)


def plan_for(connection: "Connection", article: int | None, file: str | None, outlet: str | None) -> Plan:
    """Look up what is to be forgotten. Complain if it does not exist."""
    if article is not None:
        return plan_article(connection, article)
    if file is not None:
        return plan_file(connection, file)
    return plan_outlet(connection, outlet or "")


def plan_article(connection: "Connection", article: int) -> Plan:
    """Return the plan for one article, with all documents that carry it."""
    from worker.decisions import forgetting
    from worker.store import forgettable

    names = called(connection, forgettable.files_of_article(connection, article, NAMED + 1))
    hold = "hold" if len(names) > 1 else "holds"
    sentence = f"This removes article {article}" + (f", which {listed(names)} {hold}." if names else ".")
    return Plan(
        [sentence],
        lambda connection, who, reason: forgetting.forget_article(connection, article, who=who, reason=reason),
    )


def plan_file(connection: "Connection", file: str) -> Plan:
    """Return the plan for every version of one file."""
    from worker.cli import named_file
    from worker.decisions import forgetting
    from worker.decisions.forgetting import FileVersion
    from worker.store import forgettable

    found = named_file.find(connection, file)
    rows = [version.id for version in found.versions]
    taken = forgettable.of_files(connection, rows)
    members = forgettable.members_of(connection, rows)
    sentences = [f"This removes {counted(taken.articles, 'article')}: {found.name} has {counted(members, 'member')}."]
    same = called(connection, forgettable.files_with_same_bytes(connection, rows, NAMED + 1))
    if same:
        sentences.append(f"The same bytes are stored once, so they go from {listed(same)} too.")
    copies = called(connection, forgettable.files_with_same_text(connection, rows, NAMED + 1))

    def mark(connection: "Connection", who: str, reason: str) -> int:
        # Not searched by a name again: an absolute path inside two inboxes would mean the file of the inner one.
        again = forgettable.versions(connection, found.inbox.id, found.shown)
        versions = [FileVersion(version.id, version.sha256) for version in again]
        return forgetting.forget_file(connection, found.name, versions, who=who, reason=reason)

    return Plan([*sentences, *map(held_by, copies[:NAMED])], mark, copies, [found])


def plan_outlet(connection: "Connection", outlet: str) -> Plan:
    """Return the plan for an outlet."""
    from worker.decisions import forgetting
    from worker.store import forgettable
    from worker.store.catalogue import outlet_key

    taken = forgettable.of_outlet(connection, outlet_key(outlet))
    return Plan(
        [f"This removes {counted(taken.articles, 'article')} of {outlet.strip()}, and keeps later ones out."],
        lambda connection, who, reason: forgetting.forget_outlet(connection, outlet, who=who, reason=reason),
    )


def called(connection: "Connection", files: "Sequence[OtherFile]") -> list[str]:
    """Return what to type for each of some files."""
    from worker.cli.named_file import shortest

    return [shortest(connection, file.inbox, file.shown) for file in files]


def held_by(copy: str) -> str:
    """Return the sentence that another file keeps a text."""
    return f"{copy} holds the same text; forget it too with onrecord forget --file {shlex.quote(copy)}"


def carry_out(engine: "Engine", plan: Plan, reason: str) -> None:
    """Mark first, then remove, with progress on the terminal; then vacuum the tables."""
    from worker.cli import kept_marks
    from worker.cli.signature import user_name
    from worker.decisions.deciding import decide
    from worker.store import forgetting, marks, vacuuming

    kept_marks.kept_in()  # complains about a HOME that cannot be used before anything is decided
    decision = decide(engine, lambda connection: plan.mark(connection, user_name(), reason))
    try:
        kept_marks.keep(engine)
        with_progress(engine)
        kept_marks.keep(engine)  # the removal has marked the documents of a file or of an outlet
    except KeyboardInterrupt:
        raise Complaint(
            f"Stopped. Decision {decision} is in force: nothing of it is stored any more.",
            "What is left is removed in the background while `onrecord up` runs, or by the same command.",
            130,
        ) from None
    with engine.connect() as connection:
        articles = marks.count_texts(connection, decision)
        unread = forgetting.waits_unread(connection, decision)
    write_line(f"{counted(articles, 'article')} forgotten (decision {decision}); your files were not touched.")
    if unread:
        remark("It was not read yet. Once it is read, its content is kept out, too.")
    for copy in plan.copies[:NAMED]:
        remark(held_by(copy))
    if len(plan.copies) > NAMED:
        remark("More files hold the same text; the command above names some, and then the next.")
    if files := remove_error_files():
        remark(f"Deleted {counted(files, 'file')} that earlier errors of commands had left in the temporary folder.")
    ended = vacuuming.vacuum(engine)
    if ended.only_vacuumed:
        remark(
            f"PostgreSQL's files still hold the deleted bytes of {', '.join(ended.only_vacuumed)} until it uses their"
            " space again; docs/how-to.md (Forget) says how to clear them at once."
        )
    if ended.left_out:
        remark(
            f"Could not vacuum {', '.join(ended.left_out)}: in use, or not ours. The deleted rows stay in the files of"
            " PostgreSQL until it vacuums by itself; nobody can query them."
        )


def with_progress(engine: "Engine") -> None:
    """Remove, with a progress bar if standard error is a terminal."""
    from worker.decisions import forgetting

    with progress_bar() as bar:
        task = bar.add_task("removing documents", total=None)
        forgetting.remove(engine, lambda done, total: bar.update(task, completed=done, total=total))


def remove_archived(files: "Sequence[NamedFile]") -> None:
    """Delete the copies of forgotten files from the archive, and say what was done."""
    from worker.intake.disposal import remove_from_archive
    from worker.settings import settings

    archive = settings().archive
    if archive is None:
        raise Complaint("No archive folder is set, so no copy was deleted.", "Set ONRECORD_ARCHIVE, and run it again.")
    for file in files:
        for version in file.versions:
            if version.archived and version.sha256 is not None:
                removed = remove_from_archive(archive / file.inbox.name, version.path, version.sha256, version.id)
                what = "deleted from the archive" if removed else "not in the archive any more"
                remark(f"{file.shown} (version {version.id}): {what}.")


def listed(names: Sequence[str]) -> str:
    """Return a few names as part of a sentence."""
    return ", ".join([*names[:NAMED], *(["and others"] if len(names) > NAMED else [])])


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=CORRECT)(forget)

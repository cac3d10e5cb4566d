"""`onrecord quotes`: finds quotes without SQL, and corrects single quotes."""

from typing import Annotated

import typer

from worker.cli.answers import remark, remark_on_limit, write_answer
from worker.cli.connection import reader_login
from worker.cli.errors import Complaint
from worker.cli.narrowing import (
    BehalfOption,
    CandidatesOption,
    ConfidenceOption,
    CueOption,
    FileOption,
    KindOption,
    OutletOption,
    SearchOption,
    SpeakerOption,
    narrowed,
)
from worker.cli.options import ASK, ReasonOption, SinceOption, UntilOption, from_one
from worker.cli.saving import OutputOption, SavedFormOption, SavedLimitOption, most_rows, save
from worker.report.render import RowFormat

WordsOption = Annotated[str, typer.Option("--words", "-w", help="The words, as the article has them.")]
AtOption = Annotated[
    int | None,
    typer.Option("--at", min=0, help="Where they begin, counted in characters from 0, if they stand several times."),
]


def quotes(
    context: typer.Context,
    speaker: SpeakerOption = None,
    search: SearchOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OutletOption = None,
    kind: KindOption = None,
    file: FileOption = None,
    confidence: ConfidenceOption = None,
    cue: CueOption = None,
    behalf: BehalfOption = None,
    candidates: CandidatesOption = False,
    limit: SavedLimitOption = None,
    form: SavedFormOption = None,
    output: OutputOption = None,
) -> None:
    """Who said what: the newest first, or with --search the best match first.

    A speaker in brackets is a source without a known name; the cue says how it was said ("denied"). `quotes fix`
    corrects one quote, and `quotes accept` shows a candidate in reports. Undated articles come last; --since and
    --until take the day on which they were stored.
    """
    if context.invoked_subcommand is not None:
        return
    question = narrowed(
        speaker=speaker,
        search=search,
        since=since,
        until=until,
        outlet=outlet,
        kind=kind,
        file=file,
        confidence=confidence,
        cue=cue,
        behalf=behalf,
        candidates=candidates,
        limit=most_rows(limit, output),
    )
    if output is not None:
        noun = "candidates" if candidates else "quotes"
        save(*question.whole(), output, form, noun=noun, view=noun)
        return
    form = form or RowFormat.TABLE
    statement, parameters = question.statement(brief=form in (RowFormat.TABLE, RowFormat.WIDE))
    with reader_login() as reader:
        count = write_answer(reader, statement, parameters, form)
    if not count and candidates:
        remark("No candidate answers to that.")
    elif not count:
        remark("No quote answers to that. `onrecord speakers list` and `onrecord report outlets` show the names.")
    remark_on_limit(count, question.limit)


def fix(
    quote: Annotated[int, typer.Argument(metavar="ID", help="The quote_id.", parser=from_one)],
    reason: ReasonOption,
    speaker: Annotated[
        str | None, typer.Option("--speaker", "-s", help="Who said it: a name or number; a new name makes a speaker.")
    ] = None,
    body: Annotated[bool, typer.Option("--body", help="If the speaker is new: it is a body, not a person.")] = False,
    no_speaker: Annotated[bool, typer.Option("--no-speaker", help="No known speaker said it.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is no quotation.")] = False,
) -> None:
    """Correct one quote; the correction is applied again after each re-processing."""
    if (speaker is not None) + no_speaker + reject != 1:
        raise Complaint("Say what is right.", "Give one of --speaker NAME, --no-speaker and --reject.")
    from worker.cli import decide

    if speaker is not None:
        decide.set_speaker(quote, speaker, reason, body=body)
    elif no_speaker:
        decide.no_speaker(quote, reason)
    else:
        decide.reject(quote, reason)


def accept(
    quote: Annotated[int, typer.Argument(metavar="ID", help="The quote_id.", parser=from_one)],
    reason: ReasonOption,
) -> None:
    """Say that a quote is a quotation: reports show it from now on, whatever its confidence is."""
    from worker.cli import decide

    decide.accept(quote, reason)


def recut(
    quote: Annotated[int, typer.Argument(metavar="ID", help="The quote_id.", parser=from_one)],
    reason: ReasonOption,
    words: WordsOption,
    at: AtOption = None,
) -> None:
    """Say which words a quote has, if it begins or ends elsewhere."""
    from worker.cli import decide

    decide.recut(quote, words, at, reason)


def add(
    article: Annotated[int, typer.Argument(metavar="ARTICLE", help="The article_id.", parser=from_one)],
    reason: ReasonOption,
    words: WordsOption,
    at: AtOption = None,
    speaker: Annotated[
        str | None, typer.Option("--speaker", "-s", help="Who said it: a name or number; a new name makes a speaker.")
    ] = None,
    body: Annotated[bool, typer.Option("--body", help="If the speaker is new: it is a body, not a person.")] = False,
) -> None:
    """Say that words of an article are a quotation that was missed."""
    from worker.cli import decide

    decide.add(article, words, at, speaker, reason, body=body)


def register(app: typer.Typer) -> None:
    """Add the command and its sub-command."""
    group = typer.Typer(invoke_without_command=True, callback=quotes)
    group.command()(fix)
    for command in (accept, recut, add):
        group.command()(command)
    app.add_typer(group, name="quotes", rich_help_panel=ASK)

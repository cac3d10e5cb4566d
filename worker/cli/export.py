"""`onrecord export`: writes quotations that the same options narrow as in `onrecord quotes`, or other whole views."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from worker.cli.answers import remark
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
from worker.cli.options import ASK, SinceOption, UntilOption
from worker.cli.output import STANDARD, output_path, written
from worker.cli.saving import ENDINGS, save
from worker.report.file_format import FileFormat
from worker.report.question import Question


class ExportView(StrEnum):
    """The views that can be exported; what dbt needs to know of them; and gold: what people decided about quotes."""

    QUOTES = "quotes"
    CANDIDATES = "candidates"
    ARTICLES = "articles"
    FILES = "files"
    STATEMENTS = "statements"
    SPEAKERS = "speakers"
    DBT_SOURCES = "dbt-sources"
    GOLD = "gold"


def export(
    view: Annotated[ExportView, typer.Argument(help="What to export.")] = ExportView.QUOTES,
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", "-f", help="Which file format; without it, what the ending of FILE says, or csv."),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=output_path,
            help=f"The file to write ({ENDINGS}); it is replaced when the new one is complete. -: stdout.",
        ),
    ] = STANDARD,
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
    exact: Annotated[bool, typer.Option("--exact", help="CSV without the guard against formulas.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with a mark by which Excel reads it as UTF-8.")] = False,
) -> None:
    """Write quotes, with every column, or another whole view to a file.

    The options that narrow quotes are those of `onrecord quotes`. Rows are streamed, so many rows need no more memory
    than few. In CSV, text that a spreadsheet would run as a formula gets an apostrophe before it, unless --exact is
    given. The other formats are always exact. XLSX has a sheet that says what the columns mean.

    dbt-sources is no view: it is a file that tells dbt the views, their columns and what they mean. Nor is gold: what
    people accepted, corrected and rejected, as JSON lines for `onrecord eval`, `calibrate` and training.
    """
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
        candidates=candidates or view is ExportView.CANDIDATES,
    )
    if view is ExportView.DBT_SOURCES:
        if question != Question() or file_format or exact or bom:
            raise Complaint("dbt-sources is one file of YAML about all views.", "Give it --output alone.", code=2)
        write_dbt_sources(output)
        return
    if view in (ExportView.QUOTES, ExportView.CANDIDATES):
        view = ExportView.CANDIDATES if question.candidates else ExportView.QUOTES
        statement, parameters = question.whole()
    elif question != Question():
        raise Complaint(f"Only quotes can be narrowed, not {view.value}.", "Leave the options out.", code=2)
    elif view is ExportView.GOLD:
        from worker.cli.gold import save_gold

        save_gold(output, file_format, is_styled=exact or bom)
        return
    else:
        from worker.report.export import whole_view

        statement, parameters = whole_view(view.value), {}
    save(
        statement,
        parameters or None,
        output,
        file_format,
        noun=view.value,
        view=view.value,
        exact=exact,
        has_mark=bom,
    )


def write_dbt_sources(output: Path) -> None:
    """Write what dbt needs to know of the views; say where it is."""
    from worker.report.catalogue import everything
    from worker.report.dbt import sources

    with written(output) as file, reader_login() as reader:
        file.write(sources(everything(reader)).encode())
    if output != STANDARD:
        remark(f"The sources for dbt are in {output}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(export)

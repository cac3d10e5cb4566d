"""The options that narrow quotations: `onrecord quotes` and `onrecord export` have the same."""

from typing import Annotated

import typer

from worker.cli.options import QuoteKind
from worker.report import day
from worker.report.question import Question

SpeakerOption = Annotated[
    str | None, typer.Option("--speaker", "-s", help="Who said it: any form of a name, or a part of it.")
]
SearchOption = Annotated[
    str | None, typer.Option("--search", metavar="TEXT", help='Words in it: talks -nuclear "sunset clause".')
]
OutletOption = Annotated[str | None, typer.Option("--outlet", help="Who printed it, or part of its name.")]
KindOption = Annotated[QuoteKind | None, typer.Option("--kind", "-k", help="The kind of quotation.")]
FileOption = Annotated[str | None, typer.Option("--file", help="The file it came in.")]
ConfidenceOption = Annotated[
    float | None, typer.Option("--confidence", metavar="0-1", min=0, max=1, help="Only if it is at least so sure.")
]
CueOption = Annotated[str | None, typer.Option("--cue", help='How it was said, or part of it: "denied".')]
BehalfOption = Annotated[
    str | None, typer.Option("--for", metavar="NAME", help="For whom an unnamed source speaks, or part of the name.")
]
CandidatesOption = Annotated[
    bool, typer.Option("--candidates", help="Those below the floor of confidence, which reports leave out.")
]


def narrowed(
    *,
    speaker: str | None,
    search: str | None,
    since: str | None,
    until: str | None,
    outlet: str | None,
    kind: QuoteKind | None,
    file: str | None,
    confidence: float | None,
    cue: str | None,
    behalf: str | None,
    candidates: bool,
    limit: int = 0,
) -> Question:
    """Return the question that the options ask. Raises `NotADay`."""
    return Question(
        speaker=speaker,
        search=search,
        since=day.since(since) if since else None,
        until=day.until(until) if until else None,
        outlet=outlet,
        kind=kind.value if kind else None,
        file=file,
        confidence=confidence,
        cue=cue,
        behalf=behalf,
        candidates=candidates,
        limit=limit,
    )

"""`onrecord calibrate`: fits the confidence to what people decided, as `onrecord export gold` writes it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, write_line
from worker.cli.errors import Complaint
from worker.cli.evaluate import write_rows
from worker.cli.options import ASK
from worker.cli.output import STANDARD, output_path, written
from worker.cli.plural import counted
from worker.cli.progress import progress_bar

if TYPE_CHECKING:
    from worker.evaluation.calibration import Samples


def calibrate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD.jsonl…", help="What `onrecord export gold` wrote.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=output_path,
            help="The file for the fit, which ONRECORD_CERTAINTY names. -: stdout.",
        ),
    ] = STANDARD,
) -> None:
    """Fit the confidence to gold, and write the fit if it is better than the model's. It needs no database.

    Each fifth of the articles is judged by a fit on the others. Only confidence changes: the extractor finds the same
    quotations. Set ONRECORD_CERTAINTY to the file for all workers; it holds for articles that are read from then on.
    """
    from worker.evaluation.calibration import TooLittle, demand_enough, fit, loss, loss_left_out
    from worker.extract.model.certainty import fitted
    from worker.extract.model.own_fit import fit_as_text

    samples = samples_in(gold)
    try:
        demand_enough(samples)
    except TooLittle as error:
        raise Complaint(str(error), "Decide about more quotations, and export the gold again.") from None
    shipped, own = loss(samples, fitted()), loss_left_out(samples, fitted())
    tell = write_line if output != STANDARD else remark
    right, articles = int(samples.right.sum()), len(set(samples.articles.tolist()))
    tell(
        f"{counted(len(samples.right), 'quotation')} that people looked at, in {counted(articles, 'article')}:"
        f" {right} right, {len(samples.right) - right} wrong."
    )
    tell(f"Log loss: {shipped:.3f} with the model's fit, {own:.3f} with one on the other articles.")
    if own >= shipped:
        raise Complaint("A fit of your own would be no better here, so none was written.", "Keep the model's.")
    best = fit(samples, fitted())
    if output != STANDARD:
        show(samples, best.weights)
    made_of = {"articles": articles, "quotations": len(samples.right), "right": right}
    with written(output) as file:
        file.write(fit_as_text(best, made_of).encode())
    if output != STANDARD:
        remark(f"The fit is in {output}. Set ONRECORD_CERTAINTY={output} for all workers, and start them again.")


def samples_in(gold: list[Path]) -> "Samples":
    """Run the extractor over the articles of gold files; return its evidence, and which quotations are right."""
    from worker.evaluation.calibration import samples_of, together
    from worker.evaluation.gold import read_gold
    from worker.waiting import waiting_for

    articles = [article for path in gold for article in read_gold(path)]
    with waiting_for("the extractor to read the articles"), progress_bar() as bar:
        return together([samples_of(article) for article in bar.track(articles, description="reading articles")])


def show(samples: "Samples", weights: tuple[float, ...]) -> None:
    """Print, for some confidences, how many quotations had them and will have them, and how many of these are right."""
    import numpy as np

    from worker.evaluation.calibration import confidences
    from worker.extract.model.certainty import fitted

    rows = []
    before, after = (
        confidences(samples.rows @ np.array(each), fitted().errors_elsewhere)[0] for each in (fitted().weights, weights)
    )
    for least in (0.9, 0.7, 0.5, 0.0):
        cells = [f"≥ {least}" if least else "all"]
        for shares in (before, after):
            cells.append(f"{int(samples.right[shares >= least].sum())} of {int((shares >= least).sum())}")
        rows.append(cells)
    write_rows(("confidence", "right, model's fit", "right, your fit"), rows)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel=ASK)(calibrate)

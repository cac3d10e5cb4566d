"""`onrecord eval`: compares the extractor with articles in which people marked the quotations."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.answers import write_line
from worker.cli.errors import Complaint
from worker.cli.options import ASK, from_zero
from worker.cli.output import STANDARD, output_path, written
from worker.cli.plural import counted
from worker.cli.progress import progress_bar
from worker.report.printable import printable_json

if TYPE_CHECKING:
    from worker.evaluation.comparison import Comparison
    from worker.evaluation.gold import GoldArticle
    from worker.evaluation.prediction import Prediction
    from worker.evaluation.reliability import Bin

WORST = 10


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Articles with marked quotations; may be gzipped.")
    ],
    score: Annotated[
        Path | None, typer.Option("--score", metavar="PRED", help="Score these predictions; run no extractor.")
    ] = None,
    speakers: Annotated[
        Path | None, typer.Option("--speakers", metavar="FILE", help="Who said each attribution, to judge the names.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(
            "--predictions",
            metavar="FILE",
            parser=output_path,
            help="Write the predictions, one line for each article; an existing file is replaced.",
        ),
    ] = None,
    flat: Annotated[bool, typer.Option("--flat", help="Turn every line break into a space first.")] = False,
    worst: Annotated[
        int, typer.Option("--worst", metavar="N", parser=from_zero, help="Show this many of the worst.")
    ] = WORST,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as one JSON object.")] = False,
) -> None:
    """Run the extractor over gold articles; print how often it is right, and the articles where it is worst."""
    from worker.evaluation.comparison import compare
    from worker.evaluation.gold import read_gold, with_speakers
    from worker.evaluation.prediction import read_predictions

    if score and predictions:
        raise Complaint("--score and --predictions exclude each other.", "Give one of them.")
    if predictions:
        refuse_for_predictions(predictions, [gold, *([speakers] if speakers else [])])
    articles = read_gold(gold)
    if speakers:
        articles = with_speakers(articles, speakers)
    if flat:
        articles = [article.flat() for article in articles]
    seconds = None
    if score:
        by_article = read_predictions(score, articles)
    else:
        by_article, seconds = predict_all(articles, predictions)
    comparisons = [compare(article, by_article.get(article.doc)) for article in articles]
    if as_json:
        import json

        from worker.evaluation.result import result

        report = {**result(comparisons, worst), "cpu_seconds": seconds and round(seconds, 3)}
        print(printable_json(json.dumps(report, ensure_ascii=False)))
    else:
        show(comparisons, seconds, worst)


def refuse_for_predictions(file: Path, inputs: Sequence[Path]) -> None:
    """Raise `Complaint` if the predictions would be mixed with the figures, or would replace a file that is read."""
    if file == STANDARD:
        raise Complaint("The figures are printed to standard output, so the predictions cannot be.", "Name a file.")
    if any(file.exists() and read.exists() and file.samefile(read) for read in inputs):
        raise Complaint(f"The predictions would replace {file}, which is read.", "Name another file.")


def predict_all(articles: "Sequence[GoldArticle]", file: Path | None) -> "tuple[dict[str, Prediction], float]":
    """Run the extractor over the articles; return its predictions by `doc`, and the CPU seconds that it used.

    If `file` is given, the predictions are also written to it.
    """
    from worker.evaluation.predict import predict
    from worker.pipeline import extractor
    from worker.waiting import waiting_for

    confide = extractor.confide()
    by_article, seconds = {}, 0.0
    with ExitStack() as stack:
        stack.enter_context(waiting_for("the extractor to read the articles"))
        out = stack.enter_context(written(file)) if file else None
        for article in with_progress_bar(articles):
            start = time.process_time()
            prediction = predict(article, confide)
            seconds += time.process_time() - start
            by_article[article.doc] = prediction
            if out:
                out.write(prediction.model_dump_json().encode() + b"\n")
    return by_article, seconds


def with_progress_bar(articles: "Sequence[GoldArticle]") -> "Iterator[GoldArticle]":
    """Yield the articles, and show a progress bar if stderr is a terminal."""
    with progress_bar() as bar:
        yield from bar.track(articles, description="reading articles")


def show(comparisons: "Sequence[Comparison]", seconds: float | None, worst_count: int) -> None:
    """Print all measures as tables, and the `worst_count` articles with the most errors."""
    from worker.evaluation import names, reliability
    from worker.evaluation.figures import figures

    speed = f", {len(comparisons) / seconds:,.1f} articles per CPU-second" if seconds else ""
    write_line(f"{len(comparisons):,} article{'s' if len(comparisons) > 1 else ''}{speed}")
    if partial := [comparison for comparison in comparisons if comparison.article.partial]:
        write_line(
            f"Of {counted(len(partial), 'article')}, only what people looked at counts:"
            f" {counted(sum(len(comparison.gold) for comparison in partial), 'quotation')}, and"
            f" {sum(len(comparison.article.rejected) for comparison in partial)} that people rejected."
        )
    write_line()
    show_figures(figures(comparisons))
    if tables := reliability.tables(comparisons):
        show_reliability(tables)
    else:
        print("No stored quotation has a confidence, so there is no reliability table.\n")
    if name_figures := names.figures(comparisons):
        show_names(name_figures)
    if worst_count:
        show_worst(comparisons, worst_count)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table and an empty line to stdout."""
    from worker.report.table import write_table

    write_table(columns, rows, sys.stdout)
    print()


def percent(share: float | None) -> str:
    """Return a share as a percentage, five characters wide; a dash if there is no share."""
    return "    –" if share is None else f"{100 * share:5.1f}"


def show_figures(figures: dict[str, dict[str, Any]]) -> None:
    """Print precision, recall and F1 of every metric."""
    from worker.evaluation.figures import METRICS

    columns = ["per cent", *(f"{view} {short}" for view in figures for short in ("P", "R", "F1"))]
    rows = [
        (metric, *(percent(metrics[metric][rate]) for metrics in figures.values() for rate in ("p", "r", "f1")))
        for metric in METRICS
    ]
    write_rows(columns, rows)
    for view, metrics in figures.items():
        kinds = ", ".join(f"{kind} {100 * share:.1f}" for kind, share in metrics["recall by kind"].items())
        write_line(
            f"{view}: {metrics['gold']:,} gold, {metrics['pred']:,} stored;"
            f" source right in {100 * metrics['src acc']:.1f} %"
            f" of the matched{'; matched by kind: ' if kinds else ''}{kinds}"
        )
    print()


def show_reliability(tables: "dict[str, list[Bin]]") -> None:
    """Print for each range of confidence how many quotations were stored, and how many of these are right."""
    from worker.evaluation.reliability import SURE

    columns = ["confidence", *(name for view in tables for name in (f"{view} stored", "right", "%"))]
    *rows, sure = zip(*tables.values(), strict=True)
    write_rows(
        columns,
        [
            (interval(row[0]), *(cell for group in row for cell in (group.stored, group.right, percent(group.share))))
            for row in rows
        ],
    )
    summary = "; ".join(
        f"{view} {group.stored:,}, right {percent(group.share).strip()} %"
        for view, group in zip(tables, sure, strict=True)
    )
    write_line(f"≥ {SURE}: {summary}")
    write_line()


def interval(group: "Bin") -> str:
    """Return the range of confidences of a bin as people write it: `0.8–0.9`."""
    if group.ceiling is None:
        return f"≥ {group.floor}"
    return f"{group.floor}–{group.ceiling}" if group.floor else f"< {group.ceiling}"


def show_names(figures: dict[str, Any]) -> None:
    """Print how many named speakers are stored under their full name, for each way in which articles name them."""
    by_count = sorted(figures["recall"].items(), key=lambda item: -item[1][1])
    rows = [(kind, total, percent(share)) for kind, (share, total) in by_count]
    write_rows(("named by", "quoted attributions", "full name stored %"), rows)
    write_line(f"names: {100 * figures['precision']:.1f} % of those given are right")
    write_line()


def show_worst(comparisons: "Sequence[Comparison]", count: int) -> None:
    """Print the `count` articles with the most errors, and each difference between gold and stored quotations."""
    from worker.evaluation.differences import differences, errors, worst
    from worker.evaluation.excerpt import readable

    for rank, comparison in enumerate(worst(comparisons, count), start=1):
        counts = "; ".join(
            f"{name} {len(view.gold)} gold, {len(view.stored)} stored, {view.right} right"
            for name, view in (("all", comparison.all), ("quoted", comparison.quoted))
        )
        write_line(f"{rank}. {comparison.article.doc}: {errors(comparison)} errors ({counts})")
        for difference in differences(comparison):
            for line in readable(comparison.article.text, difference):
                write_line(f"   {line}")
        print()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval", rich_help_panel=ASK)(evaluate)

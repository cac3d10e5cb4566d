"""`onrecord eval`: how near the extractor is to what people marked."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.errors import Complaint
from worker.cli.options import ASK
from worker.report.printable import printable, printable_json

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
        Path | None, typer.Option("--speakers", metavar="FILE", help="Who said each attribution, for the names.")
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="FILE", help="Write what was predicted, a line an article.")
    ] = None,
    flat: Annotated[bool, typer.Option("--flat", help="Turn every line break into a space first.")] = False,
    worst: Annotated[int, typer.Option("--worst", metavar="N", min=0, help="Show this many of the worst.")] = WORST,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as one JSON object.")] = False,
) -> None:
    """Run the extractor over gold articles and print how right it is, and where it is worst."""
    from worker.evaluation.comparison import compare
    from worker.evaluation.gold import read_gold, with_speakers
    from worker.evaluation.prediction import read_predictions

    if score and predictions:
        raise Complaint("--score and --predictions exclude each other.", "Give one of them.")
    articles = read_gold(gold)
    if speakers:
        articles = with_speakers(articles, speakers)
    if flat:
        articles = [article.flat() for article in articles]
    seconds = None
    if score:
        found = read_predictions(score, articles)
    else:
        found, seconds = predicted(articles, predictions)
    comparisons = [compare(article, found.get(article.doc)) for article in articles]
    if as_json:
        import json

        from worker.evaluation.result import result

        told = {**result(comparisons, worst), "cpu_seconds": seconds and round(seconds, 3)}
        print(printable_json(json.dumps(told, ensure_ascii=False)))
    else:
        show(comparisons, seconds, worst)


def predicted(articles: "Sequence[GoldArticle]", file: Path | None) -> "tuple[dict[str, Prediction], float]":
    """What the extractor makes of the articles, written to `file` if one is named; the CPU seconds it took."""
    if file and not file.parent.is_dir():
        raise Complaint(f"There is no folder {file.parent}.", "Make it, or name another file.")
    from worker.evaluation.predict import predict
    from worker.report.export import whole_file

    found, seconds = {}, 0.0
    with ExitStack() as stack:
        out = stack.enter_context(whole_file(file)) if file else None
        for article in watched(articles):
            begun = time.process_time()
            prediction = predict(article)
            seconds += time.process_time() - begun
            found[article.doc] = prediction
            if out:
                out.write(prediction.model_dump_json().encode() + b"\n")
    return found, seconds


def watched(articles: "Sequence[GoldArticle]") -> "Iterator[GoldArticle]":
    """The articles, with a progress bar where stderr is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield from bar.track(articles, description="reading articles")


def show(comparisons: "Sequence[Comparison]", seconds: float | None, most: int) -> None:
    """Everything for people."""
    from worker.evaluation import names, reliability
    from worker.evaluation.figures import figures

    speed = f", {len(comparisons) / seconds:,.1f} articles per CPU-second" if seconds else ""
    print(f"{len(comparisons):,} article{'s' if len(comparisons) > 1 else ''}{speed}\n")
    show_figures(figures(comparisons))
    if tables := reliability.tables(comparisons):
        show_reliability(tables)
    else:
        print("No stored quotation has a confidence, so there is no reliability table.\n")
    if named := names.figures(comparisons):
        show_names(named)
    if most:
        show_worst(comparisons, most)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on stdout and an empty line."""
    from worker.report.render import write_table

    write_table(columns, rows, sys.stdout)
    print()


def percent(share: float | None) -> str:
    """A share in per cent, of a fixed width."""
    return "    –" if share is None else f"{100 * share:5.1f}"


def show_figures(figures: dict[str, dict[str, Any]]) -> None:
    """Precision, recall and F1 of every metric."""
    from worker.evaluation.figures import METRICS

    columns = ["per cent", *(f"{view} {short}" for view in figures for short in ("P", "R", "F1"))]
    rows = [
        (metric, *(percent(each[metric][rate]) for each in figures.values() for rate in ("p", "r", "f1")))
        for metric in METRICS
    ]
    write_rows(columns, rows)
    for view, each in figures.items():
        kinds = ", ".join(f"{kind} {100 * share:.1f}" for kind, share in each["recall by kind"].items())
        print(
            f"{view}: {each['gold']:,} gold, {each['pred']:,} stored; source right in {100 * each['src acc']:.1f} %"
            f" of the matched{'; matched by kind: ' if kinds else ''}{kinds}"
        )
    print()


def show_reliability(tables: "dict[str, list[Bin]]") -> None:
    """How many of each confidence are right."""
    from worker.evaluation.reliability import SURE

    columns = ["confidence", *(name for view in tables for name in (f"{view} stored", "right", "%"))]
    *rows, sure = zip(*tables.values(), strict=True)
    write_rows(
        columns,
        [
            (interval(row[0]), *(told for one in row for told in (one.stored, one.right, percent(one.share))))
            for row in rows
        ],
    )
    summary = "; ".join(
        f"{view} {one.stored:,}, right {percent(one.share).strip()} %" for view, one in zip(tables, sure, strict=True)
    )
    print(f"≥ {SURE}: {summary}\n")


def interval(one: "Bin") -> str:
    """The confidences of a bin."""
    if one.ceiling is None:
        return f"≥ {one.floor}"
    return f"{one.floor}–{one.ceiling}" if one.floor else f"< {one.ceiling}"


def show_names(figures: dict[str, Any]) -> None:
    """How many named people are stored under their full name, by the type of mention."""
    found = sorted(figures["recall"].items(), key=lambda item: -item[1][1])
    rows = [(kind, total, percent(share)) for kind, (share, total) in found]
    write_rows(("named by", "quoted attributions", "full name stored %"), rows)
    print(f"names: {100 * figures['precision']:.1f} % of those given are right\n")


def show_worst(comparisons: "Sequence[Comparison]", most: int) -> None:
    """The articles with the most errors, and each difference."""
    from worker.evaluation.differences import differences, errors, worst
    from worker.evaluation.excerpt import readable

    for place, each in enumerate(worst(comparisons, most), start=1):
        counts = "; ".join(
            f"{name} {len(view.gold)} gold, {len(view.stored)} stored, {view.right} right"
            for name, view in (("all", each.all), ("quoted", each.quoted))
        )
        print(printable(f"{place}. {each.article.doc}: {errors(each)} errors ({counts})"))
        for difference in differences(each):
            for line in readable(each.article.text, difference):
                print(f"   {printable(line)}")
        print()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval", rich_help_panel=ASK)(evaluate)

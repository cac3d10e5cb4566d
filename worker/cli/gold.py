"""`onrecord export gold`: what people decided about quotations, for `onrecord eval`, `calibrate` and training."""

import json
from enum import StrEnum
from pathlib import Path

from worker.cli.answers import remark
from worker.cli.connection import owner_engine
from worker.cli.errors import Complaint
from worker.cli.output import STANDARD, written
from worker.cli.plural import counted
from worker.cli.saving import format_of
from worker.report.file_format import FileFormat
from worker.report.printable import printable_json


def save_gold(output: Path, chosen: StrEnum | None, *, is_styled: bool) -> None:
    """Write one line for each article with decisions about its quotations, and say how many there are.

    The tables are read as their owner, since readers see no decisions' details and no rejected quotations. `is_styled`:
    options for CSV were given.
    """
    from worker.decisions import gold

    if is_styled:
        raise Complaint("--exact and --bom are for CSV.", "Leave them out.", code=2)

    if output != STANDARD or chosen is not None:
        file_format = format_of(output, chosen) if output.suffix or chosen else FileFormat.JSONL
        if file_format is not FileFormat.JSONL:
            raise Complaint("Gold is JSON lines.", "End the file's name with .jsonl, and leave --format out.", code=2)
    articles = quotations = rejected = 0
    with owner_engine() as engine, written(output) as file, engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        for line in gold.lines(connection):
            articles += 1
            quotations += len(line["quotes"])
            rejected += len(line["rejected"])
            file.write(printable_json(json.dumps(line, ensure_ascii=False)).encode() + b"\n")
    if not articles:
        remark("Nobody has decided about a quotation yet: `onrecord quotes accept` and `fix`, or the page.")
    elif output != STANDARD:
        remark(
            f"{counted(articles, 'article')} in {output}: {counted(quotations, 'quotation')} that people looked at,"
            f" and {rejected:,} that they rejected."
        )

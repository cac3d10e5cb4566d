"""An answer as a Parquet file, a batch of rows at a time."""

from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from worker.report.answer import Answer

ROWS_A_BATCH = 10_000

# PostgreSQL's fixed type numbers (pg_type.dat); anything else is written as text.
TYPES: dict[int, pa.DataType] = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int16(),
    23: pa.int32(),
    25: pa.string(),
    700: pa.float32(),
    701: pa.float64(),
    1009: pa.list_(pa.string()),
    1043: pa.string(),
    1082: pa.date32(),
    1184: pa.timestamp("us", tz="UTC"),
}


def write_parquet(answer: Answer, out: BinaryIO) -> int:
    """Write the answer to `out` (zstd); how many rows there were."""
    schema = pa.schema([(column.name, TYPES.get(column.type_oid, pa.string())) for column in answer.columns])
    known = [column.type_oid in TYPES for column in answer.columns]
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := list(islice(answer.rows, ROWS_A_BATCH)):
            count += len(rows)
            writer.write_batch(pa.record_batch(columns_of(rows, known), schema=schema))
    return count


def columns_of(rows: list[tuple[Any, ...]], known: list[bool]) -> list[list[Any]]:
    """The rows turned into columns; values of unknown types as text."""
    return [
        list(column) if typed else [None if value is None else str(value) for value in column]
        for column, typed in zip(zip(*rows, strict=True), known, strict=True)
    ]

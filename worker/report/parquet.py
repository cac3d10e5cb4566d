"""Writes answers as Parquet, one batch of rows after the other."""

from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from worker.report.answer import Answer, Row

ROWS_A_BATCH = 10_000
"""At most this many rows are held in memory and written at once."""

# The keys are PostgreSQL's fixed type numbers (pg_type.dat). Values of other types are written as text.
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
    """Write the answer to `out`, compressed with zstd; return the number of rows."""
    schema = pa.schema([(column.name, TYPES.get(column.type_oid, pa.string())) for column in answer.columns])
    has_type = [column.type_oid in TYPES for column in answer.columns]
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while rows := list(islice(answer.rows, ROWS_A_BATCH)):
            count += len(rows)
            writer.write_batch(pa.record_batch(transposed(rows, has_type), schema=schema))
    return count


def transposed(rows: list[Row], has_type: list[bool]) -> list[list[object]]:
    """Return the rows as columns. In a column whose type is not in `TYPES`, the values become text."""
    return [
        list(column) if is_typed else [None if value is None else str(value) for value in column]
        for column, is_typed in zip(zip(*rows, strict=True), has_type, strict=True)
    ]

"""Writes the views of the schema `report` as sources of dbt, with what they and their columns mean."""

import json
from collections.abc import Iterable

from worker.report.catalogue import About

HEADING = """\
# Made by `onrecord export dbt-sources` from the comments in the database. Make it anew after an update of Onrecord.
version: 2

sources:
  - name: onrecord
    description: "What people said in the news: read-only views over what Onrecord stored."
    schema: report
    tables:
"""


def sources(rows: Iterable[About]) -> str:
    """Return YAML for dbt: a source `onrecord` with a table for each view. `rows` are in the order of `everything`."""
    lines = [HEADING]
    for row in rows:
        if row.column is None:
            lines.append(f"      - name: {row.view}\n        description: {quoted(row)}\n        columns:\n")
        else:
            lines.append(f"          - name: {row.column}\n            description: {quoted(row)}\n")
            lines.append(f"            data_type: {json.dumps(row.type)}\n")
    return "".join(lines)


def quoted(row: About) -> str:
    """Return what a view or column means as a text of YAML; a text of JSON is one."""
    deprecated = f"Deprecated: {row.deprecated}" if row.deprecated else ""
    return json.dumps(" ".join(filter(None, (row.meaning, deprecated))), ensure_ascii=False)

"""Rows of Python as an Arrow table, the form in which both engines take them without looking at each value."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
from ibis.formats.pyarrow import PyArrowType

from xinheng.engines.questions import Row


def arrow_table(schema: ibis.Schema, rows: Sequence[Row]) -> pa.Table:
    """The rows with the types of the schema; identifiers (UUID) stay the texts they are given as."""
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], pa.string() if kind.is_uuid() else PyArrowType.from_ibis(kind))
            for name, kind in schema.items()
        }
    )

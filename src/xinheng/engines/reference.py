"""Plain Python as an engine: lists of rows, no planning, no cleverness. What it answers is right by definition."""

from collections.abc import Sequence
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.formats.pyarrow import PyArrowSchema

from xinheng.engines.questions import Files, Question, Row


class Reference:
    """Answers questions by their plain form."""

    name = "reference"

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {}

    def read(self, table: str, schema: ibis.Schema, files: Sequence[Files]) -> None:
        """The rows of the files, as Python values."""
        rows: list[Row] = []
        for group in files:
            sources = {name: group.columns.get(name, name) for name in schema.names}
            for path in group.paths:
                held = [name for name in pq.read_schema(path).names if name in sources.values()]
                rows.extend(_typed(pq.read_table(path, columns=held), sources, schema).to_pylist())
        self.tables[table] = rows

    def put(self, table: str, schema: ibis.Schema, rows: Sequence[Row]) -> None:
        self.tables[table] = [{name: row[name] for name in schema.names} for row in rows]

    def answer(self, question: Question) -> list[Row]:
        return question.plain({name: self.tables[name] for name in question.tables})

    def save(self, question: Question, folder: Path) -> None:
        schema = PyArrowSchema.from_ibis(question.expression().schema())
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(self.answer(question), schema=schema), folder / "part-0.parquet")


def _typed(held: pa.Table, sources: dict[str, str | None], schema: ibis.Schema) -> pa.Table:
    columns = []
    for name, target in zip(schema.names, PyArrowSchema.from_ibis(schema), strict=True):
        source = sources[name]
        if source not in held.column_names:
            columns.append(pa.nulls(len(held), target.type))
        elif schema[name].is_uuid():
            columns.append(pa.array([str(value) for value in held.column(source).to_pylist()], pa.string()))
        else:
            columns.append(held.column(source).cast(target.type))
    return pa.table(columns, names=list(schema.names))

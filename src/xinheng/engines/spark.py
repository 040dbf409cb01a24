"""Apache Spark as an engine: the same questions, over files that are too many for one machine.

Needs the extra `spark` (pyspark) and a Java of version 17 or later; nothing else imports this module. Only SQL is
handed over, so that executors need neither Python nor this package.
"""

import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
from ibis.backends.sql.datatypes import PySparkType
from pyspark.sql import DataFrame, SparkSession

from xinheng.engines.arrow import arrow_table
from xinheng.engines.compiling import typed_spark_sql
from xinheng.engines.duck import DEFAULT_MEMORY
from xinheng.engines.questions import Files, Question, Row

LOCAL = "local[2]"
LOOPBACK = "127.0.0.1"
SETTINGS = {
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # Larger broadcasts thrashed the memory of small executors.
    "spark.sql.autoBroadcastJoinThreshold": "10MB",
    "spark.sql.shuffle.partitions": "32",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class Spark:
    """Answers questions in one Spark session; `session` is that session."""

    name = "spark"

    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def read(self, table: str, schema: ibis.Schema, files: Sequence[Files]) -> None:
        """Parquet files as a view with these columns, each cast to its type."""
        found = [self._frame(schema, group) for group in files]
        whole = found[0] if found else self._small(schema, [])
        for frame in found[1:]:
            whole = whole.unionAll(frame)
        whole.createOrReplaceTempView(table)

    def put(self, table: str, schema: ibis.Schema, rows: Sequence[Row]) -> None:
        """A small table out of rows; identifiers (UUID) are texts."""
        self._small(schema, rows).createOrReplaceTempView(table)

    def answer(self, question: Question) -> list[Row]:
        """The rows of the answer, in any order."""
        return [row.asDict() for row in self.session.sql(typed_spark_sql(question.expression())).collect()]

    def save(self, question: Question, folder: Path) -> None:
        """Write the answer as Parquet files into a folder that does not exist yet."""
        self.session.sql(typed_spark_sql(question.expression())).write.parquet(str(folder))

    def _small(self, schema: ibis.Schema, rows: Sequence[Row]) -> DataFrame:
        # As Arrow, which executors read by themselves; a list of rows would start a Python beside each of them.
        return self.session.createDataFrame(arrow_table(schema, rows), _declared(schema))

    def _frame(self, schema: ibis.Schema, files: Files) -> DataFrame:
        sources = {name: files.columns.get(name, name) for name in schema.names}
        # Spark refuses to guess the type of an identifier (UUID), but reads its sixteen bytes when told to.
        wanted = {source: _stored(schema[name]) for name, source in sources.items() if source}
        declared = ", ".join(f"`{source}` {kind}" for source, kind in wanted.items())
        frame = self.session.read.schema(declared).parquet(*map(str, files.paths))
        return frame.selectExpr(*(_column(name, sources[name], schema[name]) for name in schema.names))


def _declared(schema: ibis.Schema) -> str:
    return ", ".join(f"`{name}` {PySparkType.to_string(kind)}" for name, kind in schema.items())


def _stored(kind: ibis.DataType) -> str:
    return "BINARY" if kind.is_uuid() else str(PySparkType.to_string(kind))


def _column(name: str, source: str | None, kind: ibis.DataType) -> str:
    value = f"`{source}`" if source else "NULL"
    if source and kind.is_uuid():
        dashed = "'^(.{8})(.{4})(.{4})(.{4})(.{12})$', '$1-$2-$3-$4-$5'"
        value = f"regexp_replace(lower(hex({value})), {dashed})"
    return f"CAST({value} AS {PySparkType.to_string(kind)}) AS `{name}`"


@contextmanager
def spark(tmp: Path, *, master: str | None = None, memory: str | None = None) -> Iterator[Spark]:
    """An engine with a session of its own and a folder to spill into, both gone afterwards.

    `master` is a Spark master: `local[2]` unless given, `local-cluster[2,1,2048]` for two executors in processes of
    their own, or the address of a cluster. A driver on this machine gets the memory of DuckDB
    (`XINHENG_ENGINE_MEMORY`).
    """
    if SparkSession.getActiveSession() is not None:
        # Spark would give out the session that is open, whatever master was asked for.
        raise RuntimeError("a process has one Spark session at a time, and one is open")
    where = master or LOCAL
    folder = tmp / f"spark-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    builder = SparkSession.builder.master(where).appName("xinheng")
    for name, value in {**SETTINGS, **_places(where, folder, memory)}.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield Spark(session)
    finally:
        session.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _places(master: str, folder: Path, memory: str | None) -> Mapping[str, str]:
    """Where things lie; for a cluster its own configuration says so."""
    if not master.startswith("local"):
        return {}
    limit = memory or os.environ.get("XINHENG_ENGINE_MEMORY", DEFAULT_MEMORY)
    # Without this the driver asks the name service for its own name, which may answer with an outer address.
    os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    return {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.memory": limit.lower().removesuffix("b"),
        "spark.executor.memory": "1g",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }

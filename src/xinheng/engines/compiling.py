"""SQL for expressions over tables that need not exist yet, so that it can be kept and used again."""

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.compilers import pyspark
from ibis.backends.sql.datatypes import DuckDBType, PySparkType

ROW_NO = "row_no"


def text_table(name: str, columns: tuple[str, ...]) -> ir.Table:
    """A table by name only: `row_no` and text columns, as intake lands them."""
    return ibis.table({ROW_NO: "int64", **dict.fromkeys(columns, "string")}, name=name)


def duckdb_sql(expression: ir.Table) -> str:
    """The SQL of an expression; selects stay nested, so that shared columns are computed once."""
    ibis.options.sql.fuse_selects = False
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))


def typed_duckdb_sql(expression: ir.Table) -> str:
    """As `duckdb_sql`, with every column cast to the type Ibis promises.

    DuckDB sums integers into HUGEINT, which would land in Parquet as DOUBLE.
    """
    columns = ", ".join(
        f'CAST("{name}" AS {DuckDBType.to_string(kind)}) AS "{name}"' for name, kind in expression.schema().items()
    )
    return f"SELECT {columns} FROM ({duckdb_sql(expression)})"


def typed_spark_sql(expression: ir.Table) -> str:
    """The same for Spark, which needs no package of Spark to be written."""
    ibis.options.sql.fuse_selects = False
    inner = pyspark.compiler.to_sqlglot(expression).sql(dialect=pyspark.compiler.dialect)
    columns = ", ".join(
        f"CAST(`{name}` AS {PySparkType.to_string(kind)}) AS `{name}`" for name, kind in expression.schema().items()
    )
    return f"SELECT {columns} FROM ({inner})"

"""How accepted rows are laid together: by remainder of the subject number, then by subject, newest day first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xinheng.base.errors import Refused
from xinheng.engines.duck import Duck
from xinheng.ledger.models import FileKind
from xinheng.ledger.writing import DataFolder, WrittenFile

LEAF_ROWS = 32_768
"""Rows a clustered file should hold: a look-up opens one of each type, and reads its footer and one row group."""
LARGEST_MODULUS = 256
SMALLEST_GROUP, LARGEST_GROUP = 2_048, 10_240
"""Rows of a row group; DuckDB writes multiples of 2048."""
GROUPS_OF_A_FILE = 16


@dataclass(frozen=True)
class Clustered:
    """A written file with what the manifest says of it."""

    file: WrittenFile
    remainder: int
    first_batch: int
    last_batch: int


def modulus_for(rows: int) -> int:
    """Into how many parts so many rows of one type are divided: a power of two, so that parts can be halved."""
    modulus = 1
    while modulus < LARGEST_MODULUS and rows > modulus * LEAF_ROWS:
        modulus *= 2
    return modulus


def cluster(
    engine: Duck, sources: Sequence[Path], rows: int, modulus: int, day: str, folder: DataFolder
) -> tuple[Clustered, ...]:
    """Write the rows of these files anew, one file for each remainder that has rows; refuses when one row differs.

    `rows` is how many there must be, `day` the column of the day if there is one.
    """
    listed = _listed(sources)
    columns = [name for name, *_ in engine.rows(f"DESCRIBE SELECT * FROM read_parquet({listed}, union_by_name = true)")]
    order = "subject_no, " + (f'"{day}" DESC, ' if day in columns else "") + "batch_no, row_no"
    engine.raw.execute(
        f"CREATE OR REPLACE TEMP TABLE gathered AS SELECT *, coalesce(subject_no, 0) % {modulus} AS part "
        f"FROM read_parquet({listed}, union_by_name = true) ORDER BY part"
    )
    parts = engine.rows(
        "SELECT part, count(*), min(subject_no), max(subject_no), min(batch_no), max(batch_no) "
        "FROM gathered GROUP BY part ORDER BY part"
    )
    written = []
    for part, count, first, last, first_batch, last_batch in parts:
        path = folder.place(f"bucket={part:03d}.parquet")
        engine.write(
            f"SELECT * EXCLUDE (part) FROM gathered WHERE part = {part} ORDER BY {order}",
            path,
            row_group=_group_rows(count),
        )
        file = folder.add(FileKind.ACCEPTED, path, count, subjects=(first, last))
        written.append(Clustered(file, part, first_batch, last_batch))
    engine.raw.execute("DROP TABLE gathered")
    _prove(engine, listed, _listed([folder.home.root / one.file.path for one in written]), rows)
    folder.settle()
    return tuple(written)


def _group_rows(rows: int) -> int:
    wanted = -(-rows // GROUPS_OF_A_FILE // SMALLEST_GROUP) * SMALLEST_GROUP
    return max(SMALLEST_GROUP, min(LARGEST_GROUP, wanted))


def _prove(engine: Duck, before: str, after: str, rows: int) -> None:
    """Every row is there once: as many as the manifest says, and the same ones."""
    told = (
        "SELECT count(*), sum(CAST(hash(batch_no, row_no, key_hash, content_hash) AS HUGEINT)) "
        "FROM read_parquet({}, union_by_name = true)"
    )
    was, now = engine.one(told.format(before)), engine.one(told.format(after))
    if was != now or now[0] != rows:
        raise Refused(
            f"整理账本时行数对不上：清单 {rows} 行，原文件 {was[0]} 行，新文件 {now[0]} 行。",
            "账本没有改动。请运行 xinheng doctor 检查文件。",
        )


def _listed(paths: Sequence[Path]) -> str:
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"

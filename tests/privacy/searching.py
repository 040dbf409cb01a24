"""Looking for planted words in everything a deployment keeps: files, inside of files, and the database."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from django.db import connection


def spellings(word: str) -> set[bytes]:
    """The bytes by which a word could stand somewhere."""
    return {word.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le")}


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's bytes, and where it is packed also what is inside."""
    data = path.read_bytes()
    yield str(path), data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield f"{path}!{name}", archive.read(name)
    if data.startswith(b"PAR1"):
        table = pq.read_table(path)
        for name in table.column_names:
            texts = (str(cell) for cell in table.column(name).to_pylist() if cell is not None)
            yield f"{path}#{name}", "\n".join(texts).encode()


def found_in_files(folder: Path, words: list[str]) -> list[str]:
    """Where under a folder a word stands, as `file: word`; the names of files count too."""
    found = []
    for path in folder.rglob("*"):
        parts = [(str(path), path.name.encode())]
        parts += list(contents(path)) if path.is_file() else []
        for where, data in parts:
            found += [f"{where}: {word}" for word in words if any(form in data for form in spellings(word))]
    return found


def found_in_database(words: list[str]) -> list[str]:
    """Where in any table of the database a word stands, as `table: word`; binary columns are searched too."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog')")
        for schema, table in cursor.fetchall():
            if schema == "information_schema":
                continue
            with cursor.copy(f'COPY (SELECT * FROM "{schema}"."{table}") TO STDOUT') as copy:
                dump = b"".join(bytes(block) for block in copy)
            for word in words:
                forms = spellings(word) | {form.hex().encode() for form in spellings(word)}
                found += [f"{table}: {word}"] if any(form in dump for form in forms) else []
    return found

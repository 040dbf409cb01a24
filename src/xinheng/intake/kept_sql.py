"""The SQL of a contract is written once and kept on disk, since writing it takes longer than judging a small file.

A file is only believed where it was made of the same contract by the same program, and is whole; any other is written
anew. It holds no data: days, codes of departments and secrets come into the SQL when it is used.
"""

import hashlib
import json
import os
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from xinheng.catalogue.contract import Contract

PACKAGES = ("base", "catalogue", "engines", "intake")
"""What writes the SQL; a change of any of their files makes all that was kept old."""


def kept(what: str, contract: Contract, write: Callable[[], Any]) -> Any:
    """What `write` gives for this contract (as JSON knows it), from disk where it was written before."""
    path = settings.HOME.cache / f"{contract.pack}.{contract.key}.{what}.json"
    made_of = hashlib.sha256(f"{_program()}\n{what}\n{contract!r}".encode()).hexdigest()
    body = _read(path, made_of)
    if body is None:
        body = json.dumps(write(), ensure_ascii=False)
        _keep(path, made_of, body)
    return json.loads(body)


def _read(path: Path, made_of: str) -> str | None:
    try:
        first, _, body = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return body if first == _heading(made_of, body) else None


def _keep(path: Path, made_of: str, body: str) -> None:
    # A disk that takes no more is told about where something is lost by it.
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part.write_text(f"{_heading(made_of, body)}\n{body}", "utf-8")
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _heading(made_of: str, body: str) -> str:
    return f"{made_of} {hashlib.sha256(body.encode()).hexdigest()}"


@cache
def _program() -> str:
    """The releases and the files of ours that decide what the SQL is."""
    releases = [sys.version, *(version(package) for package in ("ibis-framework", "sqlglot", "duckdb"))]
    digest = hashlib.sha256("\n".join(releases).encode())
    ours = Path(__file__).parent.parent
    for package in PACKAGES:
        for path in sorted((ours / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()

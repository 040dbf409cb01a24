"""The answer sheet: what was planted in which row of which file, told apart from any checking code."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from xinheng.demo.decisions import Row
from xinheng.demo.dirty import Planted


@dataclass
class FileAnswers:
    """The account of one file, kept while it is written."""

    keep: bool
    rows: int = 0
    persons: int = 0
    """Rows about natural persons that no fault refuses."""
    outcomes: Counter[str] = field(default_factory=Counter)
    planted: list[Planted] = field(default_factory=list)

    def note(self, row: Row, planted: Planted | None) -> None:
        """Count one written row."""
        self.rows += 1
        refused = planted is not None and planted.outcome == "rejected"
        if "person_id_no" in row and not refused:
            self.persons += 1
        if planted:
            self.outcomes[planted.outcome] += 1
            if self.keep:
                self.planted.append(planted)


class Sheet:
    """Writes the answers of one file after the other."""

    def __init__(self, file: TextIO | None) -> None:
        self._file = file
        self._first = True

    @property
    def wanted(self) -> bool:
        return self._file is not None

    def add(self, *, path: Path, record_type: str, department: str, delivered_on: date, answers: FileAnswers) -> None:
        """One file's account: counts first, then every planted fault by row."""
        if not self._file:
            return
        account = {
            "path": path.name,
            "type": record_type,
            "department": department,
            "delivered_on": delivered_on.isoformat(),
            "rows": answers.rows,
            "persons": answers.persons,
            "outcomes": dict(sorted(answers.outcomes.items())),
            "planted": [[p.row, p.column, p.fault, p.outcome, list(p.checks)] for p in answers.planted],
        }
        self._file.write(("" if self._first else ",\n") + json.dumps(account, ensure_ascii=False))
        self._first = False


@contextmanager
def answer_sheet(path: Path | None, *, seed: int, as_at: date, scale: float) -> Iterator[Sheet]:
    """A sheet in that file, or one that writes nothing."""
    if path is None:
        yield Sheet(None)
        return
    with path.open("w", encoding="utf-8", newline="\n") as file:
        head = {"seed": seed, "as_at": as_at.isoformat(), "scale": scale}
        file.write(json.dumps(head)[:-1] + ', "files": [\n')
        yield Sheet(file)
        file.write("\n]}\n")

"""Commands called in this process, on the test's own home and database."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from xinheng.site.command import run


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def xinheng(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command; the database is up already."""

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        code = run([str(one) for one in arguments], prepare=lambda needs, help_only: None)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call

"""A small county, written once for all tests of this folder."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from xinheng.demo.county import DemoFile, write_county_files

SCALE = 0.015


@dataclass(frozen=True)
class County:
    folder: Path
    files: list[DemoFile]


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    folder = tmp_path_factory.mktemp("county")
    return County(folder, write_county_files(folder, scale=SCALE, with_answers=True))

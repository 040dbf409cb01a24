"""A home with a master key, and a department that sends rows about persons."""

from pathlib import Path

import pytest
from vault_world import NOW, OFFICER

from xinheng.base.home import Home
from xinheng.people.actions import create_department, create_region
from xinheng.people.models import Department
from xinheng.vault.keys import MasterKey, create_master_key


@pytest.fixture
def master(home: Home) -> MasterKey:
    return create_master_key(home)


@pytest.fixture
def department(db: None, master: MasterKey) -> Department:
    region = create_region(code="990001", name="演示省幻海市云屿县", short_name="云屿县", by=OFFICER, now=NOW)
    return create_department(
        region=region,
        code="11990001000001740Y",
        name="云屿县教育局",
        short_name="县教育局",
        by=OFFICER,
        now=NOW,
    )


@pytest.fixture
def clear_file(tmp_path: Path) -> Path:
    path = tmp_path / "clear.bin"
    path.write_bytes(bytes(range(256)) * 10_000)
    return path

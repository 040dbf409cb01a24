"""A small pack on disk, for tests that need a contract nobody ships."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import read_contracts
from xinheng.rulebook.loader import PACKS, load_pack

ITEMS = """\
description: 测试
items:
  - {key: penalty, number: "3.2", title: 行政处罚信息, verified: true, citation: 测试目录}
"""
LAW = """\
key: test-law
title: 测试办法
document_no: 测试〔2026〕1号
provisions:
  - {article: 第一条, verified: true}
"""
LIST = """\
key: outcomes
title: 结果
citation: 测试
verified: false
values: [合格, 不合格]
"""
CONTRACT = """\
key: sample
title: 测试信息
edition: 测试
item: penalty
publicity: public
publication_rule: penalty
persons: refused
register: true
citation: 测试
verified: false
valid_since: 2026-01-01
update_cycle: 每日
supplier: 各部门
key_fields: [number, subject]
roles: {subject_name: name}
fields:
  - {name: name, label: 主体名称, type: text, published: true, item: penalty, provision: "test-law#第一条"}
  - {name: number, label: 文书号, type: text, required: always, item: penalty, provision: "test-law#第一条"}
"""
EXTRA = '  - {{name: {name}, label: {label}, type: text, item: penalty, provision: "test-law#第一条"{more}}}\n'


@dataclass(frozen=True)
class County:
    """A pack `county` with one contract `sample` under the shipped boundaries."""

    root: Path
    contract: str = CONTRACT

    def extra(self, name: str = "extra", label: str = "其他内容", more: str = "") -> str:
        """One more field, with a basis, in the YAML of the contract."""
        return EXTRA.format(name=name, label=label, more=f", {more}" if more else "")

    def write(self, name: str, text: str) -> None:
        """One file of the pack."""
        path = self.root / "county" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, contract: str | None = None) -> Contract:
        """The contract as the reader understands it."""
        if contract is not None:
            self.write("catalogue/sample.yaml", contract)
        return read_contracts(load_pack("county", self.root))["sample"]


@pytest.fixture
def county(tmp_path: Path) -> County:
    county = County(tmp_path / "packs")
    boundaries = (PACKS / "national" / "boundaries.yaml").read_text(encoding="utf-8")
    county.write("pack.yaml", "key: county\ntitle: 测试县\n")
    county.write("boundaries.yaml", boundaries)
    county.write("catalogue/items.yaml", ITEMS)
    county.write("catalogue/lists/outcomes.yaml", LIST)
    county.write("law/test-law.yaml", LAW)
    county.write("catalogue/sample.yaml", CONTRACT)
    return county

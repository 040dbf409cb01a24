"""The example of the how-to page is a contract that the reader accepts."""

import re
import textwrap
from pathlib import Path

from xinheng.catalogue.contracts import read_contracts
from xinheng.catalogue.headers import match_headers
from xinheng.rulebook.loader import PACKS, load_pack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-record-type.md"


def test_the_record_type_of_the_page_can_be_added_as_it_stands(tmp_path: Path) -> None:
    block = re.search(r"\n\n((?: {7}.*\n)+)", PAGE.read_text(encoding="utf-8"))
    assert block
    packs = tmp_path / "packs"
    (packs / "own" / "catalogue").mkdir(parents=True)
    (packs / "national").symlink_to(PACKS / "national")
    (packs / "own" / "pack.yaml").write_text("key: own\ntitle: 本县\nparent: national\n", encoding="utf-8")
    path = packs / "own" / "catalogue" / "pledge.yaml"
    path.write_text(textwrap.dedent(block[1]), encoding="utf-8")
    contract = read_contracts(load_pack("own", packs))["pledge"]
    assert contract.title == "动产抵押登记信息"
    assert match_headers(["序号", "主体名称", "统一社会信用代码", "登记编号"], contract).clear

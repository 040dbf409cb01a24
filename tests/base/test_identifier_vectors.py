"""Our verdicts beside those of other projects' tests, of python-stdnum and of real registry exports.

`docs/reference/identifiers.md` explains each disagreement; it lists exactly the ones found here.
"""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from stdnum.cn import uscc

from xinheng.base.identifiers.credit_code import Oddity, inspect, make
from xinheng.base.identifiers.credit_code_tables import Kind

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "identifiers.md"

pytestmark = pytest.mark.realdata


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def documented(heading: str) -> set[str]:
    """The shortened codes in the first column of the table under a heading."""
    section = REFERENCE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)`", section, flags=re.MULTILINE))


def shortened(code: str) -> str:
    return f"{code[:4]}…{code[-5:]}"


def test_other_projects_tests_agree_with_us(real_data: Path) -> None:
    vectors = rows(real_data / "uscc_vectors_peers.csv")
    meaning = {"无效": False, "校验位不符": False, "有效": True, "去空格后有效": True, "格式有效": True}

    assert len(vectors) == 224
    assert [row["代码"] for row in vectors if inspect(row["代码"]).valid != meaning[row["同行预期"]]] == []
    pilot = [row["代码"] for row in vectors if row["原因"] == "福建早期试点代码"]
    assert {inspect(code).kind for code in pilot} == {Kind.EARLY_PILOT}


def test_disagreements_with_python_stdnum_are_the_documented_ones(real_data: Path) -> None:
    differing = {
        shortened(row["代码"])
        for row in rows(real_data / "uscc_vectors_peers.csv")
        if inspect(row["代码"]).genuine != uscc.is_valid(row["代码"])
    }

    assert len(differing) == 4
    assert differing == documented("Disagreements with python-stdnum")


def test_python_stdnum_does_not_look_at_the_organisation_part_and_refuses_letters_in_front(
    real_data: Path,
) -> None:
    differing = Counter(
        inspect(row["统一社会信用代码"]).kind
        for name in ("random", "full", "dirty", "conflicts")
        for row in rows(real_data / f"orgs_registry_{name}.csv")
        if inspect(row["统一社会信用代码"]).genuine != uscc.is_valid(row["统一社会信用代码"])
    )

    assert set(differing) == {Kind.WRONG_ORGANISATION_PART}
    assert not uscc.is_valid(make("N2", "370102", "MF000000"))


def test_a_registry_export_is_almost_entirely_valid(real_data: Path) -> None:
    found = Counter(inspect(row["统一社会信用代码"]).kind for row in rows(real_data / "orgs_registry_random.csv"))

    assert found[Kind.VALID] == 43_364
    assert found[Kind.REGISTRATION_NUMBER] == 122
    assert found[Kind.WRONG_CHECK_DIGIT] == 4
    assert found[Kind.CITIZEN_NUMBER] == 0


def test_the_tags_of_the_dirty_export_agree_with_ours(real_data: Path) -> None:
    meaning = {
        "code:old_reg15": {Kind.REGISTRATION_NUMBER},
        "code:badcheck": {Kind.WRONG_CHECK_DIGIT},
        "code:len13": {Kind.REGISTRATION_NUMBER_13},
    }
    wrong = [
        (tag, row["统一社会信用代码"])
        for row in rows(real_data / "orgs_registry_dirty.csv")
        for tag in row["异常标签"].split(";")
        if tag in meaning and inspect(row["统一社会信用代码"]).kind not in meaning[tag]
    ]

    assert wrong == []


def test_every_printed_code_and_number_of_the_registry_details_is_recognised(real_data: Path) -> None:
    details = rows(real_data / "registry_detail_shandong_fujian.csv")

    assert {inspect(row["统一社会信用代码"]).kind for row in details} == {Kind.VALID, Kind.EMPTY}
    assert {inspect(row["组织机构代码"]).kind for row in details} <= {Kind.ORGANISATION_CODE, Kind.EMPTY}
    numbers = Counter(inspect(row["注册号"]).kind for row in details if row["注册号"].isdigit())
    assert (numbers[Kind.REGISTRATION_NUMBER], numbers[Kind.REGISTRATION_NUMBER_13]) == (2_603, 10)
    assert numbers.keys() <= {Kind.REGISTRATION_NUMBER, Kind.REGISTRATION_NUMBER_13, Kind.WRONG_LENGTH}
    odd = sum(Oddity.OTHER_CHECK_DIGIT in inspect(row["注册号"]).warnings for row in details)
    assert odd == 13
